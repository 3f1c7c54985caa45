#pragma once

#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

#include "engine/plan/hooks.h"

namespace tkn::apply {

// Says every ten seconds that a call is still under way. One thread, started with the first call
// that is watched.
class ProgressTicker {
 public:
  explicit ProgressTicker(plan::Hooks& hooks,
                          std::chrono::milliseconds interval = std::chrono::seconds(10));
  ~ProgressTicker();
  ProgressTicker(const ProgressTicker&) = delete;
  ProgressTicker& operator=(const ProgressTicker&) = delete;

  // One call, while it lives. Any thread.
  class Watch {
   public:
    Watch(ProgressTicker& ticker, const plan::Hooks::Instance& instance, plan::Action action);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    std::chrono::milliseconds elapsed() const;

   private:
    friend class ProgressTicker;
    ProgressTicker& ticker_;
    const plan::Hooks::Instance instance_;
    const plan::Action action_;
    const std::chrono::steady_clock::time_point begin_;
    std::chrono::steady_clock::time_point next_;
    std::list<Watch*>::iterator place_;
  };

 private:
  void Loop();

  plan::Hooks& hooks_;
  const std::chrono::milliseconds interval_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Watch*> watches_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace tkn::apply
