#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace tkn::graph {

// Threads that outlive the work they were made for and take on the next: a plan's threads carry out
// its apply. Making one costs 0.1 ms and more, and has to wait while a library is being loaded
// (dlopen and pthread_create share a lock of glibc's, and libcurl takes 15 ms).
class Crew {
 public:
  // The one of this process.
  static Crew& Get();

  Crew() = default;
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew();  // waits for all work that was given

  // Has `work`, which must not throw, done by a thread that has nothing to do, or else by a new
  // one: it never waits for other work. Any thread may call. Throws std::system_error when there is
  // no thread to be had.
  void Run(std::function<void()> work);

 private:
  void WorkOn(std::function<void()> work);

  std::mutex mutex_;
  std::condition_variable given_;
  std::deque<std::function<void()>> given_work_;  // each has an idle thread that will take it
  std::size_t idle_ = 0;                          // those that have been given nothing
  bool over_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tkn::graph
