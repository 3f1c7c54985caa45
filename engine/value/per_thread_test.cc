#include "engine/value/per_thread.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <set>
#include <thread>
#include <vector>

namespace tkn {
namespace {

std::atomic<int> made{0};
std::atomic<int> destroyed{0};
std::atomic<bool> found_after_its_end{false};

struct Counted {
  Counted() { ++made; }
  ~Counted() {
    ++destroyed;
    found_after_its_end = found_after_its_end || PerThread<Counted>() != nullptr;
  }
};

TEST_CASE("each thread has one object of its own, which ends with it and does not come back") {
  for (int i = 0; i < 3; ++i) {
    Counted* here = nullptr;
    std::thread([&] {
      here = PerThread<Counted>();
      CHECK(here == PerThread<Counted>());
      CHECK(made == i + 1);
      CHECK(destroyed == i);
    }).join();
    CHECK(here != nullptr);
    CHECK(destroyed == i + 1);
  }
  CHECK_FALSE(found_after_its_end);

  std::vector<std::thread> threads;
  std::vector<Counted*> found(4);
  std::atomic<int> there{0};
  for (std::size_t i = 0; i < found.size(); ++i) {
    threads.emplace_back([&, i] {
      found[i] = PerThread<Counted>();
      ++there;
      while (there < 4) std::this_thread::yield();
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(std::set<Counted*>(found.begin(), found.end()).size() == 4);
  CHECK(made == 7);
  CHECK(destroyed == 7);
}

}  // namespace
}  // namespace tkn
