#include <chrono>

#include "engine/apply/applier.h"
#include "engine/apply/provision_step.h"
#include "engine/plan/data_source.h"
#include "engine/plan/module_scope.h"
#include "engine/plan/object_codec.h"
#include "engine/plan/timestamp.h"
#include "engine/value/json.h"

namespace tkn::apply {
namespace {

using plan::Action;
using plan::ProviderMistake;

// What an intent may say of the planned values: no secrets, and null for what nobody knows yet.
std::string PlannedJson(const Value& planned, Type type) {
  const Value redacted = planned.Transform([](const Path&, const Value& part) {
    return part.HasMark(MarkKind::kSensitive) ? Value::Null(part.type()) : part;
  });
  return ToJson(plan::UnknownsAsNull(redacted.UnmarkDeep()), type);
}

plan::Hooks::Instance Shown(const Address& address, const std::pair<std::string, std::string>& id) {
  return {.address = address, .deposed_key = {}, .id_key = id.first, .id_value = id.second};
}

}  // namespace

std::optional<Applier::Target> Applier::Locate(const Address& address, Diagnostics& diags) {
  const plan::ModuleInstance* module = run_.evaluation.Find(address.module);
  std::size_t slot = plan::Expansion::npos;
  std::uint32_t index = config::kNone;
  if (module != nullptr) {
    const ResourceName& name = address.resource;
    index = module->node->module->FindResource(name.mode, name.type, name.name);
    if (index != config::kNone) slot = module->resources[index].expansion.Find(address.key);
  }
  if (slot == plan::Expansion::npos) {
    diags.Add(
        {.summary = "Planned instance not in configuration",
         .detail =
             "The plan has a change for " + address.ToString() +
             ", but what count or for_each depends on came out otherwise than was planned, and "
             "the configuration no longer gives that instance. Plan again.",
         .address = address.ToString()});
    return std::nullopt;
  }
  std::optional<plan::ResourceInModule> resource = run_.Locate(*module, index, diags);
  if (!resource) return std::nullopt;
  plan::ResourceValues& values = const_cast<plan::ModuleInstance*>(module)->resources[index];
  return Target{std::move(*resource), values.expansion.At(slot), &values.values[slot]};
}

void Applier::Put(const Task& task, Diagnostics& diags) {
  const std::optional<Target> target = Locate(task.change->address, diags);
  if (!target) return;
  if (task.change->action == Action::kRead) {
    ReadData(task, *target, diags);
  } else {
    PutManaged(task, *target, diags);
  }
}

state::StoredObject Applier::NewObject(const Target& target, const Address& address) const {
  const config::ModuleNode& node = *target.resource.module->node;
  return {.address = address,
          .provider = target.resource.provider_address,
          .dependencies = ordering_->relations().DependenciesOf(node, target.resource.index),
          .create_before_destroy =
              ordering_->relations().CreateBeforeDestroy(node, target.resource.index)};
}

void Applier::ReadData(const Task& task, const Target& target, Diagnostics& diags) {
  const plan::ResourceInModule& resource = target.resource;
  const config::Resource& block = *resource.block;
  const Address& address = task.change->address;
  const plan::CheckedObject checked = plan::CheckedResource(*resource.module->node, block);
  if (!block.lifecycle.preconditions.empty()) {
    const plan::ModuleScope scope(run_.evaluation, *resource.module, &target.repetition);
    std::vector<config::ConditionOutcome> outcomes;
    const bool holds =
        plan::CheckConditions(block.lifecycle.preconditions, scope,
                              {.summary = "Resource precondition failed"}, outcomes, diags);
    run_.checks.Report(checked, address.ToString(), outcomes);
    if (!holds) return;
  }
  Diagnostics found;
  const auto config = plan::DecodeDataConfig(run_, resource, address, target.repetition, found);
  CallSlots::Slot slot = slots_.Take();
  if (!slot) {
    diags.Append(std::move(found));
    return GiveUp({}, diags);
  }
  std::optional<plan::DecodedObject> object;
  if (config && !config->value.IsWhollyKnown()) {
    found.Add({.summary = "Configuration contains unknown value",
               .detail = "What " + address.ToString() +
                         " asks for is still not known after everything before it was applied.",
               .subject = block.range,
               .address = address.ToString()});
  } else if (config) {
    object = plan::ReadDataSource(run_, resource, address, *config, found);
  }
  slot.Release();
  if (object) {
    *target.value = plan::WithOrigins(object->value, object->marks, address.ToString());
    (void)Commit({.put = {plan::StoredDataObject(resource, address, *object)}}, found);
    CheckPostconditions(target, address, *target.value, found);
  } else if (block.check != config::kNone) {
    const config::CheckBlock& check = resource.module->node->module->checks[block.check];
    const std::string name = "check." + std::string(check.name);
    std::vector<config::ConditionOutcome> outcomes;
    for (Diagnostic& diagnostic : found) {
      if (diagnostic.severity != Severity::kError) continue;
      diagnostic.severity = Severity::kWarning;
      outcomes.push_back(
          {config::ConditionResult::kFail, diagnostic.summary + ": " + diagnostic.detail});
    }
    *target.value = Value::Unknown(resource.schema->block.ImpliedType());
    // What was asked for is kept all the same, as Terraform does.
    if (config && config->value.IsWhollyKnown()) {
      const plan::DecodedObject asked{.value = config->value, .marks = config->marks};
      (void)Commit({.put = {plan::StoredDataObject(resource, address, asked)}}, found);
    }
    run_.checks.Report(
        {plan::CheckKind::kCheckBlock, resource.module->node->path, name},
        resource.module->address.IsRoot() ? name : resource.module->address.ToString() + "." + name,
        outcomes);
  }
  diags.Append(std::move(found));
}

void Applier::PutManaged(const Task& task, const Target& target, Diagnostics& diags) {
  const plan::ResourceChange& planned = *task.change;
  const plan::ResourceInModule& resource = target.resource;
  const Address& address = planned.address;
  const std::string text = address.ToString();
  const bool creating = planned.action != Action::kUpdate;

  std::optional<plan::PriorValue> prior;
  if (!creating) {
    if (task.stored == nullptr) throw std::logic_error("apply: nothing to update at " + text);
    auto object = plan::DecodeObject(*task.stored, *resource.schema, *resource.provider, diags);
    if (!object) return;
    prior =
        plan::PriorValue{.object = std::move(*object), .private_bytes = task.stored->private_bytes};
  }
  // With all that is known by now. It must be the plan that was agreed to, with unknowns filled in.
  const std::optional<plan::ComputedChange> computed =
      plan::ComputeChange(run_,
                          {.resource = resource,
                           .address = address,
                           .text = text,
                           .repetition = target.repetition,
                           .prior = prior ? &*prior : nullptr},
                          diags);
  if (!computed) return;
  const Action now = computed->change.action;
  std::vector<std::string> problems;
  if (creating ? now != Action::kCreate : now != Action::kUpdate && now != Action::kNoOp) {
    problems.push_back("the action changed from what was planned to another");
  } else {
    problems = CheckApplied(resource.schema->block, planned.after.UnmarkDeep(),
                            computed->change.after.UnmarkDeep());
  }
  if (!problems.empty()) {
    diags.Add(ProviderMistake("Provider produced inconsistent final plan",
                              resource.provider_address, text,
                              "changed its mind, with all values known, about the plan for",
                              problems, resource.block->range));
    return;
  }
  if (planned.action == Action::kCreateThenDelete && task.stored != nullptr) {
    // The old object makes way, durably, before there is a new one.
    state::StoredObject deposed = *task.stored;
    deposed.deposed_key = task.deposed_key;
    if (!Commit({.put = {std::move(deposed)}, .remove = {{address, ""}}}, diags)) return;
  }
  if (now == Action::kNoOp) {
    // What was unknown came out as it was: there is nothing to do, and nothing is said about it.
    *target.value = plan::WithOrigins(prior->object.value, computed->marks, text);
    CheckPostconditions(target, address, *target.value, diags);
    return;
  }
  if (prior && computed->change.after.EqualsIgnoringMarks(prior->object.value)) {
    // Only what is hidden of it changes: the provider isn't asked.
    state::StoredObject object = *task.stored;
    const state::StoredObject fresh = NewObject(target, address);
    object.dependencies = fresh.dependencies;
    object.create_before_destroy = fresh.create_before_destroy;
    object.sensitive_paths.clear();
    for (const PathMarks& mark : computed->marks) object.sensitive_paths.push_back(mark.path);
    const auto id = plan::DisplayId(computed->change.after);
    run_.hooks.BeforeApply(Shown(address, id), Action::kUpdate, &planned);
    const bool stored = Commit({.put = {std::move(object)}}, diags);
    run_.hooks.AfterApply(Shown(address, id), Action::kUpdate, std::chrono::milliseconds(0),
                          !stored);
    if (stored) ++changed_;
    *target.value = plan::WithOrigins(prior->object.value, computed->marks, text);
  } else if (!CallProvider(task, target, *computed, prior, diags)) {
    return;
  }
  CheckPostconditions(target, address, *target.value, diags);
}

bool Applier::CallProvider(const Task& task, const Target& target,
                           const plan::ComputedChange& computed,
                           const std::optional<plan::PriorValue>& prior, Diagnostics& diags) {
  const plan::ResourceInModule& resource = target.resource;
  const plan::ResourceChange& change = computed.change;
  const BlockSchema& schema = resource.schema->block;
  const Address& address = change.address;
  const std::string text = address.ToString();
  const bool creating = !prior;
  const Action action = creating ? Action::kCreate : Action::kUpdate;
  const Value nothing = Value::Null(schema.ImpliedType());

  const auto id = plan::DisplayId(change.before);
  const plan::Hooks::Instance shown = creating ? Shown(address, {}) : Shown(address, id);
  state::Intent intent{
      .object = {address, ""},
      .provider = resource.provider_address,
      .action = creating ? state::IntentAction::kCreate : state::IntentAction::kUpdate,
      .planned_json = PlannedJson(change.after, schema.ImpliedType()),
      .schema_version = resource.schema->version,
      .started_unix_seconds = plan::UnixNow()};
  CallSlots::Slot slot;
  if (!RecordIntent(intent, slot, diags)) return false;
  // How it ends when nothing was made or changed.
  const auto nothing_done = [&] {
    state::StateStore::Change outcome{.ends_intent = intent.id};
    if (creating && task.change->action == Action::kCreateThenDelete && task.stored != nullptr) {
      outcome.put.push_back(*task.stored);  // the old object takes its place again
      outcome.remove.push_back({address, task.deposed_key});
    } else if (creating) {
      outcome.remove.push_back({address, ""});  // of what `progress` may have stored
    }
    return outcome;
  };
  slot = slots_.Take();
  if (!slot) {
    GiveUp(nothing_done(), diags);
    return false;
  }
  run_.hooks.BeforeApply(shown, action, task.change);
  std::optional<ProgressTicker::Watch> watch(std::in_place, ticker_, shown, action);
  // What may be stored of an object at any time from here on.
  const auto store = [&](const Value& value, const std::string& private_bytes,
                         state::ObjectStatus status) {
    state::StoredObject object = NewObject(target, address);
    const Value known = plan::UnknownsAsNull(value);
    plan::EncodeObject(known, plan::SensitiveMarks(known, schema, computed.marks), *resource.schema,
                       object);
    object.private_bytes = private_bytes;
    object.status = status;
    return object;
  };
  const auto status_of_update =
      task.stored == nullptr ? state::ObjectStatus::kReady : task.stored->status;

  Diagnostics reported;
  providers::ApplyRequest request{.type = address.resource.type,
                                  .prior = {creating ? nothing : prior->object.value,
                                            creating ? std::string() : prior->private_bytes},
                                  .planned = {change.after.UnmarkDeep(), change.private_bytes},
                                  .config = computed.config};
  request.progress = [&](const providers::Object& so_far) {
    if (!creating || so_far.value.IsNull()) return;
    Diagnostics unused;  // if the store fails now it will fail again, when it is told
    (void)Commit(
        {.put = {store(so_far.value, so_far.private_bytes, state::ObjectStatus::kTainted)}},
        unused);
  };
  providers::ApplyResponse response =
      resource.provider->Apply(request, run_.interruption.abort, reported);
  // What is left to do is to make it durable, unless provisioners run: those count as calls.
  const bool has_provisioners =
      creating && HasProvisioners(*resource.block, config::ProvisionerWhen::kCreate);
  if (!has_provisioners) slot.Release();
  const bool provider_failed = reported.HasErrors();
  plan::PlaceDiagnostics(std::move(reported), text, &resource.block->body, resource.block->range,
                         diags);

  bool failed = provider_failed;
  Value value = response.object.value;
  std::vector<std::string> problems;
  const char* mistake = "Provider produced inconsistent result after apply";
  if (!value.IsNull()) {
    problems = CheckConforms(plan::UnknownsAsNull(value), schema.ImpliedType());
    if (!problems.empty()) {
      mistake = "Provider produced invalid object";
      value = creating ? nothing : prior->object.value;
    } else if (!value.IsWhollyKnown() && !provider_failed) {
      mistake = "Provider returned invalid result object after apply";
      problems.push_back("there are still unknown values in the object");
    } else if (!provider_failed && !response.legacy_type_system) {
      problems = CheckApplied(schema, change.after.UnmarkDeep(), value);
    }
  } else if (!provider_failed) {
    problems.push_back("the object is null, as if it had not been made");
  }
  if (!problems.empty()) {
    diags.Add(ProviderMistake(mistake, resource.provider_address, text,
                              "gave an unexpected result for", problems, resource.block->range));
    failed = true;
  }
  value = plan::UnknownsAsNull(value);

  // Aborted, or the answer lost, with nothing to show for it: the next run asks what became of it.
  const bool is_open = failed && (response.undecided || run_.interruption.abort.IsCancelled());
  state::StateStore::Change outcome;
  if (!is_open || (creating && !value.IsNull())) outcome.ends_intent = intent.id;
  if (creating && value.IsNull()) {
    if (!is_open) outcome = nothing_done();
  } else if (creating) {
    outcome.put.push_back(store(
        value, response.object.private_bytes,
        failed || has_provisioners ? state::ObjectStatus::kTainted : state::ObjectStatus::kReady));
  } else if (!value.IsNull()) {
    outcome.put.push_back(store(value, response.object.private_bytes, status_of_update));
  }
  if (!Commit(outcome, diags)) failed = true;

  const std::vector<PathMarks> marks = plan::SensitiveMarks(value, schema, computed.marks);
  if (!failed && has_provisioners) {
    const Value self = plan::WithOrigins(value, marks, text);
    const ProvisionTarget provision{.module = *resource.module,
                                    .repetition = target.repetition,
                                    .address = address,
                                    .self = self,
                                    .provisioners = resource.block->provisioners,
                                    .connection = resource.block->connection};
    failed = !RunProvisioners(run_, provision, config::ProvisionerWhen::kCreate, diags);
    // Tainted until all of them are done: an object that was not set up is not the one asked for.
    if (!failed) {
      failed = !Commit(
          {.put = {store(value, response.object.private_bytes, state::ObjectStatus::kReady)}},
          diags);
    }
  }
  if (!failed) {
    *target.value = plan::WithOrigins(value, marks, text);
    creating ? ++added_ : ++changed_;
  }
  slot.Release();
  const auto elapsed = watch->elapsed();
  watch.reset();
  run_.hooks.AfterApply(Shown(address, plan::DisplayId(value.MarkPaths(marks))), action, elapsed,
                        failed);
  return !failed;
}

}  // namespace tkn::apply
