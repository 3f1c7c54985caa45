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
    threads.emplace_back([&, t] {
      for (int i = 0; i < kRounds; ++i) {
        Entry entry;
        // Some would rather wait than begin a batch, and some of those longer than others take.
        const std::chrono::microseconds patience(t % 4 == 3 ? 50 * (i % 7) : 0);
        queue.Submit(entry, patience, [&](std::span<Entry* const> batch) {
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

TEST_CASE("who has patience goes along with the next in a hurry, or alone when it is over") {
  using Batch = std::span<Entry* const>;
  CommitQueue<Entry> queue;
  std::vector<std::size_t> batches;
  const auto run = [&](Batch batch) { batches.push_back(batch.size()); };

  Entry alone;
  const auto start = std::chrono::steady_clock::now();
  queue.Submit(alone, std::chrono::milliseconds(20), run);
  CHECK(batches == std::vector<std::size_t>{1});
  CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(20));

  batches.clear();
  Entry patient;
  std::atomic<bool> is_waiting{false};
  std::thread other([&] {
    is_waiting = true;
    queue.Submit(patient, std::chrono::hours(1), run);
  });
  while (!is_waiting) std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  Entry urgent;
  queue.Submit(urgent, {}, run);
  // On a machine so slow that the thread has not come yet, this one takes it along.
  while (batches.back() == 1) {
    Entry next;
    queue.Submit(next, {}, run);
  }
  other.join();
  CHECK(batches.back() == 2);
}

}  // namespace
}  // namespace tkn::state
