#include "engine/plan/groundwork.h"

namespace tkn::plan {

Groundwork::Groundwork(const config::ModuleTree& tree, const PlanOptions& options)
    : graph(tree, /*split_resources=*/false) {
  graph.graph().Freeze();
  if (!graph::CheckAcyclic(
          graph.graph(), [this](graph::Vertex v) { return graph.NameOf(v); }, cycles)) {
    return;
  }
  included = SelectTargets(graph, options.targets);
  relations.emplace(graph, included, options.rotate);
}

}  // namespace tkn::plan
