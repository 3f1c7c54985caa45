#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "providers/provider.h"

namespace tkn::linode {

using Cancellation = providers::Cancellation;

// Time as the client and the waiting loops see it, so that tests need not wait. Any thread may
// call.
class Clock {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  virtual ~Clock() = default;
  virtual TimePoint Now() const = 0;
  virtual std::int64_t UnixSeconds() const = 0;
  // False: cancelled before the time was over, within a second (in fact 50 ms). Either may be null.
  [[nodiscard]] virtual bool Wait(std::chrono::milliseconds time, const Cancellation* cancel,
                                  const Cancellation* stop) = 0;
};

std::shared_ptr<Clock> MakeSystemClock();

}  // namespace tkn::linode
