#include "providers/linode/clock.h"

#include <algorithm>
#include <thread>

namespace tkn::linode {
namespace {

class SystemClock final : public Clock {
 public:
  TimePoint Now() const override { return std::chrono::steady_clock::now(); }
  std::int64_t UnixSeconds() const override {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
  bool Wait(std::chrono::milliseconds time, const Cancellation* cancel,
            const Cancellation* stop) override {
    const TimePoint end = Now() + time;
    while (true) {
      if (cancel != nullptr && cancel->IsCancelled()) return false;
      if (stop != nullptr && stop->IsCancelled()) return false;
      const TimePoint now = Now();
      if (now >= end) return true;
      std::this_thread::sleep_for(
          std::min<std::chrono::nanoseconds>(end - now, std::chrono::milliseconds(50)));
    }
  }
};

}  // namespace

std::shared_ptr<Clock> MakeSystemClock() { return std::make_shared<SystemClock>(); }

}  // namespace tkn::linode
