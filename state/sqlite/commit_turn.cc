#include "state/sqlite/commit_turn.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace tkn::state {

// Both calls may be made on a turn that has gone: the kernel then finds nobody, or wakes somebody
// who looks and sleeps again.
CommitTurn::What CommitTurn::Wait(std::chrono::nanoseconds at_most) {
  using std::chrono::steady_clock;
  const steady_clock::time_point until = steady_clock::now() + at_most;
  std::uint32_t what = what_.load(std::memory_order_acquire);
  while (what == 0) {
    timespec limit{};
    if (at_most.count() > 0) {
      const auto left = std::chrono::nanoseconds(until - steady_clock::now()).count();
      if (left <= 0) return What::kNothing;
      limit = {.tv_sec = left / 1'000'000'000, .tv_nsec = left % 1'000'000'000};
    }
    ::syscall(SYS_futex, &what_, FUTEX_WAIT_PRIVATE, 0, at_most.count() > 0 ? &limit : nullptr);
    what = what_.load(std::memory_order_acquire);
  }
  return static_cast<What>(what);
}

void CommitTurn::Tell(What what) {
  static_assert(sizeof(what_) == sizeof(std::uint32_t), "a futex is 32 bits");
  what_.store(static_cast<std::uint32_t>(what), std::memory_order_release);
  ::syscall(SYS_futex, &what_, FUTEX_WAKE_PRIVATE, 1);
}

}  // namespace tkn::state
