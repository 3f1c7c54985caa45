#include "tests/simulator/resources/deploy.h"
#include "tests/simulator/resources/resources.h"

namespace tkn::simulator {
namespace {

// Disks by device; each has to belong to the Linode. Devices that are not named are empty.
Json DevicesIn(Call& call, const Object& config) {
  Json devices = EmptyDevices();
  const Json& sent = call.body.at("devices");
  if (!sent.is_object()) throw BadRequest("devices must be an object", "devices");
  for (const auto& [name, device] : sent.items()) {
    const std::string field = "devices." + name;
    if (!devices.contains(name)) throw BadRequest("no such device", field);
    if (device.is_null()) continue;
    if (!device.is_object()) throw BadRequest("must be an object", field);
    if (Has(device, "disk_id")) {
      const Object* disk = call.world.In("disks").Find(Integer(device, "disk_id", 0));
      if (disk == nullptr || disk->parent != config.parent) {
        throw BadRequest("disk_id is not valid", field + ".disk_id");
      }
    }
    devices[name]["disk_id"] = device.value("disk_id", Json());
    devices[name]["volume_id"] = device.value("volume_id", Json());
  }
  return devices;
}

Json HelpersIn(const Json& sent, const Json& before) {
  Json helpers = before;
  if (!Has(sent, "helpers")) return helpers;
  const Json& wanted = sent.at("helpers");
  if (!wanted.is_object()) throw BadRequest("helpers must be an object", "helpers");
  for (const auto& [name, value] : before.items()) {
    helpers[name] = Flag(wanted, name, value.get<bool>());
  }
  return helpers;
}

void Fill(Call& call, Object& config) {
  static const Json no_helpers = {{"updatedb_disabled", true},
                                  {"distro", true},
                                  {"modules_dep", true},
                                  {"network", false},
                                  {"devtmpfs_automount", true}};
  const Json& sent = call.body;
  const Json& body = config.body;
  const auto text = [&](const char* field, const char* fallback) {
    return Text(sent, field, body.value(field, fallback));
  };
  Json next = Json::object();
  next["id"] = config.id;
  next["label"] = text("label", "");
  CheckLength(next["label"].get<std::string>(), 1, 48, "label");
  next["helpers"] = HelpersIn(sent, body.value("helpers", no_helpers));
  next["kernel"] = text("kernel", "linode/latest-64bit");
  next["comments"] = text("comments", "");
  next["memory_limit"] = Integer(sent, "memory_limit", body.value("memory_limit", 0));
  next["created"] = body.value("created", call.world.Now());
  next["updated"] = call.world.Now();
  next["root_device"] = text("root_device", "/dev/sda");
  next["devices"] =
      Has(sent, "devices") ? DevicesIn(call, config) : body.value("devices", EmptyDevices());
  next["initrd"] = body.value("initrd", Json());
  next["run_level"] = text("run_level", "default");
  next["virt_mode"] = text("virt_mode", "paravirt");
  next["interfaces"] =
      Has(sent, "interfaces") ? sent.at("interfaces") : body.value("interfaces", Json::array());
  config.body = std::move(next);
}

}  // namespace

void AddInstanceConfigs(Router& router) {
  AddCrud(router, {.path = "/linode/instances/{}/configs",
                   .collection = "configs",
                   .parent = "instances",
                   .scope = "linodes",
                   .filterable = {"id", "label", "kernel", "comments"},
                   .create = Fill,
                   .update = Fill,
                   .remove = [](Call&, Object&) {}});
}

}  // namespace tkn::simulator
