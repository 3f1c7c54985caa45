#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <span>
#include <unordered_set>
#include <vector>

#include "engine/plan/config_steps.h"
#include "engine/plan/ephemeral_resources.h"
#include "engine/plan/groundwork.h"
#include "engine/plan/import_targets.h"
#include "engine/plan/make_plan.h"
#include "engine/plan/moves.h"
#include "engine/plan/own_references.h"
#include "engine/plan/resource_change.h"
#include "engine/plan/run.h"

namespace tkn::plan {

// One run of planning: a walk over the configuration, then the objects that no block claimed.
//
// Where things are: planner.cc the walk; plan_managed.cc and plan_data.cc one instance of a block;
// plan_leftovers.cc objects without a block, deposed ones, and all of them when destroying;
// plan_reads.cc what providers are told before they are asked.
class Planner {
 public:
  // `groundwork` must live as long as this.
  Planner(const PlanInputs& inputs, const Groundwork& groundwork);
  ~Planner();

  std::optional<Plan> Make(Diagnostics& diags);

 private:
  // One instance of a resource block, and where its value goes.
  struct Instance {
    const ResourceInModule& resource;
    Address address;
    std::string text;  // the address
    Repetition repetition;
    Value* value;
    graph::Vertex vertex;  // of its block
    const OwnReferences* own_references = nullptr;
  };

  // The way out where not even a part of a plan can be shown.
  std::nullopt_t WithoutPlan(Diagnostics&& found, Diagnostics& diags);
  graph::Outcome DoStep(graph::Vertex vertex, graph::FanOut& parts);
  graph::Outcome ExpandResource(graph::Vertex vertex, graph::FanOut& parts);
  graph::Outcome PlanInstance(const Instance& instance);
  void KeepExisting(const ResourceInModule& resource, ResourceValues& values);
  bool IsTargeted(const Address& address) const;
  // -target names or contains other instances of this one's block, and not this one.
  bool IsLeftOut(const Address& address) const;
  bool CheckMovesTargeted(Diagnostics& diags);
  // That what removed blocks name is not there any more.
  bool CheckRemoved(Diagnostics& diags) const;
  void WarnOfUnmatchedReplace(const ResourceInModule& resource, const Expansion& expansion,
                              Diagnostics& diags);
  bool CheckPostconditions(const Instance& instance, const Value& self, Diagnostics& diags);

  // plan_managed.cc
  void PlanManaged(const Instance& instance, Diagnostics& diags);
  // What is planned from: decoded, refreshed or imported. False after an error.
  bool ReadPrior(const Instance& instance, PriorObject* prior, const ImportTarget* import,
                 std::optional<PriorValue>& value, Diagnostics& diags);
  bool Refresh(providers::Provider& provider, const Schema& schema, ProviderRef provider_address,
               const Address& address, const std::string& deposed_key, PriorValue& value,
               bool& is_gone, Diagnostics& diags);
  bool ImportObject(const Instance& instance, const ImportTarget& import,
                    std::optional<PriorValue>& value, Diagnostics& diags);
  void StoreFindings(const Instance& instance, PriorObject* prior,
                     const std::optional<PriorValue>& value, Action action);

  // plan_reads.cc
  void CountReads();
  // Tells a provider, just configured, what will be read through it.
  void Anticipate(std::uint32_t provider);

  // replace_triggers.cc
  ActionReason ForcedReplacement(const Instance& instance, Diagnostics& diags);
  bool IsTriggered(const Instance& instance, const config::ReplaceTrigger& trigger,
                   Diagnostics& diags);

  // plan_data.cc
  void PlanData(const Instance& instance, Diagnostics& diags);
  bool DependenciesPending(const Instance& instance) const;
  void CollectDependsOn();

  // plan_leftovers.cc
  void PlanLeftovers(bool complete);
  bool IsLeftover(const Address& address) const;
  // Resources of the state that no block is there for.
  std::vector<ConfigResource> LeftoverResources();
  std::unordered_set<Address> TargetedDestroys();
  void PlanLeftover(PriorObject& object, Diagnostics& diags);
  ActionReason ReasonToDelete(const PriorObject& object) const;
  const config::RemovedBlock* FindRemoved(const Address& address) const;
  void WarnOfForgotten(const Plan& plan, Diagnostics& diags) const;

  // Safe from any thread.
  static constexpr auto kNoBlock = static_cast<graph::Vertex>(-1);
  // `prior`: of the object that it is about, if there is one.
  void Record(ResourceChange&& change, const PriorObject* prior, graph::Vertex block = kNoBlock);
  void RecordDrift(const Address& address, const Address* previous, ProviderRef provider,
                   std::shared_ptr<const Schema> schema, const Value& before, const Value& after,
                   const std::string& deposed_key);

  const PlanInputs& inputs_;
  const PlanOptions& options_;
  const Groundwork& groundwork_;
  Run run_;
  ConfigSteps steps_;
  Moves moves_;
  ImportTargets imports_;
  EphemeralResources ephemerals_;
  const ResourceRelations* relations_ = nullptr;
  std::optional<ResourceRelations> relations_with_leftovers_;
  std::unordered_set<Address> force_replace_;
  // How many objects of each type the state has, by provider.
  std::map<ProviderConfigAddress, std::map<std::string, std::size_t>> reads_;
  // By vertex of a block: one of its instances has a change. What data sources with depends_on wait
  // for.
  std::vector<std::atomic<bool>> pending_;
  std::vector<std::vector<graph::Vertex>> depends_on_;  // by vertex of a data block: managed blocks

  std::mutex mutex_;  // of what follows
  Changes changes_;
  // What the replacements depend on that create first because their provider wants it.
  std::set<ConfigResource> beneath_overlaps_;
  std::vector<DriftChange> drift_;
};

}  // namespace tkn::plan
