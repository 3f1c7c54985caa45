#include "engine/graph/crew.h"

#include <utility>

namespace tkn::graph {

Crew& Crew::Get() {
  static Crew crew;
  return crew;
}

Crew::~Crew() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
    given_.notify_all();
  }
  for (std::thread& thread : threads_) thread.join();
}

void Crew::Run(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (idle_ > 0) {
      given_work_.push_back(std::move(work));
      --idle_;
      given_.notify_one();
      return;
    }
  }
  // Which may take long: those that come to rest meanwhile must not wait for it.
  std::thread thread([this, first = std::move(work)]() mutable { WorkOn(std::move(first)); });
  const std::lock_guard lock(mutex_);
  threads_.push_back(std::move(thread));
}

void Crew::WorkOn(std::function<void()> work) {
  while (true) {
    work();
    work = nullptr;
    std::unique_lock lock(mutex_);
    ++idle_;
    given_.wait(lock, [this] { return over_ || !given_work_.empty(); });
    if (given_work_.empty()) return;
    work = std::move(given_work_.front());
    given_work_.pop_front();
  }
}

}  // namespace tkn::graph
