#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/config.h"
#include "engine/config/variables.h"
#include "engine/plan/hooks.h"
#include "engine/plan/plan.h"
#include "engine/plan/schemas.h"

namespace tkn::plan {

// The version of Terraform that configurations see us as.
inline constexpr std::string_view kTerraformVersion = "1.11.4";

// Raised by whoever handles signals; both may be set at any time, from any thread.
struct Interruption {
  providers::Cancellation stop;  // first: nothing new begins, what runs is finished and saved
  providers::Cancellation
      abort;  // second: calls are told to return at once; what is known of them is saved
};

struct PlanOptions {
  Mode mode = Mode::kNormal;
  bool refresh = true;
  // No socket is opened, no credential needed: no refresh, data sources of networked providers stay
  // unknown.
  bool offline = false;
  int parallelism = 10;  // provider calls in flight
  bool at_once = false;  // nobody looks at the plan before it is carried out
  std::vector<TargetAddress> targets{};
  std::vector<Address> force_replace{};
  // Those of `force_replace` whose new object comes first, whatever their blocks say: what depends
  // on them is changed over before the old object goes.
  std::vector<Address> rotate{};
  // -generate-config-out: import blocks may name resources that have no block yet.
  bool generate_config = false;
  std::string workspace = "default";
  std::string root_directory = ".";     // path.root and path.module of the root
  std::string working_directory = ".";  // path.cwd, absolute
};

struct Groundwork;

struct PlanInputs {
  const config::ModuleTree& config;
  const SourceMap& sources;
  const config::VariableInputs& variables;
  const Schemas& schemas;
  std::shared_ptr<const state::Snapshot> state;  // never null; an empty one when there is none
  PlanOptions options{};
  // Of this configuration and these options, made before; may be absent.
  std::shared_ptr<const Groundwork> groundwork{};
  Hooks* hooks = nullptr;                      // may be absent
  const Interruption* interruption = nullptr;  // may be absent
};

// Reads, refreshes, evaluates and compares. The configuration must have passed ValidateTree. On
// errors (in `diags`) still returns what was planned until then, with `errored` set; nullopt when
// nothing could be planned at all.
[[nodiscard]] std::optional<Plan> MakePlan(const PlanInputs& inputs, Diagnostics& diags);

}  // namespace tkn::plan
