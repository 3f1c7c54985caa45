#pragma once

#include <string>
#include <vector>

#include "cli/flags.h"
#include "engine/config/variables.h"
#include "engine/plan/make_plan.h"
#include "parser/diagnostic.h"

namespace tkn::cli {

// Flags of the commands that read configuration and state: each group is registered by the commands
// that have it.
struct VariableFlags {
  std::vector<config::VariableArgument> arguments;
  void Register(FlagSet& flags);
};

struct StateFlags {
  bool lock = true;
  double lock_timeout_seconds = 0;
  std::string state;      // -state
  std::string state_out;  // -state-out
  std::string
      backup;  // -backup: every serial is kept anyway; accepted so that scripts go on working
  void Register(FlagSet& flags);
};

struct ViewFlags {
  bool input = true;
  bool compact_warnings = false;
  bool json = false;
  void Register(FlagSet& flags);
};

struct PlanFlags {
  bool destroy = false;
  bool refresh_only = false;
  bool refresh = true;
  bool offline = false;
  int parallelism = 10;
  std::vector<std::string> targets;
  std::vector<std::string> replace;
  std::vector<std::string> rotate;
  std::string generate_config_out;
  void Register(FlagSet& flags);
  // Everything but directories and workspace. nullopt: the errors are in `diags`.
  std::optional<plan::PlanOptions> ToOptions(Diagnostics& diags) const;
};

}  // namespace tkn::cli
