#include <algorithm>

#include "tests/simulator/resources/resources.h"
#include "tests/simulator/transitions.h"

namespace tkn::simulator {
namespace {

Object& Owner(Call& call) { return call.world.In("instances").Get(call.Id(0)); }

bool IsPrivate(const std::string& address) { return address.starts_with("192.168."); }

Json Address(const Object& instance, const std::string& address) {
  const bool open = !IsPrivate(address);
  std::string dashed = address;
  std::replace(dashed.begin(), dashed.end(), '.', '-');
  const Json names = instance.hidden.value("rdns", Json::object());
  Json entry = Json::object();
  entry["address"] = address;
  entry["gateway"] = open ? Json(address.substr(0, address.rfind('.')) + ".1") : Json();
  entry["subnet_mask"] = open ? "255.255.255.0" : "255.255.128.0";
  entry["prefix"] = open ? 24 : 17;
  entry["type"] = "ipv4";
  entry["public"] = open;
  entry["rdns"] = open ? names.value(address, Json(dashed + ".ip.linodeusercontent.com")) : Json();
  entry["linode_id"] = instance.id;
  entry["interface_id"] = nullptr;
  entry["region"] = instance.body["region"];
  entry["vpc_nat_1_1"] = nullptr;
  entry["reserved"] = false;
  entry["assigned_entity"] = InstanceEntity(instance);
  return entry;
}

Json Address6(const Object& instance, const std::string& address, int prefix, bool open) {
  Json entry = Address(instance, address);
  entry["gateway"] = "fe80::1";
  entry["subnet_mask"] = "ffff:ffff:ffff:ffff::";
  entry["prefix"] = prefix;
  entry["type"] = "ipv6";
  entry["public"] = open;
  entry["rdns"] = nullptr;
  return entry;
}

Json List(Call& call) {
  const Object& instance = Owner(call);
  Json v4 = Json::object();
  for (const char* kind : {"public", "private", "shared", "reserved", "vpc"})
    v4[kind] = Json::array();
  for (const Json& item : instance.body["ipv4"]) {
    const std::string address = item;
    Json entry = Address(instance, address);
    for (const auto& [id, reserved] : call.world.In("reserved_ips").objects()) {
      if (reserved.body["address"] == address && reserved.body["linode_id"] == instance.id) {
        entry["reserved"] = true;
        v4["reserved"].push_back(entry);
      }
    }
    v4[IsPrivate(address) ? "private" : "public"].push_back(std::move(entry));
  }
  for (const Json& item : instance.hidden.value("shared", Json::array())) {
    v4["shared"].push_back(Address(instance, item.get<std::string>()));
  }
  std::string slaac = instance.body["ipv6"];
  slaac.resize(std::min(slaac.find('/'), slaac.size()));
  const std::string local = "fe80:" + slaac.substr(std::min(slaac.find("::"), slaac.size()));
  Json v6 = Json::object();
  v6["slaac"] = Address6(instance, slaac, 64, true);
  v6["link_local"] = Address6(instance, local, 64, false);
  v6["global"] = Json::array();
  v6["vpc"] = Json::array();
  Json both = Json::object();
  both["ipv4"] = std::move(v4);
  both["ipv6"] = std::move(v6);
  return both;
}

Json Add(Call& call) {
  Object& instance = Owner(call);
  RequireIdle(instance);
  if (Text(call.body, "type") != "ipv4") throw BadRequest("type is not valid", "type");
  Json& addresses = instance.body["ipv4"];
  std::string address;
  if (Flag(call.body, "public", true)) {
    address = call.world.NextAddress();
    if (std::find(addresses.begin(), addresses.end(), address) != addresses.end()) {
      throw BadRequest("Additional IPv4 addresses require technical justification.");
    }
  } else {
    address = "192.168." + std::to_string(128 + instance.id / 254 % 128) + "." +
              std::to_string(1 + instance.id % 254);
    if (std::find(addresses.begin(), addresses.end(), address) != addresses.end()) {
      throw BadRequest("Linodes can only have one private IPv4 address.");
    }
  }
  addresses.push_back(address);
  return Address(instance, address);
}

const std::string& NamedAddress(Call& call) {
  const Json& addresses = Owner(call).body["ipv4"];
  const std::string& wanted = call.args.at(1);
  if (std::find(addresses.begin(), addresses.end(), wanted) == addresses.end()) throw NotFound();
  return wanted;
}

Json SetName(Call& call) {
  const std::string& address = NamedAddress(call);
  Object& instance = Owner(call);
  if (Has(call.body, "rdns")) {
    instance.hidden["rdns"][address] = Text(call.body, "rdns");
  } else if (instance.hidden.contains("rdns")) {
    instance.hidden["rdns"].erase(address);
  }
  return Address(instance, address);
}

Json Remove(Call& call) {
  const std::string address = NamedAddress(call);
  Json& addresses = Owner(call).body["ipv4"];
  if (IsPrivate(address)) throw BadRequest("A private IPv4 address cannot be removed.");
  const auto open = std::count_if(addresses.begin(), addresses.end(), [](const Json& one) {
    return !IsPrivate(one.get<std::string>());
  });
  if (open < 2) throw BadRequest("A Linode must keep one public IPv4 address.");
  addresses.erase(std::find(addresses.begin(), addresses.end(), address));
  return Json::object();
}

// The whole list of addresses that a Linode has besides its own; an empty one ends sharing.
Json Share(Call& call) {
  if (!Has(call.body, "linode_id")) throw BadRequest("linode_id is required", "linode_id");
  Object* instance = call.world.In("instances").Find(Integer(call.body, "linode_id", 0));
  if (instance == nullptr) throw BadRequest("linode_id is not valid", "linode_id");
  const Json wanted = Strings(call.body, "ips");
  for (const Json& address : wanted) {
    bool known = false;
    for (const auto& [id, other] : call.world.In("instances").objects()) {
      const Json& own = other.body["ipv4"];
      known =
          known || (id != instance->id && std::find(own.begin(), own.end(), address) != own.end());
    }
    if (!known) throw BadRequest("ips is not valid", "ips");
  }
  instance->hidden["shared"] = wanted;
  return Json::object();
}

// Collections that are always empty here, or follow from others.
Json Empty(Call& call) {
  Owner(call);
  return Listing(call.request, {}, {});
}

Json Firewalls(Call& call) {
  const int64_t id = Owner(call).id;
  std::vector<Json> found;
  for (const auto& [number, wall] : call.world.In("firewalls").objects()) {
    for (const Json& entity : wall.body["entities"]) {
      if (entity["id"] == id) found.push_back(wall.body);
    }
  }
  return Listing(call.request, std::move(found), {});
}

}  // namespace

void AddInstanceIps(Router& router) {
  const std::string all = "/linode/instances/{}/ips";
  const std::string one = all + "/{}";
  const std::string reads = "linodes:read_only";
  const std::string writes = "linodes:read_write";
  router.Add({"GET", all, reads, {}, List});
  router.Add({"POST", all, writes, {}, Add});
  router.Add(
      {"GET", one, reads, {}, [](Call& call) { return Address(Owner(call), NamedAddress(call)); }});
  router.Add({"PUT", one, writes, {}, SetName});
  router.Add({"DELETE", one, writes, {}, Remove});
  router.Add({"POST", "/networking/ips/share", "ips:read_write", {}, Share});
  router.Add({"GET", "/linode/instances/{}/firewalls", reads, {}, Firewalls});
  router.Add({"GET", "/linode/instances/{}/volumes", reads, {}, Empty});
  router.Add({"GET", "/linode/instances/{}/nodebalancers", reads, {}, Empty});
}

}  // namespace tkn::simulator
