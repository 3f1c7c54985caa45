#pragma once

#include <cstdint>
#include <initializer_list>
#include <set>
#include <string>

#include "providers/linode/resource.h"

// Waiting for what the API does in its own time. All of it ends at the context's deadline, and soon
// after a cancel.
namespace tkn::linode {

// Looks every poll interval, first after one, until the Linode has one of the statuses. Empty: it
// has; otherwise why not.
std::string WaitForStatus(std::int64_t id, std::initializer_list<const char*> wanted,
                          Context& context);

// One action on one Linode, followed by its event: made before the action, so that it knows which
// events are old.
class EventWatch {
 public:
  EventWatch(std::string action, std::int64_t id, Context& context);
  // Why events can't be listed; empty: they can.
  const std::string& problem() const { return problem_; }
  // Whether it is only that the token lacks the scope `events:read_only`.
  bool forbidden() const { return forbidden_; }
  // Until the new event has finished. Empty: it has; otherwise why not. Nothing to wait for when
  // forbidden().
  std::string Wait();
  // After a call whose answer was lost: whether the action began after all. Looks three times.
  bool Began();

 private:
  ListAnswer List();
  std::int64_t NewEvent(const ListAnswer& events) const;  // 0: none
  const std::string action_;
  const std::int64_t id_;
  Context& context_;
  std::set<std::int64_t> old_;
  std::string problem_;
  bool forbidden_ = false;
};

}  // namespace tkn::linode
