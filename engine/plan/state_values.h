#pragma once

#include <vector>

#include "engine/plan/config_steps.h"
#include "engine/plan/run.h"

// Evaluating a configuration with what the state has, where nothing is planned: for the console,
// for imports, for asking about lost calls, for destroying.
namespace tkn::plan {

// Gives a resource block the instances and values that the state has, whatever the configuration
// would make of them now. References to a resource of which there is nothing are unknown.
void SetFromState(Run& run, ModuleInstance& module, std::uint32_t resource, Diagnostics& diags);

// Configures the providers that are `used` (by index into ModuleTree::providers()), evaluating only
// what their configurations need, resources as the state has them. Freezes the run's graph. False
// after an error.
[[nodiscard]] bool ConfigureProviders(Run& run, const std::vector<bool>& used, Diagnostics& diags);

// The vertices that `wanted` ones depend on, themselves included.
std::vector<bool> WithDependencies(const graph::Graph& graph, std::vector<graph::Vertex> wanted);

}  // namespace tkn::plan
