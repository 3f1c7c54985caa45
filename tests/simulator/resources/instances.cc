#include <algorithm>
#include <cctype>

#include "tests/simulator/resources/deploy.h"
#include "tests/simulator/resources/resources.h"
#include "tests/simulator/transitions.h"

namespace tkn::simulator {
namespace {

void CheckLabel(Call& call, const std::string& label, int64_t own_id) {
  CheckLength(label, 3, 64, "label");
  const bool plain = std::all_of(label.begin(), label.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
  });
  if (!plain) {
    throw BadRequest("Label must only use ASCII letters, numbers, underscores, dashes and periods",
                     "label");
  }
  for (const auto& [id, other] : call.world.In("instances").objects()) {
    if (id != own_id && other.body.value("label", "") == label) {
      throw BadRequest("Label must be unique among your linodes", "label");
    }
  }
}

// What can be changed at any time, at creation as later.
void FillChangeable(Call& call, Object& instance) {
  const Json& sent = call.body;
  Json& body = instance.body;
  if (Has(sent, "label")) {
    const std::string label = Text(sent, "label");
    CheckLabel(call, label, instance.id);
    body["label"] = label;
  }
  if (Has(sent, "group")) body["group"] = Text(sent, "group");
  if (Has(sent, "tags")) body["tags"] = Strings(sent, "tags");
  if (Has(sent, "watchdog_enabled"))
    body["watchdog_enabled"] = Flag(sent, "watchdog_enabled", true);
  if (Has(sent, "alerts")) {
    const Json& alerts = sent.at("alerts");
    if (!alerts.is_object()) throw BadRequest("alerts must be an object", "alerts");
    for (const char* name : {"cpu", "network_in", "network_out", "transfer_quota", "io"}) {
      const int64_t value = Integer(alerts, name, body["alerts"][name].get<int64_t>());
      if (value < 0) throw BadRequest("Must not be negative", std::string("alerts.") + name);
      body["alerts"][name] = value;
    }
  }
  if (Has(sent, "backups") && sent.at("backups").is_object() &&
      Has(sent.at("backups"), "schedule") && sent.at("backups").at("schedule").is_object()) {
    body["backups"]["schedule"].update(sent.at("backups").at("schedule"));
  }
  if (Has(sent, "maintenance_policy")) {
    const std::string policy = Text(sent, "maintenance_policy");
    if (policy != "linode/migrate" && policy != "linode/power_off_on") {
      throw BadRequest("maintenance_policy is not valid", "maintenance_policy");
    }
    body["maintenance_policy"] = policy;
  }
}

Json CapabilitiesIn(const Json& region) {
  Json capabilities = Json::array();
  for (const Json& capability : region.at("capabilities")) {
    if (capability == "Block Storage Encryption" || capability == "Maintenance Policy") {
      capabilities.push_back(capability);
    }
  }
  return capabilities;
}

// The public addresses asked for by `ipv4`: reserved ones that nobody uses.
Json ReservedAddresses(Call& call, const Object& instance) {
  Json addresses = Json::array();
  for (const Json& wanted : Strings(call.body, "ipv4")) {
    Object* found = nullptr;
    for (auto& [id, reserved] : call.world.In("reserved_ips").objects()) {
      if (reserved.body["address"] == wanted && reserved.body["linode_id"].is_null()) {
        found = &reserved;
      }
    }
    if (found == nullptr) {
      throw ApiError{
          .status = 400,
          .errors = {{"Only addresses of type ipv4 are currently supported."},
                     {"Address must be reserved and must be currently unassigned.", "address"}}};
    }
    found->body["linode_id"] = instance.id;
    found->body["assigned_entity"] = InstanceEntity(instance);
    addresses.push_back(wanted);
  }
  return addresses;
}

void CheckReferences(Call& call) {
  const Json& sent = call.body;
  const bool image = Has(sent, "image");
  for (const char* field : {"stackscript_id", "stackscript_data"}) {
    if (Has(sent, field) && !image) throw BadRequest("image is required with it", field);
  }
  if (Has(sent, "stackscript_id")) {
    const int64_t id = Integer(sent, "stackscript_id", 0);
    if (call.world.In("stackscripts").Find(id) == nullptr) {
      throw BadRequest("stackscript_id is not valid", "stackscript_id");
    }
  }
  // There are no backups and no placement groups on this account.
  if (Has(sent, "backup_id")) throw BadRequest("backup_id is not valid", "backup_id");
  if (Has(sent, "placement_group")) {
    throw BadRequest("placement_group.id is not valid", "placement_group.id");
  }
  if (Flag(sent, "booted", false) && !image) {
    throw BadRequest("A Linode without an image cannot be booted", "booted");
  }
}

// Provisioning, and then the boot if there is something to boot.
void Begin(World& world, Object& instance, bool boots) {
  const int64_t created = world.AddEvent("linode_create", "scheduled", InstanceEntity(instance));
  Transition transition(world, instance);
  transition.Status("provisioning").Event(created, "started").After(0.5).Event(created, "finished");
  Json ready = Json::object();
  ready["disks"] = "ready";
  transition.Then(std::move(ready));
  if (!boots) return transition.Finish("offline");
  const int64_t booted = world.AddEvent("linode_boot", "scheduled", InstanceEntity(instance));
  Json booting = Json::object();
  booting["set"]["status"] = "booting";
  transition.Then(std::move(booting)).Event(booted, "started").After(0.5).Event(booted, "finished");
  transition.Finish("running");
}

void Create(Call& call, Object& instance) {
  const Json& sent = call.body;
  World& world = call.world;
  const Json& region = CatalogueEntry(call, "regions", "region", Text(sent, "region"));
  const Json& type = CatalogueEntry(call, "types", "type", Text(sent, "type"));
  const std::string image_id = Text(sent, "image");
  const Json* image = nullptr;
  if (!image_id.empty()) {
    RequireLogin(sent);
    image = &CatalogueEntry(call, "images", "image", image_id);
  }
  CheckReferences(call);
  const std::string encryption = Text(sent, "disk_encryption", "enabled");
  if (encryption != "enabled" && encryption != "disabled") {
    throw BadRequest("disk_encryption is not valid", "disk_encryption");
  }
  const Json metadata = sent.value("metadata", Json());

  Json& body = instance.body;
  body["label"] = "linode" + std::to_string(instance.id);
  body["group"] = "";
  body["status"] = "provisioning";
  body["created"] = world.Now();
  body["updated"] = world.Now();
  body["type"] = type.at("id");
  Json addresses = ReservedAddresses(call, instance);
  if (addresses.empty()) addresses.push_back(world.NextAddress());
  if (Flag(sent, "private_ip", false)) {
    addresses.push_back("192.168." + std::to_string(128 + instance.id / 254 % 128) + "." +
                        std::to_string(1 + instance.id % 254));
  }
  body["ipv4"] = std::move(addresses);
  const std::string tail = RandomHex(6);
  body["ipv6"] = "2001:db8::f03c:91ff:fe" + tail.substr(0, 2) + ":" + tail.substr(2) + "/128";
  body["image"] = image == nullptr ? Json() : image->at("id");
  body["region"] = region.at("id");
  body["site_type"] = region.at("site_type");
  body["specs"] = SpecsOf(type);
  body["alerts"] = {{"cpu", 90 * type.at("vcpus").get<int64_t>()},
                    {"network_in", 10},
                    {"network_out", 10},
                    {"transfer_quota", 80},
                    {"io", 10000}};
  body["backups"] = {{"enabled", Flag(sent, "backups_enabled", false)},
                     {"available", false},
                     {"schedule", {{"day", nullptr}, {"window", nullptr}}},
                     {"last_successful", nullptr}};
  body["hypervisor"] = "kvm";
  body["watchdog_enabled"] = true;
  body["tags"] = Json::array();
  body["host_uuid"] = RandomHex(40);
  body["has_user_data"] = metadata.is_object() && !Text(metadata, "user_data").empty();
  body["placement_group"] = nullptr;
  body["disk_encryption"] = encryption;
  body["lke_cluster_id"] = nullptr;
  body["capabilities"] = CapabilitiesIn(region);
  body["interface_generation"] = Text(sent, "interface_generation", "legacy_config");
  const Json& abilities = body["capabilities"];
  if (std::find(abilities.begin(), abilities.end(), "Maintenance Policy") != abilities.end()) {
    body["maintenance_policy"] = "linode/power_off_on";
  }
  body["locks"] = Json::array();
  FillChangeable(call, instance);
  if (image != nullptr) DeployImage(world, instance, *image, Integer(sent, "swap_size", 512));
  if (Object* wall = world.In("firewalls").Find(Integer(sent, "firewall_id", 0))) {
    wall->body["entities"].push_back(InstanceEntity(instance));
  }
  Begin(world, instance, image != nullptr && Flag(sent, "booted", true));
}

void Remove(Call& call, Object& instance) {
  World& world = call.world;
  const int64_t event = world.AddEvent("linode_delete", "scheduled", InstanceEntity(instance));
  Json done = Json::object();
  done["instance"] = instance.id;
  done["event"] = Json::array({event, "finished"});
  world.AddStep(world.clock.NowMs() + world.options.boot_ms / 4, std::move(done));
  RemoveDisksAndConfigs(world, instance.id);
  for (auto& [id, reserved] : world.In("reserved_ips").objects()) {
    if (reserved.body["linode_id"] != instance.id) continue;
    reserved.body["linode_id"] = nullptr;
    reserved.body["assigned_entity"] = nullptr;
  }
  for (auto& [id, wall] : world.In("firewalls").objects()) {
    Json kept = Json::array();
    for (const Json& entity : wall.body["entities"]) {
      if (entity["id"] != instance.id) kept.push_back(entity);
    }
    wall.body["entities"] = std::move(kept);
  }
}

}  // namespace

void AddInstances(Router& router) {
  AddCrud(router,
          {.path = "/linode/instances",
           .collection = "instances",
           .scope = "linodes",
           .filterable = {"id", "label", "region", "image", "group", "tags", "lke_cluster_id"},
           .post = {20, 15},
           .create = Create,
           .update =
               [](Call& call, Object& instance) {
                 FillChangeable(call, instance);
                 instance.body["updated"] = call.world.Now();
               },
           .remove = Remove});
}

}  // namespace tkn::simulator
