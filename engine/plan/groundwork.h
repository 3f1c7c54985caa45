#pragma once

#include <optional>
#include <vector>

#include "engine/plan/config_graph.h"
#include "engine/plan/make_plan.h"

namespace tkn::plan {

// What a plan needs of the configuration and its options alone: can be made while the state is
// still being read. Not changed by planning.
struct Groundwork {
  Groundwork(const config::ModuleTree& tree, const PlanOptions& options);

  ConfigGraph graph;           // frozen
  Diagnostics cycles;          // where there are any, what follows is empty
  std::vector<bool> included;  // by vertex: -target
  std::optional<ResourceRelations> relations;
};

}  // namespace tkn::plan
