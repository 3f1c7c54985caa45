#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/graph/walk.h"
#include "engine/plan/check_report.h"
#include "engine/plan/config_graph.h"
#include "engine/plan/evaluation.h"
#include "engine/plan/make_plan.h"
#include "engine/plan/prior_state.h"
#include "engine/plan/provider_pool.h"

namespace tkn::plan {

struct RunInputs {
  const ConfigGraph& graph;  // to be frozen before a walk
  const config::VariableInputs& variables;
  const Schemas& schemas;
  std::shared_ptr<const state::Snapshot> state;
  EvaluationOptions evaluation{};
  bool offline = false;
  int parallelism = 10;
  bool at_once = false;  // as in providers::PlanRequest
  Hooks* hooks = nullptr;
  const Interruption* interruption = nullptr;
};

// A resource block in one module instance, with what all its instances share.
struct ResourceInModule {
  const ModuleInstance* module = nullptr;
  std::uint32_t index = 0;  // of the block
  const config::Resource* block = nullptr;
  ProviderRef provider_address{};
  providers::Provider* provider = nullptr;
  std::shared_ptr<const Schema> schema{};

  ResourceAddress Address() const { return {module->address, block->name}; }
};

// What one walk over a configuration works with: planning, applying, importing. The parts are safe
// to use from the walk's steps as their headers say.
class Run {
 public:
  explicit Run(const RunInputs& inputs);

  const ConfigGraph& graph;
  const config::ModuleTree& tree;
  const Schemas& schemas;
  Evaluation evaluation;
  ProviderPool providers;
  PriorState prior;
  CheckReport checks;
  Hooks& hooks;
  const Interruption& interruption;
  const bool offline;
  const int parallelism;
  const bool at_once;

  // Diagnostics of one step, kept apart until it is over.
  void Report(Diagnostics&& diags);
  Diagnostics TakeDiagnostics();
  bool IsStopped() const { return interruption.stop.IsCancelled(); }
  graph::WalkOptions WalkOptions() const;

  // nullopt, and an error, when the provider has no such type or is not configured.
  std::optional<ResourceInModule> Locate(const ModuleInstance& module, std::uint32_t resource,
                                         Diagnostics& diags);

 private:
  Hooks no_hooks_;
  Interruption never_;
  std::mutex mutex_;
  Diagnostics diags_;
};

// The outcome of a step that has `diags` of its own; hands them over.
graph::Outcome FinishStep(Run& run, Diagnostics&& diags);

}  // namespace tkn::plan
