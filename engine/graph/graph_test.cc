#include "engine/graph/graph.h"

#include <algorithm>
#include <catch2/catch.hpp>

namespace tkn::graph {
namespace {

Graph Make(std::size_t size, std::initializer_list<std::pair<Vertex, Vertex>> edges) {
  Graph graph;
  graph.AddMany(size);
  for (const auto& [dependant, dependency] : edges) graph.Connect(dependant, dependency);
  graph.Freeze();
  return graph;
}

std::string Letter(Vertex v) { return std::string(1, static_cast<char>('a' + v)); }

}  // namespace

TEST_CASE("edges are known from both ends, repeated ones once", "[graph]") {
  const Graph graph = Make(3, {{2, 0}, {2, 1}, {2, 0}});
  CHECK(graph.edge_count() == 2);
  CHECK(graph.DependenciesOf(2).size() == 2);
  CHECK(graph.DependantsOf(0).size() == 1);
  CHECK(graph.DependantsOf(2).empty());
}

TEST_CASE("an edge to a vertex that is not there is a bug", "[graph]") {
  Graph graph;
  graph.Add();
  CHECK_THROWS_AS(graph.Connect(0, 1), std::logic_error);
}

TEST_CASE("cycles are reported by their members in order of names", "[graph]") {
  const Graph graph = Make(6, {{0, 1}, {1, 2}, {2, 0}, {3, 0}, {4, 4}});
  Diagnostics diags;
  CHECK_FALSE(CheckAcyclic(graph, Letter, diags));
  REQUIRE(diags.size() == 2);
  CHECK(diags[0].summary == "Cycle: a, b, c");
  CHECK(diags[1].summary == "Cycle: e");
}

TEST_CASE("a diamond is no cycle", "[graph]") {
  const Graph graph = Make(4, {{1, 0}, {2, 0}, {3, 1}, {3, 2}});
  Diagnostics diags;
  CHECK(CheckAcyclic(graph, Letter, diags));
  CHECK(diags.empty());
}

TEST_CASE("an order has dependencies first, and leaves out what a cycle keeps from it", "[graph]") {
  CHECK(Make(4, {{0, 1}, {1, 3}, {2, 3}}).DependenciesFirst() == std::vector<Vertex>{3, 1, 2, 0});
  CHECK(Make(4, {{1, 2}, {2, 1}, {3, 2}}).DependenciesFirst() == std::vector<Vertex>{0});
}

TEST_CASE("a chain of 200,000 vertices does not exhaust the stack", "[graph]") {
  Graph graph;
  graph.AddMany(200000);
  for (Vertex v = 1; v < 200000; ++v) graph.Connect(v, v - 1);
  graph.Freeze();
  CHECK(graph.FindCycles().empty());
}

TEST_CASE("what is taken out of a graph leaves who depended on whom", "[graph]") {
  // 4 needs 3 and 1, 3 needs 2, 2 needs 0; 1 needs nothing.
  const Graph graph = Make(5, {{2, 0}, {3, 2}, {4, 3}, {4, 1}});
  const Graph kept = Contract(graph, {4, 1, 0});  // in an order of their own
  REQUIRE(kept.size() == 3);
  CHECK(std::ranges::equal(kept.DependenciesOf(0), std::vector<Vertex>{1, 2}));
  CHECK(kept.DependenciesOf(1).empty());
  CHECK(kept.DependenciesOf(2).empty());
}

TEST_CASE("reduction drops what a longer way says already", "[graph]") {
  const Graph graph = Make(4, {{1, 0}, {2, 1}, {2, 0}, {3, 2}, {3, 0}});
  const auto edges = TransitiveReduction(graph);
  CHECK(edges == std::vector<std::pair<Vertex, Vertex>>{{1, 0}, {2, 1}, {3, 2}});
}

}  // namespace tkn::graph
