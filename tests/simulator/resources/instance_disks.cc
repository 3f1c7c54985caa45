#include "tests/simulator/resources/deploy.h"
#include "tests/simulator/resources/resources.h"
#include "tests/simulator/transitions.h"

namespace tkn::simulator {
namespace {

Object& Owner(Call& call) { return call.world.In("instances").Get(call.Id(0)); }

Object& Named(Call& call) {
  Object& disk = call.world.In("disks").Get(call.Id(1));
  if (disk.parent != call.Id(0)) throw NotFound();
  return disk;
}

void CheckSpace(Call& call, const Object& instance, int64_t more) {
  const auto space = instance.body["specs"]["disk"].get<int64_t>();
  if (DiskSpaceUsed(call.world, instance.id) + more > space) {
    throw BadRequest("Insufficient space for disk", "size");
  }
}

// A job on one disk: the Linode is busy while it lasts, and keeps its status.
void Work(Call& call, Object& instance, const char* action) {
  Transition transition(call.world, instance);
  const int64_t event = call.world.AddEvent(action, "scheduled", InstanceEntity(instance));
  Json ready = Json::object();
  ready["disks"] = "ready";
  transition.Event(event, "started").After(0.25).Then(std::move(ready)).Event(event, "finished");
  transition.Finish(instance.body["status"].get<std::string>());
}

Json Create(Call& call) {
  Object& instance = Owner(call);
  RequireIdle(instance);
  const int64_t size = Integer(call.body, "size", 0);
  if (size < 1) throw BadRequest("size is required", "size");
  CheckSpace(call, instance, size);
  const std::string image = Text(call.body, "image");
  if (!image.empty()) {
    CatalogueEntry(call, "images", "image", image);
    RequireLogin(call.body);
  }
  const std::string filesystem = Text(call.body, "filesystem", "ext4");
  if (filesystem != "ext4" && filesystem != "ext3" && filesystem != "raw" && filesystem != "swap" &&
      filesystem != "initrd") {
    throw BadRequest("filesystem is not valid", "filesystem");
  }
  const std::string label = Text(call.body, "label");
  CheckLength(label, 1, 48, "label");
  Json shown = AddDisk(call.world, instance, label, filesystem, size).body;
  Work(call, instance, "disk_create");
  return shown;
}

Json Update(Call& call) {
  Object& disk = Named(call);
  if (Has(call.body, "label")) {
    const std::string label = Text(call.body, "label");
    CheckLength(label, 1, 48, "label");
    disk.body["label"] = label;
  }
  if (Has(call.body, "filesystem")) disk.body["filesystem"] = Text(call.body, "filesystem");
  disk.body["updated"] = call.world.Now();
  return disk.body;
}

Json Delete(Call& call) {
  const int64_t id = Named(call).id;
  Work(call, Owner(call), "disk_delete");
  call.world.In("disks").Remove(id);
  return Json::object();
}

Json Resize(Call& call) {
  Object& disk = Named(call);
  RequireIdle(Owner(call));
  const int64_t size = Integer(call.body, "size", 0);
  if (size < 1) throw BadRequest("size is required", "size");
  CheckSpace(call, Owner(call), size - disk.body["size"].get<int64_t>());
  disk.body["size"] = size;
  disk.body["updated"] = call.world.Now();
  Work(call, Owner(call), "disk_resize");
  return Json::object();
}

Json Password(Call& call) {
  Named(call);
  CheckPassword(Text(call.body, "password"));
  Work(call, Owner(call), "password_reset");
  return Json::object();
}

Json Clone(Call& call) {
  const Object disk = Named(call);
  Object& instance = Owner(call);
  RequireIdle(instance);
  CheckSpace(call, instance, disk.body["size"].get<int64_t>());
  Object& copy =
      AddDisk(call.world, instance, disk.body["label"].get<std::string>(),
              disk.body["filesystem"].get<std::string>(), disk.body["size"].get<int64_t>());
  Json shown = copy.body;
  Work(call, instance, "disk_duplicate");
  return shown;
}

}  // namespace

void AddInstanceDisks(Router& router) {
  const std::string all = "/linode/instances/{}/disks";
  const std::string one = all + "/{}";
  AddCrud(router, {.path = all,
                   .collection = "disks",
                   .parent = "instances",
                   .scope = "linodes",
                   .filterable = {"id", "label", "size", "filesystem", "status"}});
  const std::string writes = "linodes:read_write";
  router.Add({"POST", all, writes, {}, Create});
  router.Add({"PUT", one, writes, {}, Update});
  router.Add({"DELETE", one, writes, {}, Delete});
  router.Add({"POST", one + "/resize", writes, {}, Resize});
  router.Add({"POST", one + "/password", writes, {}, Password});
  router.Add({"POST", one + "/clone", writes, {}, Clone});
}

}  // namespace tkn::simulator
