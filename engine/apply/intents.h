#pragma once

#include <string>
#include <vector>

#include "engine/config/config.h"
#include "engine/config/variables.h"
#include "engine/plan/schemas.h"
#include "state/store.h"

namespace tkn::apply {

struct ResolveInputs {
  const config::ModuleTree& config;
  const SourceMap& sources;
  const config::VariableInputs& variables;
  const plan::Schemas& schemas;
  state::StateStore& store;  // locked by the caller
  bool offline = false;      // every intent stays, with a warning
  // What can't be found out is an error, since going on could make a second copy; unless this says
  // that it is a warning, for a command that is itself the answer.
  bool undecided_may_stay = false;
  std::string workspace = "default";
  std::string root_directory = ".";
  std::string working_directory = ".";
};

struct ResolvedIntents {
  std::vector<Address> adopted{};    // in state now, tainted
  std::vector<Address> dropped{};    // never happened, or deleted meanwhile
  std::vector<Address> undecided{};  // still open
  bool ok = true;                    // false exactly when an error was added
};

// Asks the providers what became of calls whose answer never arrived (a crash, a kill, a second
// interrupt). To be called at the start of every plan and apply that holds the lock; costs one
// query when there are none. Warns about each. Changes the store: read the snapshot afterwards.
[[nodiscard]] ResolvedIntents ResolveIntents(const ResolveInputs& inputs, Diagnostics& diags);

}  // namespace tkn::apply
