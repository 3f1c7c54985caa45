#include "engine/graph/graph.h"

#include <algorithm>
#include <stdexcept>

namespace tkn::graph {
namespace {

using Edges = std::vector<std::pair<Vertex, Vertex>>;

// Fills `starts` and `targets` with the adjacency of `edges`, seen from `from` to `to`.
template <typename From, typename To>
void Index(const Edges& edges, std::size_t size, From from, To to,
           std::vector<std::uint32_t>& starts, std::vector<Vertex>& targets) {
  starts.assign(size + 1, 0);
  for (const auto& edge : edges) ++starts[from(edge) + 1];
  for (std::size_t i = 0; i < size; ++i) starts[i + 1] += starts[i];
  targets.resize(edges.size());
  std::vector<std::uint32_t> next(starts.begin(), starts.end() - 1);
  for (const auto& edge : edges) targets[next[from(edge)]++] = to(edge);
}

// By what `key` gives, edges of the same key in the order they were in.
template <typename Key>
void CountingSort(Edges& edges, std::size_t size, Key key) {
  std::vector<std::uint32_t> next(size + 1, 0);
  for (const auto& edge : edges) ++next[key(edge) + 1];
  for (std::size_t i = 0; i < size; ++i) next[i + 1] += next[i];
  Edges sorted(edges.size());
  for (const auto& edge : edges) sorted[next[key(edge)]++] = edge;
  edges.swap(sorted);
}

}  // namespace

Vertex Graph::AddMany(std::size_t count) {
  if (size_ + count >= static_cast<Vertex>(-1)) throw std::logic_error("graph: too many vertices");
  const auto first = static_cast<Vertex>(size_);
  size_ += count;
  return first;
}

void Graph::Connect(Vertex dependant, Vertex dependency) {
  if (dependant >= size_ || dependency >= size_) throw std::logic_error("graph: no such vertex");
  edges_.emplace_back(dependant, dependency);
}

void Graph::Freeze() {
  const auto dependant = [](const auto& edge) { return edge.first; };
  const auto dependency = [](const auto& edge) { return edge.second; };
  CountingSort(edges_, size_, dependency);
  CountingSort(edges_, size_, dependant);
  edges_.erase(std::unique(edges_.begin(), edges_.end()), edges_.end());
  Index(edges_, size_, dependant, dependency, dependency_starts_, dependencies_);
  Index(edges_, size_, dependency, dependant, dependant_starts_, dependants_);
  Edges().swap(edges_);
}

std::span<const Vertex> Graph::DependenciesOf(Vertex vertex) const {
  return std::span(dependencies_)
      .subspan(dependency_starts_[vertex],
               dependency_starts_[vertex + 1] - dependency_starts_[vertex]);
}

std::span<const Vertex> Graph::DependantsOf(Vertex vertex) const {
  return std::span(dependants_)
      .subspan(dependant_starts_[vertex],
               dependant_starts_[vertex + 1] - dependant_starts_[vertex]);
}

// Kahn's algorithm.
std::vector<Vertex> Graph::DependenciesFirst() const {
  std::vector<std::uint32_t> waiting_for(size_);
  std::vector<Vertex> order;
  order.reserve(size_);
  for (Vertex v = 0; v < size_; ++v) {
    waiting_for[v] = dependency_starts_[v + 1] - dependency_starts_[v];
    if (waiting_for[v] == 0) order.push_back(v);
  }
  for (std::size_t at = 0; at < order.size(); ++at) {
    for (const Vertex dependant : DependantsOf(order[at])) {
      if (--waiting_for[dependant] == 0) order.push_back(dependant);
    }
  }
  return order;
}

// Tarjan's algorithm with its own stack: chains of references may be as long as the configuration.
std::vector<std::vector<Vertex>> Graph::FindCycles() const {
  // Nearly always there are none, which is found out in a fraction of the time.
  if (DependenciesFirst().size() == size_) return {};
  constexpr std::uint32_t kUnseen = 0;
  std::vector<std::uint32_t> order(size_, kUnseen), low(size_, 0);
  std::vector<bool> on_stack(size_, false);
  std::vector<Vertex> stack;
  struct Frame {
    Vertex vertex;
    std::size_t next;
  };
  std::vector<Frame> frames;
  std::uint32_t counter = 0;
  std::vector<std::vector<Vertex>> cycles;

  const auto enter = [&](Vertex v) {
    order[v] = low[v] = ++counter;
    stack.push_back(v);
    on_stack[v] = true;
    frames.push_back({v, 0});
  };
  const auto leave = [&](Vertex v) {
    if (low[v] != order[v]) return;
    std::vector<Vertex> members;
    Vertex member;
    do {
      member = stack.back();
      stack.pop_back();
      on_stack[member] = false;
      members.push_back(member);
    } while (member != v);
    const auto own = DependenciesOf(v);
    if (members.size() == 1 && !std::binary_search(own.begin(), own.end(), v)) return;
    std::sort(members.begin(), members.end());
    cycles.push_back(std::move(members));
  };

  for (Vertex root = 0; root < size_; ++root) {
    if (order[root] != kUnseen) continue;
    enter(root);
    while (!frames.empty()) {
      const Vertex v = frames.back().vertex;
      const auto dependencies = DependenciesOf(v);
      if (frames.back().next < dependencies.size()) {
        const Vertex d = dependencies[frames.back().next++];
        if (order[d] == kUnseen) {
          enter(d);
        } else if (on_stack[d]) {
          low[v] = std::min(low[v], order[d]);
        }
        continue;
      }
      frames.pop_back();
      leave(v);
      if (!frames.empty()) {
        Vertex& above = frames.back().vertex;
        low[above] = std::min(low[above], low[v]);
      }
    }
  }
  std::sort(cycles.begin(), cycles.end());
  return cycles;
}

bool CheckAcyclic(const Graph& graph, const std::function<std::string(Vertex)>& name,
                  Diagnostics& diags) {
  const auto cycles = graph.FindCycles();
  for (const auto& cycle : cycles) {
    std::vector<std::string> names;
    for (const Vertex v : cycle) {
      if (std::string text = name(v); !text.empty()) names.push_back(std::move(text));
    }
    std::sort(names.begin(), names.end());
    std::string summary = "Cycle: ";
    for (std::size_t i = 0; i < names.size(); ++i) summary += (i == 0 ? "" : ", ") + names[i];
    diags.Add({.summary = std::move(summary)});
  }
  return cycles.empty();
}

Graph Contract(const Graph& graph, const std::vector<Vertex>& kept) {
  constexpr Vertex kNone = static_cast<Vertex>(-1);
  std::vector<Vertex> place(graph.size(), kNone), seen_for(graph.size(), kNone);
  for (Vertex i = 0; i < kept.size(); ++i) place[kept[i]] = i;
  Graph out;
  out.AddMany(kept.size());
  std::vector<Vertex> open;
  for (Vertex i = 0; i < kept.size(); ++i) {
    open.assign(1, kept[i]);
    while (!open.empty()) {
      const Vertex at = open.back();
      open.pop_back();
      for (const Vertex next : graph.DependenciesOf(at)) {
        if (seen_for[next] == i) continue;
        seen_for[next] = i;
        if (place[next] == kNone) {
          open.push_back(next);
        } else {
          out.Connect(i, place[next]);
        }
      }
    }
  }
  out.Freeze();
  return out;
}

std::vector<std::pair<Vertex, Vertex>> TransitiveReduction(const Graph& graph) {
  std::vector<std::pair<Vertex, Vertex>> kept;
  std::vector<Vertex> seen_for(graph.size(), static_cast<Vertex>(-1));
  std::vector<Vertex> pending;
  for (Vertex v = 0; v < graph.size(); ++v) {
    // What can be reached in two steps or more needs no edge of its own.
    pending.clear();
    const auto reach = [&](Vertex from) {
      for (const Vertex d : graph.DependenciesOf(from)) {
        if (seen_for[d] == v) continue;
        seen_for[d] = v;
        pending.push_back(d);
      }
    };
    for (const Vertex d : graph.DependenciesOf(v)) reach(d);
    while (!pending.empty()) {
      const Vertex next = pending.back();
      pending.pop_back();
      reach(next);
    }
    for (const Vertex d : graph.DependenciesOf(v)) {
      if (seen_for[d] != v) kept.emplace_back(v, d);
    }
  }
  return kept;
}

}  // namespace tkn::graph
