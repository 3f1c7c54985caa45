#include "tests/simulator/resources/deploy.h"

#include <algorithm>
#include <cctype>

namespace tkn::simulator {

const Json& CatalogueEntry(Call& call, const std::string& name, const std::string& field,
                           const std::string& id) {
  const Json* entry = call.world.FindInCatalogue(name, id);
  if (entry == nullptr) throw BadRequest(field + " is not valid", field);
  return *entry;
}

void CheckPassword(const std::string& password) {
  CheckLength(password, 11, 128, "root_pass");
  int kinds = 0;
  const auto any = [&](int (*is)(int)) {
    kinds += std::any_of(password.begin(), password.end(),
                         [&](char c) { return is(static_cast<unsigned char>(c)) != 0; })
                 ? 1
                 : 0;
  };
  any(std::islower);
  any(std::isupper);
  any(std::isdigit);
  any(std::ispunct);
  if (kinds < 2) throw BadRequest("Password does not meet strength requirement", "root_pass");
}

void RequireLogin(const Json& body) {
  const bool password = !Text(body, "root_pass").empty();
  if (!password && Strings(body, "authorized_keys").empty() &&
      Strings(body, "authorized_users").empty()) {
    throw BadRequest("Must provide valid root_pass, authorized_keys, or authorized_users");
  }
  if (password) CheckPassword(Text(body, "root_pass"));
}

Json SpecsOf(const Json& type) {
  Json specs = Json::object();
  for (const char* name : {"disk", "memory", "vcpus", "gpus", "transfer", "accelerated_devices"}) {
    specs[name] = type.value(name, 0);
  }
  return specs;
}

Json EmptyDevices() {
  Json devices = Json::object();
  for (char letter = 'a'; letter <= 'h'; ++letter) devices[std::string("sd") + letter] = nullptr;
  return devices;
}

Object& AddDisk(World& world, const Object& instance, const std::string& label,
                const std::string& filesystem, int64_t size) {
  Object& disk = world.In("disks").Add(instance.id);
  disk.body["status"] = "not ready";
  disk.body["label"] = label;
  disk.body["created"] = world.Now();
  disk.body["updated"] = world.Now();
  disk.body["filesystem"] = filesystem;
  disk.body["size"] = size;
  disk.body["disk_encryption"] = instance.body.value("disk_encryption", "enabled");
  return disk;
}

void RemoveDisksAndConfigs(World& world, int64_t instance) {
  for (const char* name : {"disks", "configs"}) {
    std::erase_if(world.In(name).objects(),
                  [&](const auto& entry) { return entry.second.parent == instance; });
  }
}

int64_t DiskSpaceUsed(World& world, int64_t instance) {
  int64_t used = 0;
  for (const auto& [id, disk] : world.In("disks").objects()) {
    if (disk.parent == instance) used += disk.body["size"].get<int64_t>();
  }
  return used;
}

void DeployImage(World& world, Object& instance, const Json& image, int64_t swap_size) {
  const std::string label = image.at("label");
  const auto space = instance.body["specs"]["disk"].get<int64_t>();
  if (swap_size < 0 || swap_size >= space) throw BadRequest("swap_size is not valid", "swap_size");
  Json devices = EmptyDevices();
  const auto attach = [&](const char* device, const Object& disk) {
    devices[device]["disk_id"] = disk.id;
    devices[device]["volume_id"] = nullptr;
  };
  attach("sda", AddDisk(world, instance, label + " Disk", "ext4", space - swap_size));
  if (swap_size > 0) {
    const std::string name = std::to_string(swap_size) + " MB Swap Image";
    attach("sdb", AddDisk(world, instance, name, "swap", swap_size));
  }
  Object& config = world.In("configs").Add(instance.id);
  config.body["label"] = "My " + label + " Disk Profile";
  config.body["helpers"] = {{"updatedb_disabled", true},
                            {"distro", true},
                            {"modules_dep", true},
                            {"network", true},
                            {"devtmpfs_automount", true}};
  config.body["kernel"] = "linode/grub2";
  config.body["comments"] = "";
  config.body["memory_limit"] = 0;
  config.body["created"] = world.Now();
  config.body["updated"] = world.Now();
  config.body["root_device"] = "/dev/sda";
  config.body["devices"] = std::move(devices);
  config.body["initrd"] = nullptr;
  config.body["run_level"] = "default";
  config.body["virt_mode"] = "paravirt";
  config.body["interfaces"] = Json::array();
}

}  // namespace tkn::simulator
