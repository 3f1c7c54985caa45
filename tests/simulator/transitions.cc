#include "tests/simulator/transitions.h"

#include "tests/simulator/request.h"

namespace tkn::simulator {
namespace {

void FitDisks(World& world, int64_t instance, int64_t size) {
  Object* filesystem = nullptr;
  for (auto& [id, disk] : world.In("disks").objects()) {
    if (disk.parent != instance) continue;
    if (disk.body["filesystem"] == "swap") {
      size -= disk.body["size"].get<int64_t>();
    } else {
      filesystem = &disk;
    }
  }
  if (filesystem != nullptr && size > 0) filesystem->body["size"] = size;
}

void Run(World& world, const Json& step) {
  if (step.contains("event")) {
    world.SetEvent(step["event"][0].get<int64_t>(), step["event"][1].get<std::string>());
  }
  const auto id = step["instance"].get<int64_t>();
  Object* instance = world.In("instances").Find(id);
  if (instance == nullptr) return;
  if (step.contains("set")) {
    for (const auto& [key, value] : step["set"].items()) instance->body[key] = value;
    instance->body["updated"] = world.Now();
  }
  if (step.contains("disks")) {
    for (auto& [disk_id, disk] : world.In("disks").objects()) {
      if (disk.parent == id) disk.body["status"] = step["disks"];
    }
  }
  if (step.contains("fit")) FitDisks(world, id, step["fit"].get<int64_t>());
  if (step.value("idle", false)) instance->hidden["busy"] = false;
}

}  // namespace

void RunDueSteps(World& world) {
  const int64_t now = world.clock.NowMs();
  while (!world.steps.empty() && world.steps.begin()->first <= now) {
    const Json step = std::move(world.steps.begin()->second);
    world.steps.erase(world.steps.begin());
    Run(world, step);
  }
}

void RequireIdle(const Object& instance) {
  if (instance.hidden.value("busy", false)) throw BadRequest("Linode busy.");
}

Transition::Transition(World& world, Object& instance)
    : world_(world), instance_(instance), at_ms_(world.clock.NowMs()) {
  RequireIdle(instance);
  instance.hidden["busy"] = true;
}

Transition& Transition::Status(const std::string& status) {
  instance_.body["status"] = status;
  instance_.body["updated"] = world_.Now();
  return *this;
}

Transition& Transition::After(double share) {
  at_ms_ += static_cast<int64_t>(share * static_cast<double>(world_.options.boot_ms));
  return *this;
}

Transition& Transition::Then(Json step) {
  step["instance"] = instance_.id;
  world_.AddStep(at_ms_, std::move(step));
  return *this;
}

Transition& Transition::Event(int64_t event, const std::string& status) {
  Json step = Json::object();
  step["event"] = Json::array({event, status});
  return Then(std::move(step));
}

void Transition::Finish(const std::string& status) {
  Json step = Json::object();
  step["set"]["status"] = status;
  Then(std::move(step));
  at_ms_ += world_.options.busy_ms;
  Json idle = Json::object();
  idle["idle"] = true;
  Then(std::move(idle));
}

Json InstanceEntity(const Object& instance) {
  return {{"id", instance.id},
          {"label", instance.body.at("label")},
          {"type", "linode"},
          {"url", "/v4/linode/instances/" + std::to_string(instance.id)}};
}

}  // namespace tkn::simulator
