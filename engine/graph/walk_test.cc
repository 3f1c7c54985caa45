#include "engine/graph/walk.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <mutex>
#include <random>
#include <stdexcept>
#include <thread>

#include "engine/graph/thread_state.h"

namespace tkn::graph {
namespace {

using namespace std::chrono_literals;

Graph Chain(std::size_t size) {
  Graph graph;
  graph.AddMany(size);
  for (Vertex v = 1; v < size; ++v) graph.Connect(v, v - 1);
  graph.Freeze();
  return graph;
}

Graph Independent(std::size_t size) {
  Graph graph;
  graph.AddMany(size);
  graph.Freeze();
  return graph;
}

}  // namespace

TEST_CASE("every vertex is visited once and after what it depends on", "[walk][property]") {
  const auto seed = GENERATE(range(0u, 20u));
  CAPTURE(seed);
  std::mt19937 random(seed);
  Graph graph;
  constexpr std::size_t kSize = 500;
  graph.AddMany(kSize);
  for (Vertex v = 1; v < kSize; ++v) {
    for (unsigned n = random() % 4; n > 0; --n) graph.Connect(v, static_cast<Vertex>(random() % v));
  }
  graph.Freeze();
  std::vector<std::atomic<int>> visits(kSize);
  std::atomic<bool> in_order{true};
  const auto states =
      Walk(graph, {.parallelism = 1 + static_cast<int>(seed % 8)}, [&](Vertex v, FanOut&) {
        for (const Vertex d : graph.DependenciesOf(v)) {
          if (visits[d].load() != 1) in_order = false;
        }
        visits[v].fetch_add(1);
        return Outcome::kDone;
      });
  CHECK(in_order);
  for (Vertex v = 0; v < kSize; ++v) {
    if (visits[v] != 1) FAIL("visited " << visits[v] << " times");
    if (states[v] != VertexState::kDone) FAIL("not done");
  }
}

TEST_CASE("failure stops dependants only", "[walk]") {
  Graph graph;
  graph.AddMany(5);
  graph.Connect(1, 0);
  graph.Connect(2, 1);
  graph.Connect(4, 3);
  graph.Freeze();
  const auto states =
      Walk(graph, {}, [](Vertex v, FanOut&) { return v == 1 ? Outcome::kFailed : Outcome::kDone; });
  CHECK(states == std::vector{VertexState::kDone, VertexState::kFailed, VertexState::kSkipped,
                              VertexState::kDone, VertexState::kDone});
}

TEST_CASE("calls that wait run side by side, never more than asked for", "[walk]") {
  std::atomic<int> now{0}, most{0};
  const auto begin = std::chrono::steady_clock::now();
  Walk(Independent(20), {.parallelism = 10}, [&](Vertex, FanOut&) {
    const int mine = ++now;
    int seen = most.load();
    while (mine > seen && !most.compare_exchange_weak(seen, mine)) {
    }
    std::this_thread::sleep_for(100ms);
    --now;
    return Outcome::kDone;
  });
  CHECK(most == 10);
  CHECK(std::chrono::steady_clock::now() - begin < 1s);
}

TEST_CASE("with parallelism one there is one visit at a time", "[walk]") {
  std::vector<Vertex> order;
  Walk(Independent(50), {.parallelism = 1}, [&](Vertex v, FanOut&) {
    order.push_back(v);
    return Outcome::kDone;
  });
  CHECK(order.size() == 50);
  CHECK(std::is_sorted(order.begin(), order.end()));
}

TEST_CASE("parts of a vertex are done before its dependants begin", "[walk]") {
  std::atomic<int> parts{0};
  bool then_called = false, after = false;
  Walk(Chain(2), {.parallelism = 4}, [&](Vertex v, FanOut& fan) {
    if (v == 1) {
      after = parts == 100 && then_called;
    } else {
      fan.Set(
          100,
          [&](std::size_t) {
            ++parts;
            return Outcome::kDone;
          },
          [&] {
            then_called = true;
            return Outcome::kDone;
          });
    }
    return Outcome::kDone;
  });
  CHECK(after);
}

TEST_CASE("one failed part fails the vertex, the others still run", "[walk]") {
  std::atomic<int> parts{0};
  bool then_called = false;
  const auto states = Walk(Chain(2), {}, [&](Vertex, FanOut& fan) {
    fan.Set(
        10,
        [&](std::size_t i) {
          ++parts;
          return i == 3 ? Outcome::kFailed : Outcome::kDone;
        },
        [&] {
          then_called = true;
          return Outcome::kDone;
        });
    return Outcome::kDone;
  });
  CHECK(parts == 10);
  CHECK_FALSE(then_called);
  CHECK(states == std::vector{VertexState::kFailed, VertexState::kSkipped});
}

TEST_CASE("no parts at all is done", "[walk]") {
  const auto states = Walk(Chain(2), {}, [&](Vertex, FanOut& fan) {
    fan.Set(0, [](std::size_t) { return Outcome::kFailed; });
    return Outcome::kDone;
  });
  CHECK(states == std::vector{VertexState::kDone, VertexState::kDone});
}

TEST_CASE("visits that only compute get no more threads than there are processors", "[walk]") {
  std::atomic<unsigned> running{0}, most{0};
  Walk(Independent(12), {.parallelism = 12}, [&](Vertex, FanOut&) {
    const unsigned now = ++running;
    unsigned before = most.load();
    while (before < now && !most.compare_exchange_weak(before, now)) {
    }
    const auto end = std::chrono::steady_clock::now() + 20ms;
    while (std::chrono::steady_clock::now() < end) {
    }
    --running;
    return Outcome::kDone;
  });
  CHECK(most <= std::max(1U, std::thread::hardware_concurrency()));
}

TEST_CASE("a thread that waits is told from one that computes", "[walk]") {
  if (ThreadNumber() == 0) return;  // not on this system
  CHECK(IsComputing(ThreadNumber()));
  std::atomic<int> number{0};
  std::atomic<bool> over{false};
  std::thread sleeper([&] {
    number = ThreadNumber();
    over.wait(false);
  });
  while (number == 0) std::this_thread::sleep_for(1ms);
  std::this_thread::sleep_for(20ms);
  CHECK_FALSE(IsComputing(number));
  over = true;
  over.notify_all();
  sleeper.join();
  CHECK_FALSE(IsComputing(number));  // there is none any more
}

TEST_CASE("a stopped walk finishes what runs and begins nothing", "[walk]") {
  std::atomic<bool> stop{false};
  std::atomic<int> visits{0};
  const auto states =
      Walk(Chain(10), {.is_stopped = [&] { return stop.load(); }}, [&](Vertex v, FanOut&) {
        ++visits;
        if (v == 2) stop = true;
        return Outcome::kDone;
      });
  CHECK(visits == 3);
  CHECK(states[2] == VertexState::kDone);
  CHECK(states[9] == VertexState::kSkipped);
}

TEST_CASE("an exception comes out where the walk was called", "[walk]") {
  CHECK_THROWS_AS(Walk(Independent(100), {},
                       [](Vertex v, FanOut&) -> Outcome {
                         if (v == 7) throw std::logic_error("bug");
                         return Outcome::kDone;
                       }),
                  std::logic_error);
}

TEST_CASE("200,000 vertices in a chain are walked without a deep stack", "[walk]") {
  std::size_t visits = 0;
  Walk(Chain(200000), {}, [&](Vertex, FanOut&) {
    ++visits;
    return Outcome::kDone;
  });
  CHECK(visits == 200000);
}

TEST_CASE("ForEachConcurrently calls for each index once", "[walk]") {
  std::vector<std::atomic<int>> calls(1000);
  ForEachConcurrently(calls.size(), {}, [&](std::size_t i) { ++calls[i]; });
  CHECK(std::all_of(calls.begin(), calls.end(), [](const auto& c) { return c == 1; }));
  ForEachConcurrently(0, {}, [&](std::size_t) { FAIL("nothing to call for"); });
}

}  // namespace tkn::graph
