#pragma once

#include <future>
#include <memory>
#include <optional>
#include <string>

#include "cli/operation_flags.h"
#include "cli/operation_view.h"
#include "cli/session.h"
#include "cli/terminal/signals.h"
#include "engine/config/config.h"
#include "engine/config/variables.h"
#include "engine/plan/groundwork.h"
#include "engine/plan/make_plan.h"
#include "engine/plan/schemas.h"
#include "provisioners/provisioner.h"
#include "state/open.h"
#include "state/store.h"

namespace tkn::cli {

// Absolute.
std::string WorkingDirectory();

// What a command on the configuration and the state in this directory goes through, step by step.
// Each step says false when it added an error to `diags`. Unlocks the state at its end.
class Operation {
 public:
  explicit Operation(Session& session);
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;
  ~Operation();

  // Where the configuration is, if not in the working directory.
  void set_directory(std::string directory) { directory_ = std::move(directory); }

  // The configuration in the working directory, checked for a run. `purpose` begins the
  // sentence of the error for a directory without any; "" allows it. `read_aside`: the state is
  // read meanwhile, for an OpenState(kRead) and ReadState() to come.
  [[nodiscard]] bool LoadConfiguration(std::string_view purpose, Diagnostics& diags,
                                       const StateFlags* read_aside = nullptr);
  // All checks, and nothing but them.
  [[nodiscard]] bool ValidateConfiguration(Diagnostics& diags);
  // Only what is written there, without the checks that need schemas.
  [[nodiscard]] bool ReadConfiguration(Diagnostics& diags);
  // The same from a saved plan.
  [[nodiscard]] bool LoadConfiguration(const plan::Plan& plan, Diagnostics& diags,
                                       bool tell_warnings = false);
  // `ask`: missing values may be asked for, if there is somebody to ask.
  [[nodiscard]] bool LoadVariables(const VariableFlags& flags, bool ask, Diagnostics& diags);

  // For a saved plan, which has its values already: `flags` may repeat them, and give those of
  // ephemeral variables.
  [[nodiscard]] bool LoadVariables(const plan::Plan& plan, const VariableFlags& flags,
                                   Diagnostics& diags);

  // Values that are missing stay so.
  [[nodiscard]] bool ReadVariables(const VariableFlags& flags, Diagnostics& diags);

  enum class Access { kRead, kWrite };
  [[nodiscard]] bool OpenState(const StateFlags& flags, Access access, Diagnostics& diags);
  // `operation` as in lock records: "OperationTypeApply".
  [[nodiscard]] bool Lock(std::string_view operation, const StateFlags& flags, Diagnostics& diags);
  // What became of calls that a killed run left open. Takes the lock for as long as it needs when
  // there are any.
  // `undecided_may_stay`: for a command that is the answer to what could not be found out.
  [[nodiscard]] bool ResolveIntents(const StateFlags& flags, bool offline, Diagnostics& diags,
                                    bool undecided_may_stay = false);
  [[nodiscard]] bool ReadState(Diagnostics& diags);
  // An apply leaves a state behind, even if there was nothing to do and none before.
  [[nodiscard]] bool EnsureState(Diagnostics& diags);

  // Does of MakePlan, with the same options, what the state is not needed for. Needs a
  // configuration.
  void PrepareToPlan(const plan::PlanOptions& options);
  // Needs all of the above, but for PrepareToPlan.
  [[nodiscard]] std::optional<plan::Plan> MakePlan(plan::PlanOptions options, OperationView& view,
                                                   Diagnostics& diags);
  [[nodiscard]] apply::ApplyResult Apply(const plan::Plan& plan, int parallelism,
                                         OperationView& view, Diagnostics& diags);

  Session& session() { return session_; }
  const config::ModuleTree& tree() const { return *tree_; }
  bool has_tree() const { return tree_.has_value(); }
  const config::VariableInputs& variables() const { return variables_; }
  const plan::Schemas& schemas() const { return schemas_; }
  state::StateStore& store() { return *store_; }
  const std::shared_ptr<const state::Snapshot>& snapshot() const { return snapshot_; }

 private:
  struct ReadAside {
    std::unique_ptr<state::StateStore> store;
    std::shared_ptr<const state::Snapshot> snapshot;
  };

  bool CheckConfiguration(Diagnostics& diags);
  void BeginReadingAside(const state::StateLocation& location);

  Session& session_;
  std::string directory_ = ".";
  provisioners::Registry provisioners_;
  plan::Schemas schemas_;
  std::optional<config::ModuleTree> tree_;
  config::VariableInputs variables_;
  std::shared_ptr<const plan::Groundwork> groundwork_;
  std::unique_ptr<state::StateStore> store_;
  Access access_ = Access::kRead;
  bool locked_ = false;
  std::shared_ptr<const state::Snapshot> snapshot_;
  std::shared_ptr<const state::Snapshot> read_aside_;
  state::StateLocation read_aside_from_;
  std::future<ReadAside> reading_aside_;  // last: it is waited for before the rest goes
};

// Turns the signals into the two steps of an interruption while it lives, and says so through
// `hooks`.
class InterruptionScope {
 public:
  explicit InterruptionScope(plan::Hooks& hooks);
  const plan::Interruption& interruption() const { return interruption_; }

 private:
  plan::Interruption interruption_;
  InterruptWatch watch_;
};

}  // namespace tkn::cli
