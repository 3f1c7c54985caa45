#include "state/sqlite/commit_queue.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

namespace tkn::state {
namespace {

struct Entry {
  int times = 0;
  CommitTurn turn{};
};

TEST_CASE(
    "each entry is in one batch, one batch runs at a time, and those who come meanwhile share "
    "one") {
  constexpr int kThreads = 8;
  constexpr int kRounds = 200;
  CommitQueue<Entry> queue;
  std::atomic<int> running{0};
  std::atomic<bool> overlapped{false};
  std::atomic<int> wrong{0};
  int batches = 0;  // only ever touched by the batch that runs
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kRounds; ++i) {
        Entry entry;
        queue.Submit(entry, [&](std::span<Entry* const> batch) {
          if (++running != 1) overlapped = true;
          ++batches;
          for (Entry* const each : batch) ++each->times;
          std::this_thread::sleep_for(std::chrono::microseconds(100));
          --running;
        });
        if (entry.times != 1) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK_FALSE(overlapped);
  CHECK(wrong == 0);
  CHECK(batches < kThreads * kRounds);
}

}  // namespace
}  // namespace tkn::state
