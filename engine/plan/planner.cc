#include "engine/plan/planner.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "engine/plan/module_scope.h"
#include "engine/plan/object_codec.h"
#include "engine/plan/relevant_attributes.h"
#include "engine/plan/timestamp.h"
#include "engine/value/json.h"

namespace tkn::plan {
namespace {

RunInputs RunInputsOf(const PlanInputs& inputs, const Groundwork& groundwork) {
  const PlanOptions& options = inputs.options;
  return {.graph = groundwork.graph,
          .variables = inputs.variables,
          .schemas = inputs.schemas,
          .state = inputs.state,
          .evaluation = {.workspace = options.workspace,
                         .root_directory = options.root_directory,
                         .working_directory = options.working_directory,
                         .plan_timestamp = Rfc3339(UnixNow())},
          .offline = options.offline,
          .parallelism = options.parallelism,
          .at_once = options.at_once,
          .hooks = inputs.hooks,
          .interruption = inputs.interruption};
}

// What has a block in the walk, for one vertex: the instances of all its modules.
struct BlockWork {
  struct Part {
    std::size_t module;
    std::size_t instance;
  };
  explicit BlockWork(const Step& step) : own_references(*step.node, step.index) {}

  std::vector<ResourceInModule> modules;
  std::vector<Part> parts;
  std::vector<Part> first;  // what the other instances of their modules refer to
  OwnReferences own_references;
};

bool SameOutputs(const state::Snapshot& a, const state::Snapshot& b) {
  return std::equal(a.outputs.begin(), a.outputs.end(), b.outputs.begin(), b.outputs.end(),
                    [](const state::StoredOutput& x, const state::StoredOutput& y) {
                      return x.name == y.name && x.value_json == y.value_json &&
                             x.type_json == y.type_json && x.sensitive == y.sensitive;
                    });
}

// The state that is shown as prior has the outputs that were worked out on the way; what is known
// only later is still what it was.
std::shared_ptr<const state::Snapshot> WithOutputs(std::shared_ptr<const state::Snapshot> prior,
                                                   const std::vector<OutputChange>& changes) {
  const auto is_settled = [](const OutputChange& change) {
    return change.action != Action::kNoOp && change.action != Action::kDelete &&
           change.after.IsWhollyKnown();
  };
  if (std::none_of(changes.begin(), changes.end(), is_settled)) return prior;
  auto snapshot = std::make_shared<state::Snapshot>(*prior);
  std::map<std::string, state::StoredOutput> outputs;
  for (state::StoredOutput& output : snapshot->outputs) {
    const std::string name = output.name;
    outputs[name] = std::move(output);
  }
  for (const OutputChange& change : changes) {
    if (!is_settled(change)) continue;
    const Value value = change.after.UnmarkDeep();
    outputs.erase(change.name);
    if (value.IsNull()) continue;  // as if it were not there
    outputs[change.name] = {.name = change.name,
                            .value_json = ToJson(value),
                            .type_json = value.type().ToJson(),
                            .sensitive = change.after.ContainsMark(MarkKind::kSensitive)};
  }
  snapshot->outputs.clear();
  for (auto& [name, output] : outputs) snapshot->outputs.push_back(std::move(output));
  return snapshot;
}

Diagnostic Halted() {
  return {.summary = "execution halted",
          .detail = "The run was interrupted before the plan was complete, so there is none."};
}

}  // namespace

Planner::Planner(const PlanInputs& inputs, const Groundwork& groundwork)
    : inputs_(inputs),
      options_(inputs.options),
      groundwork_(groundwork),
      run_(RunInputsOf(inputs, groundwork)),
      steps_(run_, inputs.options.mode != Mode::kDestroy),
      moves_(inputs.config),
      imports_(run_, inputs.options.generate_config),
      ephemerals_(run_),
      force_replace_(options_.force_replace.begin(), options_.force_replace.end()),
      pending_(run_.graph.graph().size()),
      depends_on_(run_.graph.graph().size()) {}

Planner::~Planner() = default;

bool Planner::IsTargeted(const Address& address) const {
  if (options_.targets.empty()) return true;
  return std::any_of(options_.targets.begin(), options_.targets.end(),
                     [&](const TargetAddress& target) { return target.Contains(address); });
}

bool Planner::IsLeftOut(const Address& address) const {
  if (IsTargeted(address)) return false;
  const config::ModuleNode* node = nullptr;
  const config::Resource* block = run_.tree.FindResource(address.Resource().Config(), &node);
  if (block == nullptr) return false;
  const auto index = static_cast<std::uint32_t>(block - node->module->resources.data());
  return IsTarget({StepKind::kResource, node, index}, options_.targets);
}

// A moved object is planned under its new address, so both must be among the targets.
bool Planner::CheckMovesTargeted(Diagnostics& diags) {
  if (options_.targets.empty()) return true;
  std::set<std::string> missing;
  for (const PriorObject& object : run_.prior.objects()) {
    if (object.previous == nullptr) continue;
    for (const Address* address : {object.previous, object.address}) {
      if (!IsTargeted(*address)) missing.insert(address->ToString());
    }
  }
  if (missing.empty()) return true;
  std::string list;
  for (const std::string& address : missing) list += "\n  -target=" + JsonQuote(address);
  diags.Add({.summary = "Moved resource instances excluded by targeting",
             .detail = "Objects of the state have moved to new addresses, and these targets leave "
                       "some of them out. Plan without -target, or add:" +
                       list});
  return false;
}

std::optional<Plan> Planner::Make(Diagnostics& diags) {
  Plan plan;
  plan.mode = options_.mode;
  plan.terraform_version = kTerraformVersion;
  plan.created_unix_seconds = UnixNow();
  plan.workspace = options_.workspace;
  plan.root_directory = options_.root_directory;
  plan.complete = options_.targets.empty();
  for (const TargetAddress& target : options_.targets) plan.targets.push_back(target.ToString());
  for (const Address& address : options_.force_replace)
    plan.force_replace.push_back(address.ToString());
  for (const config::Variable& variable : inputs_.config.root().module->variables) {
    const auto given = inputs_.variables.find(variable.name);
    if (given == inputs_.variables.end()) continue;
    plan.variables[std::string(variable.name)] = {
        .value = variable.ephemeral ? Value::Null(Type::Dynamic()) : given->second.value,
        .sensitive = variable.sensitive,
        .ephemeral = variable.ephemeral};
  }
  for (const FileId file : inputs_.config.files()) {
    if (const SourceFile* source = inputs_.sources.Find(file)) {
      plan.sources.push_back({source->name(), std::string(source->text())});
    }
  }
  plan.base_state = inputs_.state;

  if (!options_.targets.empty()) {
    diags.Add({.severity = Severity::kWarning,
               .summary = "Resource targeting is in effect",
               .detail =
                   "This plan was made with -target, so it may leave out changes that the "
                   "configuration asks for. Use -target to recover from mistakes or to get round "
                   "a failing part, not as a matter of course; afterwards plan without it."});
  }
  Diagnostics cycles = groundwork_.cycles;
  diags.Append(std::move(cycles));
  if (!groundwork_.relations || !CheckRemoved(diags)) return std::nullopt;
  moves_.Apply(run_.prior);
  if (!CheckMovesTargeted(diags)) return std::nullopt;
  relations_ = &*groundwork_.relations;
  if (const auto leftovers = LeftoverResources(); !leftovers.empty()) {
    relations_with_leftovers_.emplace(run_.graph, groundwork_.included, options_.rotate, leftovers);
    relations_ = &*relations_with_leftovers_;
  }
  CollectDependsOn();
  CountReads();
  steps_.SetUsedProviders(ConfigSteps::UsedProviders(run_));

  const bool destroy = options_.mode == Mode::kDestroy;
  const bool nothing_to_destroy = destroy && inputs_.state->IsEmpty();
  if (!nothing_to_destroy) {
    graph::Walk(run_.graph.graph(), run_.WalkOptions(),
                [&](graph::Vertex vertex, graph::FanOut& parts) { return DoStep(vertex, parts); });
  }
  // An object can't outlive what it depends on: those create first, too.
  changes_.CreateFirst(beneath_overlaps_);
  Diagnostics found = run_.TakeDiagnostics();
  // Where objects did not get where they belong, a plan would only mislead, and so would other
  // errors.
  if (Diagnostics wrong;
      !nothing_to_destroy && !run_.IsStopped() && !moves_.Check(run_.evaluation, wrong)) {
    return WithoutPlan(std::move(wrong), diags);
  }
  // Before a destroy everything is looked at as for any other plan, import blocks included.
  if (destroy && options_.refresh && !nothing_to_destroy)
    (void)imports_.WithoutConfig(options_.targets, found);
  // Without the look at everything that comes first there is no plan to destroy it, not even a
  // part.
  if (destroy && options_.refresh && found.HasErrors()) return WithoutPlan(std::move(found), diags);
  // What only follows from an error is not worth planning; but a run reports as many errors as it
  // can.
  if (!run_.IsStopped() && !(destroy && found.HasErrors())) {
    const bool complete = !found.HasErrors();
    if (complete) moves_.WarnOfBlocked(found);
    PlanLeftovers(complete);
    found.Append(run_.TakeDiagnostics());
  }
  ephemerals_.CloseAll();
  found.Append(run_.TakeDiagnostics());
  if (run_.IsStopped()) found.Add(Halted());

  plan.outputs = CompareOutputs(run_, steps_, *inputs_.state, destroy && !options_.refresh, found);
  plan.prior_state = WithOutputs(run_.prior.Build(), plan.outputs);
  if (destroy &&
      options_.refresh) {  // what is destroyed is what there is after a look at all of it
    plan.outputs = CompareOutputs(run_, steps_, *plan.prior_state, /*destroy=*/true, found);
  }
  if (!options_.targets
           .empty()) {  // outputs are no targets: those that are gone stay until all is planned
    std::erase_if(plan.outputs,
                  [](const OutputChange& change) { return change.action == Action::kDelete; });
  }
  plan.changes = std::move(changes_);
  plan.changes.Sort();
  std::sort(drift_.begin(), drift_.end(), [](const DriftChange& a, const DriftChange& b) {
    if (const auto order = a.change.address <=> b.change.address; order != 0) return order < 0;
    return a.change.deposed_key < b.change.deposed_key;
  });
  plan.drift = std::move(drift_);
  plan.checks = destroy ? UnlookedAtChecks(run_.graph) : run_.checks.Results();
  plan.relevant_attributes = RelevantAttributes(run_.tree, run_.evaluation, plan);
  WarnOfForgotten(plan, found);
  plan.errored = found.HasErrors();
  plan.complete = plan.complete && !plan.errored;
  plan.applyable = !plan.errored && plan.HasChanges();
  if (options_.mode == Mode::kRefreshOnly) {
    plan.applyable =
        !plan.errored && (!plan.drift.empty() || !SameOutputs(*plan.prior_state, *plan.base_state));
  }
  diags.Append(std::move(found));
  return plan;
}

std::nullopt_t Planner::WithoutPlan(Diagnostics&& found, Diagnostics& diags) {
  ephemerals_.CloseAll();
  found.Append(run_.TakeDiagnostics());
  if (run_.IsStopped()) found.Add(Halted());
  diags.Append(std::move(found));
  return std::nullopt;
}

graph::Outcome Planner::DoStep(graph::Vertex vertex, graph::FanOut& parts) {
  if (!groundwork_.included[vertex]) return graph::Outcome::kDone;
  const Step& step = run_.graph.steps()[vertex];
  if (step.kind == StepKind::kResource) return ExpandResource(vertex, parts);
  const graph::Outcome outcome = steps_.Do(step);
  if (step.kind == StepKind::kProvider && outcome == graph::Outcome::kDone) Anticipate(step.index);
  return outcome;
}

graph::Outcome Planner::ExpandResource(graph::Vertex vertex, graph::FanOut& parts) {
  const Step& step = run_.graph.steps()[vertex];
  const config::Resource& block = step.node->module->resources[step.index];
  Diagnostics diags;
  auto work = std::make_shared<BlockWork>(step);
  if (!work->own_references.CheckRepetition(diags)) return FinishStep(run_, std::move(diags));
  std::vector<std::string> checked;
  const bool has_conditions =
      !block.lifecycle.preconditions.empty() || !block.lifecycle.postconditions.empty();
  // Before a destroy, too: it begins with a look at what there is, as a plan does.
  const bool imports =
      block.name.mode == ResourceMode::kManaged &&
      (options_.mode == Mode::kNormal || (options_.mode == Mode::kDestroy && options_.refresh));
  if (imports) imports_.Evaluate({step.node->path, block.name}, diags);
  for (const auto& module : run_.evaluation.InstancesOf(*step.node)) {
    std::optional<ResourceInModule> located = run_.Locate(*module, step.index, diags);
    if (!located) break;
    const ModuleScope scope(run_.evaluation, *module);
    std::optional<Expansion> expansion = Expand(block.count, block.for_each, scope, diags);
    if (!expansion) continue;
    WarnOfUnmatchedReplace(*located, *expansion, diags);
    std::optional<std::size_t> first = Expansion::npos;
    if (!work->own_references.empty() && (options_.mode != Mode::kDestroy || options_.refresh)) {
      first = work->own_references.FindFirst(*module, *expansion, run_.prior, diags);
      if (!first) continue;
    }
    ResourceValues& values = module->resources[step.index];
    values.Set(std::move(*expansion));
    work->modules.push_back(std::move(*located));
    for (std::size_t i = 0; i < values.values.size(); ++i) {
      (i == *first ? work->first : work->parts).push_back({work->modules.size() - 1, i});
      if (has_conditions) {
        checked.push_back(
            Address{module->address, block.name, values.expansion.keys[i]}.ToString());
      }
    }
  }
  if (has_conditions) run_.checks.Expand(CheckedResource(*step.node, block), checked);
  if (imports && !diags.HasErrors()) imports_.CheckInstances({step.node->path, block.name}, diags);
  if (FinishStep(run_, std::move(diags)) == graph::Outcome::kFailed) return graph::Outcome::kFailed;

  const auto plan = [this, work, vertex](const BlockWork::Part& part) {
    const ResourceInModule& resource = work->modules[part.module];
    ResourceValues& values =
        const_cast<ModuleInstance*>(resource.module)->resources[resource.index];
    const Address address{resource.module->address, resource.block->name,
                          values.expansion.keys[part.instance]};
    return PlanInstance({.resource = resource,
                         .address = address,
                         .text = address.ToString(),
                         .repetition = values.expansion.At(part.instance),
                         .value = &values.values[part.instance],
                         .vertex = vertex,
                         .own_references = &work->own_references});
  };
  bool failed = false;
  for (const BlockWork::Part& part : work->first) {
    failed = plan(part) == graph::Outcome::kFailed || failed;
    const ResourceInModule& resource = work->modules[part.module];
    const_cast<ModuleInstance*>(resource.module)->resources[resource.index].Complete();
  }
  if (failed) return graph::Outcome::kFailed;
  const auto plan_part = [work, plan](std::size_t i) { return plan(work->parts[i]); };
  const auto complete = [this, work] {
    for (const ResourceInModule& resource : work->modules) {
      ResourceValues& values =
          const_cast<ModuleInstance*>(resource.module)->resources[resource.index];
      if (options_.mode == Mode::kRefreshOnly) KeepExisting(resource, values);
      values.Complete();
    }
    return graph::Outcome::kDone;
  };
  if (work->parts.size() == 1) {  // most blocks: no need for a fan
    return plan_part(0) == graph::Outcome::kFailed ? graph::Outcome::kFailed : complete();
  }
  parts.Set(work->parts.size(), plan_part, complete);
  return graph::Outcome::kDone;
}

// Where nothing is planned there is only what is there: instances to come are not part of the
// whole.
void Planner::KeepExisting(const ResourceInModule& resource, ResourceValues& values) {
  if (resource.block->name.mode != ResourceMode::kManaged) return;
  const auto exists = [&](const InstanceKey& key) {
    const PriorObject* object =
        run_.prior.Find({resource.module->address, resource.block->name, key});
    return object != nullptr && !object->gone;
  };
  Expansion& expansion = values.expansion;
  if (expansion.repeated == Repeated::kNo) {
    if (!exists(InstanceKey())) values.values.assign(1, Value::Dynamic());
    return;
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < expansion.keys.size(); ++i) {
    if (exists(expansion.keys[i])) {
      const bool moves = kept != i && expansion.repeated == Repeated::kForEach;
      if (moves) {
        expansion.keys[kept] = expansion.keys[i];
        values.values[kept] = values.values[i];
        if (i < expansion.each_values.size())
          expansion.each_values[kept] = expansion.each_values[i];
      }
      kept = expansion.repeated == Repeated::kForEach ? kept + 1 : i + 1;
    } else if (expansion.repeated == Repeated::kCount) {
      values.values[i] = Value::Dynamic();  // a gap, unless it is at the end
    }
  }
  expansion.keys.resize(kept);
  values.values.resize(kept);
  if (expansion.each_values.size() > kept) expansion.each_values.resize(kept);
}

graph::Outcome Planner::PlanInstance(const Instance& instance) {
  Diagnostics diags;
  const bool is_planned = options_.mode != Mode::kDestroy || options_.refresh;
  if (is_planned && !instance.own_references->empty() && !IsLeftOut(instance.address) &&
      !instance.own_references->CheckBody(instance.address.key, diags)) {
    return FinishStep(run_, std::move(diags));
  }
  switch (instance.resource.block->name.mode) {
    case ResourceMode::kManaged:
      PlanManaged(instance, diags);
      break;
    case ResourceMode::kData:
      PlanData(instance, diags);
      break;
    case ResourceMode::kEphemeral:
      *instance.value = ephemerals_.Open(instance.resource, instance.address, instance.repetition,
                                         options_.mode != Mode::kDestroy, diags);
      break;
  }
  return FinishStep(run_, std::move(diags));
}

// -replace names a resource whose instances have keys: nothing is replaced, which is told. As with
// Terraform the module is not looked at: somebody who leaves out keys may have left out those of
// the modules, too.
void Planner::WarnOfUnmatchedReplace(const ResourceInModule& resource, const Expansion& expansion,
                                     Diagnostics& diags) {
  if (expansion.repeated == Repeated::kNo) return;
  for (const Address& wanted : options_.force_replace) {
    if (!wanted.key.IsNone() || wanted.resource != resource.block->name) continue;
    std::string detail = "-replace=" + wanted.ToString() + " names no instance";
    if (expansion.keys.empty()) {
      detail += ": this resource has none.";
    } else {
      detail += ", since this resource has count or for_each. Name one:";
      for (std::size_t i = 0; i < expansion.keys.size() && i < 10; ++i) {
        const Address instance{resource.module->address, resource.block->name, expansion.keys[i]};
        detail += "\n  -replace=" + JsonQuote(instance.ToString());
      }
    }
    diags.Add({.severity = Severity::kWarning,
               .summary = "Incompletely-matched force-replace resource instance",
               .detail = std::move(detail)});
  }
}

bool Planner::CheckPostconditions(const Instance& instance, const Value& self, Diagnostics& diags) {
  const config::Resource& block = *instance.resource.block;
  if (block.lifecycle.postconditions.empty() || options_.mode == Mode::kDestroy) return true;
  const ModuleScope scope(run_.evaluation, *instance.resource.module, &instance.repetition, &self);
  std::vector<config::ConditionOutcome> outcomes;
  const bool holds = CheckConditions(block.lifecycle.postconditions, scope,
                                     {.summary = "Resource postcondition failed"}, outcomes, diags);
  run_.checks.Report(CheckedResource(*instance.resource.module->node, block), instance.text,
                     outcomes);
  return holds;
}

void Planner::Record(ResourceChange&& change, const PriorObject* prior, graph::Vertex block) {
  if (change.action != Action::kNoOp && block != kNoBlock) {
    pending_[block].store(true, std::memory_order_relaxed);
  }
  const std::size_t place = prior == nullptr
                                ? Changes::kNoPlace
                                : static_cast<std::size_t>(prior - run_.prior.objects().data());
  Changes::Entry entry(std::move(change), place);
  const std::lock_guard lock(mutex_);
  changes_.Add(std::move(entry));
}

void Planner::RecordDrift(const Address& address, const Address* previous, ProviderRef provider,
                          std::shared_ptr<const Schema> schema, const Value& before,
                          const Value& after, const std::string& deposed_key) {
  const bool is_same = before.RawEquals(after);
  // That something only moved is news where nothing else is planned.
  if (is_same && (previous == nullptr || options_.mode != Mode::kRefreshOnly)) return;
  ResourceChange change{.address = address,
                        .deposed_key = deposed_key,
                        .provider = provider,
                        .action = after.IsNull() ? Action::kDelete
                                  : is_same      ? Action::kNoOp
                                                 : Action::kUpdate,
                        .before = before,
                        .after = after,
                        .schema = std::move(schema)};
  if (previous != nullptr) change.previous_address = *previous;
  const std::lock_guard lock(mutex_);
  drift_.push_back({std::move(change)});
}

std::optional<Plan> MakePlan(const PlanInputs& inputs, Diagnostics& diags) {
  if (inputs.groundwork != nullptr) return Planner(inputs, *inputs.groundwork).Make(diags);
  const Groundwork groundwork(inputs.config, inputs.options);
  return Planner(inputs, groundwork).Make(diags);
}

}  // namespace tkn::plan
