#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/plan/change.h"
#include "engine/plan/run.h"

namespace tkn::plan {

// The steps of a walk that planning and applying have in common: everything but resources.
class ConfigSteps {
 public:
  // `check_conditions` false: validations, preconditions and checks are left out (before a
  // destroy).
  ConfigSteps(Run& run, bool check_conditions);

  // Must not be a step of a resource.
  graph::Outcome Do(const Step& step);
  // Providers that nothing uses need no valid configuration. By index into ModuleTree::providers().
  void SetUsedProviders(std::vector<bool> used) { used_providers_ = std::move(used); }
  // Of resource blocks and of objects in the state.
  static std::vector<bool> UsedProviders(const Run& run);

  // Values of the root's outputs that were evaluated, by index.
  const std::vector<std::optional<Value>>& root_outputs() const { return root_outputs_; }

 private:
  bool Validate(const Step& step, Diagnostics& diags);
  void EvaluateOutput(const Step& step, Diagnostics& diags);
  void EvaluateCheck(const Step& step, Diagnostics& diags);

  Run& run_;
  const bool check_conditions_;
  std::vector<bool> used_providers_;
  std::vector<std::optional<Value>> root_outputs_;
};

// Compares outputs with those of the state. `destroy`: all of them go.
std::vector<OutputChange> CompareOutputs(const Run& run, const ConfigSteps& steps,
                                         const state::Snapshot& before, bool destroy,
                                         Diagnostics& diags);

}  // namespace tkn::plan
