#include "engine/apply/call_slots.h"

namespace tkn::apply {

CallSlots::Slot CallSlots::Take() {
  std::unique_lock lock(mutex_);
  bool waited = false;
  while (free_ == 0) {
    waited = true;
    freed_.wait(lock);
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
