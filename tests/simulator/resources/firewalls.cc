#include <functional>

#include "tests/simulator/resources/resources.h"
#include "tests/simulator/transitions.h"

namespace tkn::simulator {
namespace {

Json RulesIn(const Json& sent, int64_t version) {
  if (!sent.is_object()) throw BadRequest("rules must be an object", "rules");
  Json rules = Json::object();
  for (const std::string side : {"inbound", "outbound"}) {
    const Json list = sent.value(side, Json());
    if (!list.is_null() && !list.is_array()) throw BadRequest("Must be a list", "rules." + side);
    for (size_t i = 0; list.is_array() && i < list.size(); ++i) {
      const std::string at = "rules." + side + "[" + std::to_string(i) + "]";
      const std::string protocol = Text(list[i], "protocol");
      if (protocol != "TCP" && protocol != "UDP" && protocol != "ICMP" && protocol != "IPENCAP") {
        throw BadRequest("Must be one of TCP, UDP, ICMP, IPENCAP", at + ".protocol");
      }
      const std::string action = Text(list[i], "action");
      if (action != "ACCEPT" && action != "DROP") {
        throw BadRequest("Must be ACCEPT or DROP", at + ".action");
      }
    }
    rules[side] = list;
    const std::string policy = Text(sent, side + "_policy");
    if (policy != "ACCEPT" && policy != "DROP") {
      throw BadRequest("Must be ACCEPT or DROP", "rules." + side + "_policy");
    }
    rules[side + "_policy"] = policy;
  }
  rules["version"] = version;
  const std::string hash = std::to_string(std::hash<std::string>{}(ToText(rules)));
  rules["fingerprint"] = ("0000000" + hash).substr(hash.size() - 1, 8);
  return rules;
}

Json EntityOf(Call& call, int64_t linode) {
  const Object* instance = call.world.In("instances").Find(linode);
  if (instance == nullptr) throw BadRequest("devices.linodes is not valid", "devices.linodes");
  return InstanceEntity(*instance);
}

void Create(Call& call, Object& wall) {
  const std::string label = Text(call.body, "label");
  CheckLength(label, 3, 32, "label");
  if (!Has(call.body, "rules")) throw BadRequest("rules is required", "rules");
  wall.body["label"] = label;
  wall.body["created"] = call.world.Now();
  wall.body["updated"] = call.world.Now();
  wall.body["status"] = "enabled";
  wall.body["rules"] = RulesIn(call.body.at("rules"), 1);
  wall.body["tags"] = Strings(call.body, "tags");
  Json entities = Json::array();
  if (Has(call.body, "devices") && call.body.at("devices").is_object()) {
    for (const Json& id : call.body.at("devices").value("linodes", Json::array())) {
      entities.push_back(EntityOf(call, id.get<int64_t>()));
    }
  }
  wall.body["entities"] = std::move(entities);
}

void Update(Call& call, Object& wall) {
  const std::string status = Text(call.body, "status", wall.body["status"].get<std::string>());
  if (status != "enabled" && status != "disabled")
    throw BadRequest("status is not valid", "status");
  if (Has(call.body, "label")) {
    const std::string label = Text(call.body, "label");
    CheckLength(label, 3, 32, "label");
    wall.body["label"] = label;
  }
  if (Has(call.body, "tags")) wall.body["tags"] = Strings(call.body, "tags");
  wall.body["status"] = status;
  wall.body["updated"] = call.world.Now();
}

Object& Owner(Call& call) { return call.world.In("firewalls").Get(call.Id(0)); }

Json SetRules(Call& call) {
  Object& wall = Owner(call);
  const auto version = wall.body["rules"]["version"].get<int64_t>();
  wall.body["rules"] = RulesIn(call.body, version + 1);
  wall.body["updated"] = call.world.Now();
  return wall.body["rules"];
}

// A device's id is the Linode's: each can be in a firewall once.
Json Device(const Object& wall, const Json& entity) {
  Json device = Json::object();
  device["id"] = entity.at("id");
  device["entity"] = entity;
  device["created"] = wall.body["created"];
  device["updated"] = wall.body["updated"];
  return device;
}

Json Devices(Call& call) {
  const Object& wall = Owner(call);
  std::vector<Json> devices;
  for (const Json& entity : wall.body["entities"]) devices.push_back(Device(wall, entity));
  return Listing(call.request, std::move(devices), {});
}

Json AddDevice(Call& call) {
  Object& wall = Owner(call);
  if (Text(call.body, "type") != "linode") throw BadRequest("type is not valid", "type");
  const Json entity = EntityOf(call, Integer(call.body, "id", 0));
  for (const Json& old : wall.body["entities"]) {
    if (old["id"] == entity["id"]) throw BadRequest("The device is in this firewall already", "id");
  }
  wall.body["entities"].push_back(entity);
  return Device(wall, entity);
}

Json RemoveDevice(Call& call) {
  Json& entities = Owner(call).body["entities"];
  for (size_t i = 0; i < entities.size(); ++i) {
    if (entities[i]["id"] != call.Id(1)) continue;
    entities.erase(i);
    return Json::object();
  }
  throw NotFound();
}

}  // namespace

void AddFirewalls(Router& router) {
  const std::string path = "/networking/firewalls";
  AddCrud(router, {.path = path,
                   .collection = "firewalls",
                   .scope = "firewall",
                   .filterable = {"id", "label", "tags", "status"},
                   .create = Create,
                   .update = Update,
                   .remove = [](Call&, Object&) {}});
  const std::string reads = "firewall:read_only";
  const std::string writes = "firewall:read_write";
  router.Add(
      {"GET", path + "/{}/rules", reads, {}, [](Call& call) { return Owner(call).body["rules"]; }});
  router.Add({"PUT", path + "/{}/rules", writes, {}, SetRules});
  router.Add({"GET", path + "/{}/devices", reads, {}, Devices});
  router.Add({"POST", path + "/{}/devices", writes, {}, AddDevice});
  router.Add({"DELETE", path + "/{}/devices/{}", writes, {}, RemoveDevice});
}

}  // namespace tkn::simulator
