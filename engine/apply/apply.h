#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/config/config.h"
#include "engine/config/variables.h"
#include "engine/plan/hooks.h"
#include "engine/plan/make_plan.h"
#include "engine/plan/plan.h"
#include "engine/plan/schemas.h"
#include "state/store.h"

namespace tkn::apply {

struct ApplyInputs {
  const plan::Plan& plan;
  // The configuration that was planned: for a saved plan, loaded from plan.sources.
  const config::ModuleTree& config;
  const SourceMap& sources;
  const plan::Schemas& schemas;
  // Locked by the caller, at the serial the plan was made from (CheckNotStale).
  state::StateStore& store;
  // Values of ephemeral variables, which plans don't carry; everything else comes from the plan.
  const config::VariableInputs& ephemeral_variables;
  int parallelism = 10;
  std::string command = "apply";  // as the history shows it
  std::string workspace = "default";
  std::string root_directory = ".";
  std::string working_directory = ".";
  plan::Hooks* hooks = nullptr;
  const plan::Interruption* interruption = nullptr;
};

// Of a plan that was made with -target.
Diagnostic IncompleteWarning();

// "Cycle: a, b (destroy)" where what is to be destroyed and what is to be created or changed wait
// for each other, so that the plan could not be carried out. Apply says so as well, before it does
// anything. `config`: what was planned.
[[nodiscard]] bool CheckOrder(const plan::Plan& plan, const config::ModuleTree& config,
                              Diagnostics& diags);

struct ApplyResult {
  int imported = 0;
  int added = 0;
  int changed = 0;
  int destroyed = 0;
  int forgotten = 0;
  // Values of the root module's outputs now, sorted by name; ephemeral ones left out.
  struct Output {
    std::string name;
    Value value;
    bool sensitive = false;
  };
  std::vector<Output> outputs{};
  std::vector<plan::CheckResult> checks{};
  bool succeeded = false;  // false exactly when there were errors
};

// Carries the plan out. Each finished instance is durable in the store before it is reported as
// done. After an error or an interrupt the store holds everything that is known to exist.
[[nodiscard]] ApplyResult Apply(const ApplyInputs& inputs, Diagnostics& diags);

}  // namespace tkn::apply
