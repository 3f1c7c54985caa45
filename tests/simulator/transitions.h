#pragma once

#include "tests/simulator/world.h"

namespace tkn::simulator {

// What happens to a Linode over time. A step is data, so that it can be saved with the world:
//   {"instance": id, "set": {...}, "event": [id, status], "disks": "ready", "fit": disk size,
//   "idle": true}
// `set` is merged into the Linode's body; `disks` is the new status of all its disks; `fit` grows
// or shrinks its file system to what the size leaves; `idle` lets other actions in again. A step
// whose Linode is gone only moves its event.

// Does every step that is due. Called before each request.
void RunDueSteps(World& world);

// One way from status to status. Marks the Linode busy until Finish().
class Transition {
 public:
  // Throws ApiError 400 "Linode busy." when another one is under way.
  Transition(World& world, Object& instance);

  // Now: the status that is seen at once.
  Transition& Status(const std::string& status);
  // The next steps happen `share` of --boot-ms later than the ones before.
  Transition& After(double share);
  Transition& Then(Json step);
  Transition& Event(int64_t event, const std::string& status);
  // The last status; from then on (and --busy-ms more) the Linode takes actions again.
  void Finish(const std::string& status);

 private:
  World& world_;
  Object& instance_;
  int64_t at_ms_;
};

void RequireIdle(const Object& instance);  // throws ApiError 400 "Linode busy."
Json InstanceEntity(const Object& instance);

}  // namespace tkn::simulator
