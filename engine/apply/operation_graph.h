#pragma once

#include "engine/config/config.h"
#include "engine/graph/drawing.h"
#include "engine/plan/plan.h"

// What an operation goes through, in which order: each variable, local value, provider, resource
// and output with its own vertex, as `terraform graph -type` draws them. Cycles are errors, and
// give an empty drawing.
namespace tkn::apply {

enum class OperationKind {
  kPlan,
  kRefreshOnly,  // imports nothing
  kDestroy,      // everything in the state
  kApply,        // where nothing is to be changed
};

graph::Drawing DrawOperation(const config::ModuleTree& config, OperationKind kind,
                             const std::shared_ptr<const state::Snapshot>& state,
                             Diagnostics& diags);

// Carrying out the plan, which is one of `config`.
graph::Drawing DrawApply(const config::ModuleTree& config, const plan::Plan& plan,
                         Diagnostics& diags);

}  // namespace tkn::apply
