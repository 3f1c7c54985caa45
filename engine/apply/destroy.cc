#include <chrono>

#include "engine/apply/applier.h"
#include "engine/apply/provision_step.h"
#include "engine/plan/object_codec.h"
#include "engine/plan/timestamp.h"

namespace tkn::apply {
namespace {

using plan::Action;

bool IsPrefix(const ModulePath& prefix, const ModulePath& path) {
  return prefix.size() <= path.size() && std::equal(prefix.begin(), prefix.end(), path.begin());
}

// The `removed` block that an object is destroyed by.
const config::RemovedBlock* FindRemoved(const config::ModuleTree& tree, const Address& address,
                                        const config::ModuleNode** where) {
  const ModulePath path = address.module.Path();
  for (const auto& node : tree.nodes()) {
    for (const config::RemovedBlock& block : node->module->removed) {
      ModulePath from = node->path;
      from.insert(from.end(), block.module.begin(), block.module.end());
      const bool fits = block.resource ? from == path && *block.resource == address.resource
                                       : IsPrefix(from, path);
      if (!fits) continue;
      *where = node.get();
      return &block;
    }
  }
  return nullptr;
}

}  // namespace

// Those of the block that the object has, or that removes it.
std::optional<Applier::DestroySteps> Applier::FindDestroySteps(const Address& address) const {
  DestroySteps steps;
  if (const config::Resource* block =
          run_.tree.FindResource(address.Resource().Config(), &steps.node)) {
    steps.provisioners = &block->provisioners;
    steps.connection = block->connection;
  } else if (const config::RemovedBlock* removed = FindRemoved(run_.tree, address, &steps.node)) {
    steps.provisioners = &removed->provisioners;
    steps.connection = removed->connection;
  }
  if (steps.provisioners == nullptr || steps.provisioners->empty()) return std::nullopt;
  return steps;
}

void Applier::Destroy(const Task& task, Diagnostics& diags) {
  const plan::ResourceChange& change = *task.change;
  const Address& address = change.address;
  const std::string text = address.ToString();
  // In a replacement that created first, it is under the key it got when it made way.
  const bool was_moved_aside = change.action == Action::kCreateThenDelete;
  const state::StoredObject* stored = task.stored;
  if (stored == nullptr) throw std::logic_error("apply: nothing to destroy at " + text);
  providers::Provider* provider = run_.providers.GetFor(change.provider, diags);
  const std::shared_ptr<const Schema> schema = run_.schemas.SharedResourceSchema(
      change.provider->provider, ResourceMode::kManaged, address.resource.type);
  if (provider == nullptr || schema == nullptr) return;
  const std::optional<plan::DecodedObject> object =
      plan::DecodeObject(*stored, *schema, *provider, diags);
  if (!object) return;

  const auto id = plan::DisplayId(object->Marked());
  const plan::Hooks::Instance shown{.address = address,
                                    .deposed_key = task.deposed_key,
                                    .id_key = id.first,
                                    .id_value = id.second};
  const bool is_whole =
      task.deposed_key.empty() && !was_moved_aside && stored->status == state::ObjectStatus::kReady;
  const std::optional<DestroySteps> steps =
      is_whole ? FindDestroySteps(address) : std::optional<DestroySteps>();
  CallSlots::Slot slot;
  std::optional<ProgressTicker::Watch> watch;
  // Provisioners count as calls, and come before the intent: what they do is not the provider's.
  const auto begin = [&] {
    if (!slot) slot = slots_.Take();
    if (!slot || watch) return static_cast<bool>(slot);
    run_.hooks.BeforeApply(shown, Action::kDelete, task.change);
    watch.emplace(ticker_, shown, Action::kDelete);
    return true;
  };
  bool failed = false;
  if (steps) {
    if (!begin()) return GiveUp({}, diags);
    failed = !RunDestroyProvisioners(address, *steps, *object, diags);
  }
  state::Intent intent{.object = {address, task.deposed_key},
                       .provider = change.provider,
                       .action = state::IntentAction::kDelete,
                       .planned_json = "null",
                       .schema_version = schema->version,
                       .started_unix_seconds = plan::UnixNow()};
  failed = failed || !RecordIntent(intent, slot, diags);
  if (!failed && !begin()) return GiveUp({.ends_intent = intent.id}, diags);
  if (!failed) {
    const Value nothing = Value::Null(schema->block.ImpliedType());
    const std::string& private_bytes =
        change.action == Action::kDelete ? change.private_bytes : stored->private_bytes;
    Diagnostics reported;
    const config::Resource* block = run_.tree.FindResource(address.Resource().Config());
    const providers::ApplyResponse response =
        provider->Apply({.type = address.resource.type,
                         .prior = {object->value, stored->private_bytes},
                         .planned = {nothing, private_bytes},
                         .config = nothing},
                        run_.interruption.abort, reported);
    slot.Release();
    failed = reported.HasErrors();
    plan::PlaceDiagnostics(std::move(reported), text, nullptr,
                           block != nullptr ? block->range : SourceRange{}, diags);
    if (!failed && !response.object.value.IsNull()) {
      diags.Add(plan::ProviderMistake("Provider returned invalid result object after apply",
                                      change.provider, text, "gave an unexpected result for",
                                      {"the object should be gone, but one was returned"}, {}));
      failed = true;
    }
    state::StateStore::Change outcome;
    const bool is_open = failed && (response.undecided || run_.interruption.abort.IsCancelled());
    if (!is_open) outcome.ends_intent = intent.id;
    if (!failed) {
      outcome.remove.push_back({address, task.deposed_key});
    } else if (!response.object.value.IsNull() &&
               CheckConforms(response.object.value, schema->block.ImpliedType()).empty()) {
      state::StoredObject rest = *stored;  // what is left of it
      rest.deposed_key = task.deposed_key;
      plan::EncodeObject(response.object.value,
                         plan::SensitiveMarks(response.object.value, schema->block, object->marks),
                         *schema, rest);
      rest.private_bytes = response.object.private_bytes;
      outcome.put.push_back(std::move(rest));
    }
    if ((outcome.ends_intent || !outcome.put.empty()) && !Commit(outcome, diags)) failed = true;
    if (!failed) ++destroyed_;
  }
  if (!watch) return;  // nothing was said of it yet
  const auto elapsed = watch->elapsed();
  watch.reset();
  run_.hooks.AfterApply(shown, Action::kDelete, elapsed, failed);
}

bool Applier::RunDestroyProvisioners(const Address& address, const DestroySteps& steps,
                                     const plan::DecodedObject& object, Diagnostics& diags) {
  // They may use self, count.index and each.key only, so it does not matter if the module instance
  // is gone.
  const plan::ModuleInstance gone(*steps.node, address.module);
  const plan::ModuleInstance* module = run_.evaluation.Find(address.module);
  const plan::Repetition repetition{.repeated = address.key.IsIndex()    ? plan::Repeated::kCount
                                                : address.key.IsString() ? plan::Repeated::kForEach
                                                                         : plan::Repeated::kNo,
                                    .key = address.key,
                                    .each_value = Value::Dynamic()};
  const Value self = plan::WithOrigins(object.value, object.marks, address.ToString());
  const bool is_there = module != nullptr && module->node == steps.node;
  const ProvisionTarget target{.module = is_there ? *module : gone,
                               .repetition = repetition,
                               .address = address,
                               .self = self,
                               .provisioners = *steps.provisioners,
                               .connection = steps.connection};
  return RunProvisioners(run_, target, config::ProvisionerWhen::kDestroy, diags);
}

void Applier::Forget(const Task& task, Diagnostics& diags) {
  if (Commit({.remove = {{task.change->address, task.deposed_key}}}, diags)) ++forgotten_;
}

}  // namespace tkn::apply
