#include "engine/apply/applier.h"

#include <algorithm>
#include <chrono>
#include <map>

#include "engine/apply/check_results.h"
#include "engine/plan/state_values.h"
#include "engine/plan/timestamp.h"
#include "engine/value/json.h"

namespace tkn::apply {
namespace {

using plan::StepKind;

// While as many steps as there are slots wait for their calls, as many others make what they are
// going to call for, or what came back, durable. With one slot there is one step at a time, so that
// the order is always the same.
constexpr int kStepsPerSlot = 2;
// While calls wait for slots, the intents of those and the results of those that end wait for each
// other and share commits: 106 instead of 237 syncs for 200 tokens. Calls are of 50 ms and more.
constexpr std::chrono::milliseconds kPatience{5};

plan::RunInputs RunInputsOf(const ApplyInputs& inputs, const plan::ConfigGraph& graph,
                            const config::VariableInputs& variables) {
  return {.graph = graph,
          .variables = variables,
          .schemas = inputs.schemas,
          .state = inputs.plan.prior_state,
          .evaluation = {.workspace = inputs.workspace,
                         .root_directory = inputs.root_directory,
                         .working_directory = inputs.working_directory,
                         .plan_timestamp = plan::Rfc3339(inputs.plan.created_unix_seconds),
                         .is_apply = true},
          .parallelism = inputs.parallelism,
          .at_once = true,
          .hooks = inputs.hooks,
          .interruption = inputs.interruption};
}

bool SameStored(const state::StoredObject& a, const state::StoredObject& b) {
  return a.attributes_json == b.attributes_json && a.status == b.status &&
         a.provider == b.provider && a.schema_version == b.schema_version &&
         a.sensitive_paths == b.sensitive_paths && a.private_bytes == b.private_bytes &&
         a.dependencies == b.dependencies && a.create_before_destroy == b.create_before_destroy;
}

// What refreshing, moves and imports changed, as the first thing to write.
state::StateStore::Change Difference(const state::Snapshot& before, const state::Snapshot& after) {
  state::StateStore::Change change;
  const auto key = [](const state::StoredObject& object) {
    return state::ObjectKey{object.address, object.deposed_key};
  };
  std::size_t i = 0, j = 0;
  while (i < before.objects.size() || j < after.objects.size()) {
    if (j == after.objects.size()) {
      change.remove.push_back(key(before.objects[i++]));
      continue;
    }
    if (i == before.objects.size()) {
      change.put.push_back(after.objects[j++]);
      continue;
    }
    const state::StoredObject& a = before.objects[i];
    const state::StoredObject& b = after.objects[j];
    auto order = a.address <=> b.address;
    if (order == 0) order = a.deposed_key <=> b.deposed_key;
    if (order < 0) {
      change.remove.push_back(key(a));
      ++i;
    } else if (order > 0) {
      change.put.push_back(b);
      ++j;
    } else {
      if (!SameStored(a, b)) change.put.push_back(b);
      ++i;
      ++j;
    }
  }
  return change;
}

}  // namespace

Diagnostic IncompleteWarning() {
  return {.severity = Severity::kWarning,
          .summary = "Applied changes may be incomplete",
          .detail =
              "The plan was made with -target, so some of what the configuration asks for may "
              "not have been done. Plan again without -target to see what is left."};
}

Applier::Applier(const ApplyInputs& inputs, const config::VariableInputs& variables)
    : inputs_(inputs),
      graph_(inputs.config, /*split_resources=*/true),
      run_(RunInputsOf(inputs, graph_, variables)),
      steps_(run_, inputs.plan.mode != plan::Mode::kDestroy),
      ephemerals_(run_),
      ticker_(run_.hooks),
      slots_(inputs.parallelism, [this] { return IsStopped(); }) {
  // What the plan knows of is reported even if a failure keeps it from being reached.
  for (const plan::CheckResult& check : inputs.plan.checks) {
    if (check.instances.empty()) continue;
    std::vector<std::string> instances;
    for (const plan::CheckResult::Instance& instance : check.instances)
      instances.push_back(instance.address);
    run_.checks.Expand({check.kind, check.module, check.name}, instances);
  }
}

bool Applier::Commit(state::StateStore::Change change, Diagnostics& diags) {
  if (slots_.AreSoughtAfter()) change.patience = kPatience;
  if (inputs_.store.Commit(change, diags)) return true;
  store_failed_.store(true, std::memory_order_relaxed);
  return false;
}

bool Applier::RecordIntent(state::Intent& intent, const CallSlots::Slot& slot, Diagnostics& diags) {
  if (!slot && slots_.AreSoughtAfter()) intent.patience = kPatience;
  if (inputs_.store.RecordIntent(intent, diags)) return true;
  store_failed_.store(true, std::memory_order_relaxed);
  return false;
}

void Applier::GiveUp(const state::StateStore::Change& undo, Diagnostics& diags) {
  gave_up_.store(true, std::memory_order_relaxed);
  // A store that failed said so already, and keeps the intent: the next run asks about it.
  const bool has_effect = undo.ends_intent || !undo.put.empty() || !undo.remove.empty();
  if (has_effect && !store_failed_.load(std::memory_order_relaxed)) (void)Commit(undo, diags);
}

bool Applier::Begin(Diagnostics& diags) {
  if (!inputs_.store.BeginOperation({.command = inputs_.command}, diags)) return false;
  if (inputs_.plan.base_state == inputs_.plan.prior_state) return true;
  const state::StateStore::Change change =
      Difference(*inputs_.plan.base_state, *inputs_.plan.prior_state);
  return (change.put.empty() && change.remove.empty()) || Commit(change, diags);
}

// The objects are in the state already, with all that was refreshed.
void Applier::TellImports() {
  for (const plan::ResourceChange& change : inputs_.plan.changes.all()) {
    if (!change.import_id) continue;
    const plan::Hooks::Instance shown{.address = change.address, .deposed_key = {}};
    run_.hooks.BeforeApplyImport(shown, *change.import_id);
    run_.hooks.AfterApplyImport(shown, *change.import_id);
    ++imported_;
  }
}

// When destroying, only what providers are configured from; with -target what was planned with it.
std::vector<bool> Applier::SelectSteps() {
  const graph::Graph& graph = run_.graph.graph();
  if (IsDestroy()) {
    std::vector<graph::Vertex> providers;
    const auto& steps = run_.graph.steps();
    for (graph::Vertex v = 0; v < steps.size(); ++v) {
      if (steps[v].kind == StepKind::kProvider) providers.push_back(v);
    }
    return plan::WithDependencies(graph, std::move(providers));
  }
  if (inputs_.plan.targets.empty()) return std::vector<bool>(graph.size(), true);
  std::vector<TargetAddress> targets;
  Diagnostics unused;
  for (const std::string& text : inputs_.plan.targets) {
    if (auto target = TargetAddress::Parse(text, unused)) targets.push_back(std::move(*target));
  }
  return plan::SelectTargets(run_.graph, targets);
}

ApplyResult Applier::Run(Diagnostics& diags) {
  ApplyResult result;
  ordering_.emplace(inputs_.plan.changes.all(), run_.prior, graph_);
  if (!ordering_->Check(diags)) return result;
  const graph::Graph& graph = run_.graph.graph();
  included_ = SelectSteps();
  is_referred_to_.assign(graph.size(), false);
  for (graph::Vertex v = 0; v < run_.graph.steps().size(); ++v) {
    const plan::Step& step = run_.graph.steps()[v];
    if (step.kind != StepKind::kResource) continue;
    for (const graph::Vertex d : graph.DependantsOf(run_.graph.DoneOf(*step.node, step.index))) {
      const StepKind kind = run_.graph.steps()[d].kind;
      if (kind != StepKind::kModuleDone && kind != StepKind::kAllResources)
        is_referred_to_[v] = true;
    }
  }
  steps_.SetUsedProviders(plan::ConfigSteps::UsedProviders(run_));
  if (!inputs_.plan.targets.empty()) {
    diags.Add(IncompleteWarning());
  }

  if (!Begin(diags)) return result;
  TellImports();
  graph::WalkOptions options = run_.WalkOptions();
  options.is_stopped = [this] { return IsStopped(); };
  if (options.parallelism > 1) options.parallelism *= kStepsPerSlot;
  const std::vector<graph::VertexState> states = graph::Walk(
      graph, options, [&](graph::Vertex vertex, graph::FanOut&) { return DoStep(vertex); });
  ephemerals_.CloseAll();
  diags.Append(run_.TakeDiagnostics());
  const bool skipped = std::any_of(states.begin(), states.end(), [](graph::VertexState s) {
    return s == graph::VertexState::kSkipped;
  });
  if (run_.IsStopped() && (skipped || gave_up_.load(std::memory_order_relaxed))) {
    diags.Add({.summary = "execution halted",
               .detail =
                   "The run was interrupted. What was finished until then is in the state; plan "
                   "again to see what is left to do."});
  }
  Finish(result, diags);
  result.imported = imported_;
  result.added = added_;
  result.changed = changed_;
  result.destroyed = destroyed_;
  result.forgotten = forgotten_;
  result.succeeded = !diags.HasErrors();
  return result;
}

graph::Outcome Applier::DoStep(graph::Vertex vertex) {
  Diagnostics diags;
  if (vertex >= run_.graph.steps().size()) {
    if (const Task* task = ordering_->At(vertex)) {
      switch (task->kind) {
        case TaskKind::kPut:
          Put(*task, diags);
          break;
        case TaskKind::kDestroy:
          Destroy(*task, diags);
          break;
        case TaskKind::kForget:
          Forget(*task, diags);
          break;
      }
    }
    return plan::FinishStep(run_, std::move(diags));
  }
  if (!included_[vertex]) return graph::Outcome::kDone;
  const plan::Step& step = run_.graph.steps()[vertex];
  if (step.kind == StepKind::kResource) {
    ExpandResource(step, diags);
    return plan::FinishStep(run_, std::move(diags));
  }
  if (step.kind == StepKind::kResourceDone) {
    CompleteResource(step);
    return graph::Outcome::kDone;
  }
  return steps_.Do(step);
}

// Outputs, check results, and, once everything is destroyed, what data sources left.
void Applier::Finish(ApplyResult& result, Diagnostics& diags) {
  const auto& outputs = run_.tree.root().module->outputs;
  std::map<std::string, state::StoredOutput> stored;
  // What was known when the plan was made holds also where a failure kept an output from being
  // evaluated again.
  for (const state::StoredOutput& output : inputs_.plan.prior_state->outputs)
    stored[output.name] = output;
  for (const plan::OutputChange& change : inputs_.plan.outputs) {
    if (change.action == plan::Action::kDelete && inputs_.plan.targets.empty())
      stored.erase(change.name);
  }
  for (std::size_t i = 0; i < outputs.size() && !IsDestroy(); ++i) {
    if (!steps_.root_outputs()[i] || outputs[i].ephemeral) continue;
    const std::string name(outputs[i].name);
    const Value value = plan::UnknownsAsNull(steps_.root_outputs()[i]->UnmarkDeep());
    if (value.IsNull()) {
      stored.erase(name);
      continue;
    }
    stored[name] = {.name = name,
                    .value_json = ToJson(value),
                    .type_json = value.type().ToJson(),
                    .sensitive = outputs[i].sensitive ||
                                 steps_.root_outputs()[i]->ContainsMark(MarkKind::kSensitive)};
  }
  state::StoredChecks checks;
  result.checks = IsDestroy() ? inputs_.plan.checks : run_.checks.Results();
  checks.json = CheckResultsToJson(result.checks);

  std::vector<state::StoredOutput> list;
  for (auto& [name, output] : stored) {
    std::string error;
    const std::optional<Type> type = TypeFromJson(output.type_json, &error);
    const std::optional<Value> value =
        type ? FromJson(output.value_json, *type, &error) : std::nullopt;
    if (value) result.outputs.push_back({name, *value, output.sensitive});
    list.push_back(std::move(output));
  }
  if (store_failed_.load(std::memory_order_relaxed)) return;  // it said so already
  if (IsDestroy() && !diags.HasErrors() && inputs_.plan.targets.empty()) {
    state::StateStore::Change data;
    for (const plan::PriorObject& object : run_.prior.objects()) {
      if (object.address->resource.mode == ResourceMode::kData)
        data.remove.push_back({*object.address, ""});
    }
    if (!data.remove.empty() && !Commit(data, diags)) return;
  }
  if (inputs_.store.CommitOutputs(list, checks, diags)) (void)inputs_.store.FinishOperation(diags);
}

ApplyResult Apply(const ApplyInputs& inputs, Diagnostics& diags) {
  config::VariableInputs variables;
  for (const auto& [name, planned] : inputs.plan.variables) {
    if (planned.ephemeral) continue;
    variables[name] = {.origin = config::VariableOrigin::kPlan, .value = planned.value};
  }
  for (const auto& [name, input] : inputs.ephemeral_variables) {
    const std::uint32_t index = inputs.config.root().module->FindVariable(name);
    if (index == config::kNone || !inputs.config.root().module->variables[index].ephemeral)
      continue;
    variables[name] = input;
  }
  return Applier(inputs, variables).Run(diags);
}

}  // namespace tkn::apply
