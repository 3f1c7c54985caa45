#pragma once

#include <optional>
#include <string_view>

#include "cli/operation.h"

namespace tkn::cli {

// How plan, apply, destroy and refresh come to a plan.
struct PlanningInputs {
  const PlanFlags& plan;
  const VariableFlags& variables;
  const StateFlags& state;
  const ViewFlags& view;
  std::string_view purpose;  // as Operation::LoadConfiguration takes it
  bool for_apply = false;    // keeps the lock
  bool at_once = false;      // nobody is asked before the plan is carried out
};

// nullopt: nothing could be planned, see `diags`; otherwise errors in `diags` came after a part was
// planned.
std::optional<plan::Plan> PlanFromConfiguration(Operation& operation, const PlanningInputs& inputs,
                                                OperationView& view, Diagnostics& diags);

}  // namespace tkn::cli
