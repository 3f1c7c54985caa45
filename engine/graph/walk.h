#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/graph/graph.h"

namespace tkn::graph {

enum class Outcome : std::uint8_t { kDone, kFailed };

// What became of a vertex. Skipped: something it depends on failed or was skipped, or the walk was
// stopped before.
enum class VertexState : std::uint8_t { kWaiting, kDone, kFailed, kSkipped };

// How a vertex becomes many parts: each(0) ... each(count - 1), in any order, several at once;
// afterwards `then`, once, if none failed. The vertex is done when that is. Takes one entry of the
// queue, not one per part.
class FanOut {
 public:
  void Set(std::size_t count, std::function<Outcome(std::size_t)> each,
           std::function<Outcome()> then = {}) {
    count_ = count, each_ = std::move(each), then_ = std::move(then), is_set_ = true;
  }

 private:
  friend class Walker;
  bool is_set_ = false;
  std::size_t count_ = 0;
  std::function<Outcome(std::size_t)> each_;
  std::function<Outcome()> then_;
};

struct WalkOptions {
  // Visits in progress at once, so also the most calls in flight. Threads are added only while
  // visits wait for something: work that only computes gets as many as there are processors.
  int parallelism = 10;
  // Once true no further visit begins.
  std::function<bool()> is_stopped{};
};

// Visits every vertex after all it depends on; failure stops dependants only. `visit` is called
// from worker threads and may fill in the FanOut. An exception ends the walk and is thrown again
// here. The graph must be frozen and acyclic. With parallelism 1 the order is always the same.
std::vector<VertexState> Walk(const Graph& graph, const WalkOptions& options,
                              const std::function<Outcome(Vertex, FanOut&)>& visit);

// each(0) ... each(count - 1) by the same workers, without a graph.
void ForEachConcurrently(std::size_t count, const WalkOptions& options,
                         const std::function<void(std::size_t)>& each);

}  // namespace tkn::graph
