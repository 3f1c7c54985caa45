#include "tests/simulator/resources/resources.h"

namespace tkn::simulator {
namespace {

// Marks an event and all older ones, as the real endpoint does.
Handler Marks(const char* flag, bool older) {
  return [flag, older](Call& call) {
    const int64_t id = call.world.In("events").Get(call.Id(0)).id;
    for (auto& [number, event] : call.world.In("events").objects()) {
      if (number == id || (older && number < id)) event.body[flag] = true;
    }
    return Json::object();
  };
}

}  // namespace

void AddEvents(Router& router) {
  AddCrud(router,
          {.path = "/account/events",
           .collection = "events",
           .scope = "events",
           .filterable = {"id", "action", "created", "entity.id", "entity.type", "percent_complete",
                          "rate", "read", "seen", "status", "username"}});
  router.Add({"POST", "/account/events/{}/seen", "events:read_only", {}, Marks("seen", true)});
  router.Add({"POST", "/account/events/{}/read", "events:read_only", {}, Marks("read", false)});
}

}  // namespace tkn::simulator
