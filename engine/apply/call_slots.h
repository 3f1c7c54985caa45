#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <utility>

namespace tkn::apply {

// How many calls to providers may be under way at once: -parallelism. Only the call itself takes a
// slot. More steps than that are in progress, so that while some wait for their intents or results
// to be durable, others' calls fill the time. Any thread may call.
class CallSlots {
 public:
  // One of the slots, until it is destroyed or released; or none.
  class Slot {
   public:
    Slot() = default;
    explicit Slot(CallSlots& owner) : owner_(&owner) {}
    Slot(Slot&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)) {}
    Slot& operator=(Slot&& other) noexcept {
      Release();
      owner_ = std::exchange(other.owner_, nullptr);
      return *this;
    }
    ~Slot() { Release(); }
    void Release();
    explicit operator bool() const { return owner_ != nullptr; }

   private:
    CallSlots* owner_ = nullptr;
  };

  // `is_stopped`: nothing new may begin any more.
  CallSlots(int count, std::function<bool()> is_stopped)
      : free_(count < 1 ? 1 : count), is_stopped_(std::move(is_stopped)) {}

  // None: the run was stopped while others' calls had to end first. Who need not wait is not
  // held back: the walk let that step begin.
  Slot Take();
  // Whether there is none but for those who wait already.
  bool AreSoughtAfter();

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  int free_;  // guarded by mutex_, as the next
  int waiting_ = 0;
  const std::function<bool()> is_stopped_;
};

}  // namespace tkn::apply
