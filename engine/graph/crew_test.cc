#include "engine/graph/crew.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <set>

namespace tkn::graph {
namespace {

std::thread::id IdOfNext(Crew& crew) {
  std::promise<std::thread::id> done;
  crew.Run([&] { done.set_value(std::this_thread::get_id()); });
  return done.get_future().get();
}

TEST_CASE("work never waits for other work, and threads that are done take on more") {
  Crew crew;
  constexpr int kAtOnce = 8;
  for (int round = 0; round < 50; ++round) {
    // Each waits until all are there, so each must have a thread.
    std::atomic<int> there{0}, done{0};
    for (int i = 0; i < kAtOnce; ++i) {
      crew.Run([&] {
        ++there;
        while (there < kAtOnce) std::this_thread::yield();
        ++done;
      });
    }
    while (done < kAtOnce) std::this_thread::yield();
  }
  std::set<std::thread::id> used;
  for (int i = 0; i < 200; ++i) used.insert(IdOfNext(crew));
  // One that has just finished may not be idle yet, so another may be made; not one for each.
  CHECK(used.size() <= 2 * kAtOnce);
}

TEST_CASE("at its end a crew finishes what it was given") {
  std::atomic<int> done{0};
  {
    Crew crew;
    for (int i = 0; i < 100; ++i) crew.Run([&] { ++done; });
  }
  CHECK(done == 100);
}

}  // namespace
}  // namespace tkn::graph
