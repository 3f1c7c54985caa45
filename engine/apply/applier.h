#pragma once

#include <atomic>
#include <optional>
#include <vector>

#include "engine/apply/apply.h"
#include "engine/apply/call_slots.h"
#include "engine/apply/ordering.h"
#include "engine/apply/progress_ticker.h"
#include "engine/plan/config_steps.h"
#include "engine/plan/ephemeral_resources.h"
#include "engine/plan/resource_change.h"
#include "engine/plan/run.h"

namespace tkn::apply {

// One run of applying: a walk over the configuration and the plan's changes, everything that
// finishes written to the store at once.
//
// Where things are: applier.cc the walk, its start and its end; expand.cc values of what does not
// change; put.cc creating, updating and reading; destroy.cc destroying and forgetting.
class Applier {
 public:
  Applier(const ApplyInputs& inputs, const config::VariableInputs& variables);

  ApplyResult Run(Diagnostics& diags);

 private:
  graph::Outcome DoStep(graph::Vertex vertex);
  bool IsStopped() const {
    return run_.IsStopped() || store_failed_.load(std::memory_order_relaxed);
  }
  bool Begin(Diagnostics& diags);
  void TellImports();
  void Finish(ApplyResult& result, Diagnostics& diags);
  bool IsDestroy() const { return inputs_.plan.mode == plan::Mode::kDestroy; }
  std::vector<bool> SelectSteps();

  // expand.cc
  void ExpandResource(const plan::Step& step, Diagnostics& diags);
  void EvaluateUnchanged(const plan::ResourceInModule& resource, const Address& address,
                         const plan::Repetition& repetition, Value& value, bool is_needed,
                         Diagnostics& diags);
  void CompleteResource(const plan::Step& step);

  // put.cc
  struct Target {
    plan::ResourceInModule resource;
    plan::Repetition repetition;
    Value* value;
  };
  std::optional<Target> Locate(const Address& address, Diagnostics& diags);
  void Put(const Task& task, Diagnostics& diags);
  void ReadData(const Task& task, const Target& target, Diagnostics& diags);
  void PutManaged(const Task& task, const Target& target, Diagnostics& diags);
  // Sends the change to the provider and stores what comes back. False when the object is not as
  // planned.
  bool CallProvider(const Task& task, const Target& target, const plan::ComputedChange& computed,
                    const std::optional<plan::PriorValue>& prior, Diagnostics& diags);
  void CheckPostconditions(const Target& target, const Address& address, const Value& self,
                           Diagnostics& diags);
  state::StoredObject NewObject(const Target& target, const Address& address) const;

  // destroy.cc
  void Destroy(const Task& task, Diagnostics& diags);
  struct DestroySteps {
    const config::ModuleNode* node = nullptr;
    const std::vector<config::Provisioner>* provisioners = nullptr;
    const parser::Body* connection = nullptr;
  };
  std::optional<DestroySteps> FindDestroySteps(const Address& address) const;
  bool RunDestroyProvisioners(const Address& address, const DestroySteps& steps,
                              const plan::DecodedObject& object, Diagnostics& diags);
  void Forget(const Task& task, Diagnostics& diags);

  // --- the store; a failure there ends the walk
  bool Commit(state::StateStore::Change change, Diagnostics& diags);
  // `slot`: the one that the call already has, if any.
  bool RecordIntent(state::Intent& intent, const CallSlots::Slot& slot, Diagnostics& diags);
  // For a step that was stopped while it waited for its slot; `undo` takes back what was recorded.
  void GiveUp(const state::StateStore::Change& undo, Diagnostics& diags);

  const ApplyInputs& inputs_;
  plan::ConfigGraph graph_;  // the changes' tasks are added to it
  plan::Run run_;
  plan::ConfigSteps steps_;
  plan::EphemeralResources ephemerals_;
  std::optional<Ordering> ordering_;
  std::vector<bool> included_;        // steps that are walked
  std::vector<bool> is_referred_to_;  // by vertex of a resource: something uses its value
  ProgressTicker ticker_;
  std::atomic<bool> store_failed_{false};
  std::atomic<bool> gave_up_{false};
  CallSlots slots_;

  std::atomic<int> imported_{0}, added_{0}, changed_{0}, destroyed_{0}, forgotten_{0};
};

}  // namespace tkn::apply
