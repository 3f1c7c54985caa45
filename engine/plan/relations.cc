#include <algorithm>
#include <map>
#include <optional>

#include "engine/plan/config_graph.h"

namespace tkn::plan {
namespace {

using graph::Vertex;

// Marks everything that `from` depends on; `visit` hears of each vertex once.
template <typename Visit>
void ForEachAncestor(const graph::Graph& graph, Vertex from, std::vector<Vertex>& seen_by,
                     std::vector<Vertex>& pending, Visit visit) {
  pending.assign(1, from);
  while (!pending.empty()) {
    const Vertex vertex = pending.back();
    pending.pop_back();
    for (const Vertex dependency : graph.DependenciesOf(vertex)) {
      if (seen_by[dependency] == from) continue;
      seen_by[dependency] = from;
      visit(dependency);
      pending.push_back(dependency);
    }
  }
}

}  // namespace

void SortByText(std::vector<ConfigResourceRef>& resources) {
  std::sort(resources.begin(), resources.end(),
            [](ConfigResourceRef a, ConfigResourceRef b) { return a->ToString() < b->ToString(); });
}

bool IsTarget(const Step& step, const std::vector<TargetAddress>& targets) {
  if (targets.empty()) return false;
  return IsTarget(ConfigResource{step.node->path, step.node->module->resources[step.index].name},
                  targets);
}

bool IsTarget(const ConfigResource& resource, const std::vector<TargetAddress>& targets) {
  for (const TargetAddress& target : targets) {
    const ModulePath path = target.module.Path();
    if (path.size() > resource.module.size() ||
        !std::equal(path.begin(), path.end(), resource.module.begin())) {
      continue;
    }
    if (!target.resource) return true;
    if (path.size() == resource.module.size() && *target.resource == resource.resource) return true;
  }
  return false;
}

ResourceRelations::ResourceRelations(const ConfigGraph& config_graph,
                                     const std::vector<bool>& included,
                                     const std::vector<Address>& rotated,
                                     const std::vector<ConfigResource>& leftovers) {
  const graph::Graph& graph = config_graph.graph();
  const auto& steps = config_graph.steps();
  const auto& nodes = config_graph.tree().nodes();
  dependencies_.resize(nodes.size());
  create_before_destroy_.resize(nodes.size());
  for (const auto& node : nodes) {
    dependencies_[node->index].resize(node->module->resources.size());
    create_before_destroy_[node->index].resize(node->module->resources.size());
  }
  // Once per block that is among several: sorting would otherwise make them again and again.
  std::vector<std::string> texts(steps.size());
  const auto text_of = [&](Vertex v) -> const std::string& {
    if (texts[v].empty()) texts[v] = config_graph.NameOf(v);
    return texts[v];
  };
  std::vector<std::optional<ConfigResourceRef>> resources(steps.size());
  const auto resource_of = [&](Vertex v) {
    const Step& step = steps[v];
    if (!resources[v])
      resources[v] = ConfigResource{step.node->path, step.node->module->resources[step.index].name};
    return *resources[v];
  };
  std::vector<Vertex> seen_by(graph.size(), static_cast<Vertex>(-1)), pending, found;
  std::vector<const ConfigResource*> gone;
  std::multimap<ModulePath, const ConfigResource*> gone_from;
  for (const ConfigResource& resource : leftovers) gone_from.emplace(resource.module, &resource);
  std::vector<bool> forced(graph.size(), false);
  for (Vertex v = 0; v < steps.size(); ++v) {
    const Step& step = steps[v];
    if (step.kind != StepKind::kResource || !included[v]) continue;
    const config::Resource& resource = step.node->module->resources[step.index];
    if (resource.name.mode == ResourceMode::kEphemeral) continue;
    const bool before =
        resource.lifecycle.create_before_destroy.value_or(false) ||
        std::any_of(rotated.begin(), rotated.end(), [&](const Address& address) {
          return address.resource == resource.name && address.module.Path() == step.node->path;
        });
    found.clear();
    gone.clear();
    ForEachAncestor(graph, v, seen_by, pending, [&](Vertex ancestor) {
      if (ancestor >= steps.size()) return;
      if (steps[ancestor].kind == StepKind::kModuleDone && !leftovers.empty()) {
        const auto [first, last] = gone_from.equal_range(steps[ancestor].node->path);
        for (auto it = first; it != last; ++it) gone.push_back(it->second);
      }
      if (steps[ancestor].kind != StepKind::kResource) return;
      const Step& other = steps[ancestor];
      if (other.node->module->resources[other.index].name.mode == ResourceMode::kEphemeral) return;
      found.push_back(ancestor);
      if (before) forced[ancestor] = true;
    });
    if (before) forced[v] = true;
    std::sort(found.begin(), found.end(),
              [&](Vertex a, Vertex b) { return text_of(a) < text_of(b); });
    auto& dependencies = dependencies_[step.node->index][step.index];
    dependencies.reserve(found.size());
    for (const Vertex ancestor : found) dependencies.push_back(resource_of(ancestor));
    if (gone.empty()) continue;
    for (const ConfigResource* resource : gone) dependencies.push_back(*resource);
    SortByText(dependencies);
  }
  for (Vertex v = 0; v < steps.size(); ++v) {
    if (steps[v].kind != StepKind::kResource || !forced[v]) continue;
    create_before_destroy_[steps[v].node->index][steps[v].index] = true;
  }
}

std::vector<bool> SelectTargets(const ConfigGraph& config_graph,
                                const std::vector<TargetAddress>& targets) {
  const graph::Graph& graph = config_graph.graph();
  const auto& steps = config_graph.steps();
  if (targets.empty()) return std::vector<bool>(graph.size(), true);
  std::vector<bool> included(graph.size(), false);
  std::vector<Vertex> pending;
  const auto include = [&](Vertex vertex) {
    if (included[vertex]) return;
    included[vertex] = true;
    pending.push_back(vertex);
    while (!pending.empty()) {
      const Vertex next = pending.back();
      pending.pop_back();
      for (const Vertex dependency : graph.DependenciesOf(next)) {
        if (included[dependency]) continue;
        included[dependency] = true;
        pending.push_back(dependency);
      }
    }
  };
  for (Vertex v = 0; v < steps.size(); ++v) {
    if (steps[v].kind != StepKind::kResource || !IsTarget(steps[v], targets)) continue;
    include(v);
    if (config_graph.DoneOf(*steps[v].node, steps[v].index) != v) {
      include(config_graph.DoneOf(*steps[v].node, steps[v].index));
    }
  }
  // Root outputs are kept when all resources that they depend on are, and there is at least one.
  std::vector<Vertex> seen_by(graph.size(), static_cast<Vertex>(-1)), scratch;
  std::vector<Vertex> outputs;
  for (Vertex v = 0; v < steps.size(); ++v) {
    if (steps[v].kind != StepKind::kOutput || steps[v].node->parent != nullptr) continue;
    bool any = false, all = true;
    ForEachAncestor(graph, v, seen_by, scratch, [&](Vertex ancestor) {
      if (ancestor >= steps.size() || steps[ancestor].kind != StepKind::kResource) return;
      any = true;
      all = all && included[ancestor];
    });
    if (any && all) outputs.push_back(v);
  }
  for (const Vertex v : outputs) include(v);
  return included;
}

}  // namespace tkn::plan
