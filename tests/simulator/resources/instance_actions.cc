#include "tests/simulator/resources/deploy.h"
#include "tests/simulator/resources/resources.h"
#include "tests/simulator/transitions.h"

namespace tkn::simulator {
namespace {

int64_t EventFor(World& world, const char* action, const Object& instance) {
  return world.AddEvent(action, "scheduled", InstanceEntity(instance));
}

bool HasConfig(World& world, int64_t instance) {
  for (const auto& [id, config] : world.In("configs").objects()) {
    if (config.parent == instance) return true;
  }
  return false;
}

// A way through one status to another, with its event: what most actions are.
void Move(World& world, Object& instance, const char* action, const char* through,
          const std::string& to, double share, Json at_end = Json::object()) {
  Transition transition(world, instance);
  const int64_t event = EventFor(world, action, instance);
  transition.Status(through).Event(event, "started").After(share);
  if (!at_end.empty()) transition.Then(std::move(at_end));
  transition.Event(event, "finished").Finish(to);
}

void CheckConfig(Call& call, const Object& instance) {
  if (!HasConfig(call.world, instance.id)) {
    throw BadRequest("The Linode has no configuration profile to boot");
  }
  if (!Has(call.body, "config_id")) return;
  const Object* config = call.world.In("configs").Find(Integer(call.body, "config_id", 0));
  if (config == nullptr || config->parent != instance.id) {
    throw BadRequest("config_id is not valid", "config_id");
  }
}

Json Boot(Call& call, Object& instance) {
  CheckConfig(call, instance);
  if (instance.body["status"] == "running") {
    throw BadRequest("Linode " + std::to_string(instance.id) + " already booted.");
  }
  Move(call.world, instance, "linode_boot", "booting", "running", 0.5);
  return Json::object();
}

Json Reboot(Call& call, Object& instance) {
  CheckConfig(call, instance);
  Move(call.world, instance, "linode_reboot", "rebooting", "running", 0.5);
  return Json::object();
}

Json Shutdown(Call& call, Object& instance) {
  Move(call.world, instance, "linode_shutdown", "shutting_down", "offline", 0.25);
  return Json::object();
}

Json Resize(Call& call, Object& instance) {
  const Json& type = CatalogueEntry(call, "types", "type", Text(call.body, "type"));
  const std::string migration = Text(call.body, "migration_type", "cold");
  if (migration != "cold" && migration != "warm") {
    throw BadRequest("migration_type is not valid", "migration_type");
  }
  const auto space = type.at("disk").get<int64_t>();
  const bool fits = DiskSpaceUsed(call.world, instance.id) <= space;
  const bool automatic = Flag(call.body, "allow_auto_disk_resize", true);
  if (!fits && !automatic) {
    throw BadRequest(
        "Linode has allocated more disk than the new service plan allows. Delete or resize disks "
        "smaller.");
  }
  Json end = Json::object();
  end["set"]["type"] = type.at("id");
  end["set"]["specs"] = SpecsOf(type);
  if (automatic) end["fit"] = space;
  const std::string to =
      migration == "warm" ? instance.body["status"].get<std::string>() : "offline";
  Move(call.world, instance, "linode_resize", "resizing", to, 0.5, std::move(end));
  return Json::object();
}

Json Migrate(Call& call, Object& instance) {
  const std::string id = Text(call.body, "region", instance.body["region"].get<std::string>());
  const Json& region = CatalogueEntry(call, "regions", "region", id);
  if (id == instance.body["region"])
    throw BadRequest("The Linode is in this region already", "region");
  Json end = Json::object();
  end["set"]["region"] = region.at("id");
  end["set"]["site_type"] = region.at("site_type");
  const std::string to = instance.body["status"].get<std::string>();
  Move(call.world, instance, "linode_migrate_datacenter", "migrating", to, 0.5, std::move(end));
  return Json::object();
}

Json Password(Call& call, Object& instance) {
  RequireIdle(instance);
  CheckPassword(Text(call.body, "root_pass"));
  if (instance.body["status"] != "offline") {
    throw BadRequest("The Linode must be powered off to reset its password");
  }
  call.world.AddEvent("password_reset", "finished", InstanceEntity(instance));
  return Json::object();
}

Json Rebuild(Call& call, Object& instance) {
  RequireIdle(instance);
  RequireLogin(call.body);
  const Json& image = CatalogueEntry(call, "images", "image", Text(call.body, "image"));
  RemoveDisksAndConfigs(call.world, instance.id);
  DeployImage(call.world, instance, image, Integer(call.body, "swap_size", 512));
  instance.body["image"] = image.at("id");
  Json end = Json::object();
  end["disks"] = "ready";
  const bool boots = Flag(call.body, "booted", true);
  Move(call.world, instance, "linode_rebuild", "rebuilding", boots ? "running" : "offline", 1,
       std::move(end));
  return instance.body;
}

Json Backups(Call& call, Object& instance, bool enabled) {
  instance.body["backups"]["enabled"] = enabled;
  call.world.AddEvent(enabled ? "backups_enable" : "backups_cancel", "finished",
                      InstanceEntity(instance));
  return Json::object();
}

}  // namespace

void AddInstanceActions(Router& router) {
  const auto add = [&](const std::string& name, Json (*action)(Call&, Object&)) {
    router.Add(
        {"POST", "/linode/instances/{}/" + name, "linodes:read_write", {}, [action](Call& call) {
           return action(call, call.world.In("instances").Get(call.Id(0)));
         }});
  };
  add("boot", Boot);
  add("reboot", Reboot);
  add("shutdown", Shutdown);
  add("resize", Resize);
  add("migrate", Migrate);
  add("password", Password);
  add("rebuild", Rebuild);
  add("backups/enable", [](Call& call, Object& one) { return Backups(call, one, true); });
  add("backups/cancel", [](Call& call, Object& one) { return Backups(call, one, false); });
}

}  // namespace tkn::simulator
