#include "engine/apply/progress_ticker.h"

#include <algorithm>

namespace tkn::apply {

using std::chrono::steady_clock;

ProgressTicker::ProgressTicker(plan::Hooks& hooks, std::chrono::milliseconds interval)
    : hooks_(hooks), interval_(interval) {}

ProgressTicker::~ProgressTicker() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

ProgressTicker::Watch::Watch(ProgressTicker& ticker, const plan::Hooks::Instance& instance,
                             plan::Action action)
    : ticker_(ticker),
      instance_(instance),
      action_(action),
      begin_(steady_clock::now()),
      next_(begin_ + ticker.interval_) {
  const std::lock_guard lock(ticker_.mutex_);
  // Watches come and go without waking the thread: it looks often enough not to miss one by much.
  place_ = ticker_.watches_.insert(ticker_.watches_.end(), this);
  if (!ticker_.thread_.joinable()) ticker_.thread_ = std::thread([&ticker] { ticker.Loop(); });
}

ProgressTicker::Watch::~Watch() {
  const std::lock_guard lock(ticker_.mutex_);
  ticker_.watches_.erase(place_);
}

std::chrono::milliseconds ProgressTicker::Watch::elapsed() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - begin_);
}

void ProgressTicker::Loop() {
  const auto step = std::min<std::chrono::milliseconds>(interval_, std::chrono::milliseconds(500));
  std::unique_lock lock(mutex_);
  while (!over_) {
    changed_.wait_for(lock, step, [this] { return over_; });
    const auto now = steady_clock::now();
    for (Watch* watch : watches_) {
      if (now < watch->next_) continue;
      watch->next_ += interval_;
      // Under the lock: the instance must not go away while it is shown.
      hooks_.StillApplying(watch->instance_, watch->action_,
                           std::chrono::duration_cast<std::chrono::seconds>(now - watch->begin_));
    }
  }
}

}  // namespace tkn::apply
