#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parser/diagnostic.h"

namespace tkn::graph {

// One thing to do: an index, given out in order. What it stands for is its owner's business.
using Vertex = std::uint32_t;

// The happens-after relation, in flat arrays. First filled, by one thread; then Freeze()n, after
// which any thread may read. Order in equals order out: nothing depends on addresses or hashes.
class Graph {
 public:
  Vertex Add() { return AddMany(1); }
  // `count` consecutive vertices; the first is returned.
  Vertex AddMany(std::size_t count);
  // `dependant` happens after `dependency`. Repetitions cost memory until Freeze.
  void Connect(Vertex dependant, Vertex dependency);
  void Freeze();

  std::size_t size() const { return size_; }
  std::size_t edge_count() const { return dependencies_.size(); }
  // Sorted; only after Freeze.
  std::span<const Vertex> DependenciesOf(Vertex vertex) const;
  std::span<const Vertex> DependantsOf(Vertex vertex) const;

  // An order in which dependencies come first; what is in a cycle, or depends on one, is left out.
  std::vector<Vertex> DependenciesFirst() const;
  // Each cycle as the set of its members, sorted: strongly connected parts of more than one vertex,
  // and vertices that depend on themselves.
  std::vector<std::vector<Vertex>> FindCycles() const;

 private:
  std::size_t size_ = 0;
  std::vector<std::pair<Vertex, Vertex>> edges_;  // dependant, dependency; until Freeze
  std::vector<std::uint32_t> dependency_starts_;
  std::vector<Vertex> dependencies_;
  std::vector<std::uint32_t> dependant_starts_;
  std::vector<Vertex> dependants_;
};

// Adds "Cycle: a, b" for each cycle, members sorted by name; those with an empty name only stand
// between others and are left out. False when there was one.
[[nodiscard]] bool CheckAcyclic(const Graph& graph, const std::function<std::string(Vertex)>& name,
                                Diagnostics& diags);

// The graph of these vertices alone, in this order; who depended on one through others depends on
// it still. Frozen, as `graph` must be.
Graph Contract(const Graph& graph, const std::vector<Vertex>& kept);

// The edges (dependant, dependency) of an acyclic graph that no longer way makes superfluous,
// sorted. For drawings: costs vertices times edges in the worst case.
std::vector<std::pair<Vertex, Vertex>> TransitiveReduction(const Graph& graph);

}  // namespace tkn::graph
