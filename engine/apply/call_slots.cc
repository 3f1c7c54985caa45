#include "engine/apply/call_slots.h"

namespace tkn::apply {

CallSlots::Slot CallSlots::Take() {
  std::unique_lock lock(mutex_);
  bool waited = false;
  while (free_ == 0) {
    waited = true;
    ++waiting_;
    freed_.wait(lock);
    --waiting_;
  }
  if (waited && is_stopped_()) {
    // The slot is for the next one who waits, to give up as well.
    lock.unlock();
    freed_.notify_one();
    return {};
  }
  --free_;
  return Slot(*this);
}

bool CallSlots::AreSoughtAfter() {
  const std::lock_guard lock(mutex_);
  return free_ <= waiting_;
}

void CallSlots::Slot::Release() {
  CallSlots* const owner = std::exchange(owner_, nullptr);
  if (owner == nullptr) return;
  {
    const std::lock_guard lock(owner->mutex_);
    ++owner->free_;
  }
  owner->freed_.notify_one();
}

}  // namespace tkn::apply
