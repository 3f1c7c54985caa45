#pragma once

#include <functional>

namespace tkn::cli {

// While it lives, SIGINT and SIGTERM call `on_interrupt` (1 for the first, 2 for the second, ...)
// on a thread of its own instead of ending the process. One at a time may live.
class InterruptWatch {
 public:
  explicit InterruptWatch(std::function<void(int count)> on_interrupt);
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;
  ~InterruptWatch();

 private:
  struct State;
  State* state_;
};

}  // namespace tkn::cli
