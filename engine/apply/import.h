#pragma once

#include <string>

#include "engine/config/config.h"
#include "engine/config/variables.h"
#include "engine/plan/hooks.h"
#include "engine/plan/schemas.h"
#include "state/store.h"

namespace tkn::apply {

struct ImportInputs {
  const config::ModuleTree& config;
  const SourceMap& sources;
  const config::VariableInputs& variables;
  const plan::Schemas& schemas;
  state::StateStore& store;  // locked by the caller
  Address address;
  std::string id;
  std::string workspace = "default";
  std::string root_directory = ".";
  std::string working_directory = ".";
  plan::Hooks* hooks = nullptr;
};

// The `import` command: the address must have a resource block and must not be in the state; the
// provider imports and reads the object, which is stored. False when an error was added.
[[nodiscard]] bool Import(const ImportInputs& inputs, Diagnostics& diags);

}  // namespace tkn::apply
