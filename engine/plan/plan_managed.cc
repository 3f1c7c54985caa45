#include <algorithm>
#include <set>

#include "engine/lang/evaluate.h"
#include "engine/plan/ignore_changes.h"
#include "engine/plan/module_scope.h"
#include "engine/plan/planner.h"

namespace tkn::plan {
namespace {

// Both, in the order that states have.
std::vector<ConfigResourceRef> Merge(const std::vector<ConfigResourceRef>& a,
                                     const std::vector<ConfigResourceRef>& b) {
  std::vector<ConfigResourceRef> merged = a;
  const std::set<ConfigResourceRef> known(a.begin(), a.end());
  for (const ConfigResourceRef dependency : b) {
    if (!known.contains(dependency)) merged.push_back(dependency);
  }
  SortByText(merged);
  return merged;
}

Hooks::Instance Shown(const Address& address, const std::string& deposed_key,
                      const std::pair<std::string, std::string>& id) {
  return {
      .address = address, .deposed_key = deposed_key, .id_key = id.first, .id_value = id.second};
}

}  // namespace

void Planner::PlanManaged(const Instance& instance, Diagnostics& diags) {
  const ResourceInModule& resource = instance.resource;
  const config::Resource& block = *resource.block;
  PriorObject* prior = run_.prior.Find(instance.address);
  if (IsLeftOut(instance.address)) {
    // Another instance of this block is the target. What refers to this one sees the state.
    *instance.value = Value::Unknown(resource.schema->block.ImpliedType());
    if (prior != nullptr) {
      prior->is_handled = true;
      Diagnostics unused;
      if (auto object =
              DecodeObject(*prior->stored, *resource.schema, *resource.provider, unused)) {
        *instance.value = WithOrigins(object->value, object->marks, instance.text);
      }
    }
    return;
  }
  const bool destroy = options_.mode == Mode::kDestroy;
  if (prior != nullptr) {
    prior->is_handled = !destroy;  // then it is a leftover, to be deleted
    prior->is_refreshed = true;
  }
  const ImportTarget* import = prior == nullptr && options_.mode == Mode::kNormal
                                   ? imports_.Find(instance.address)
                                   : nullptr;
  std::optional<PriorValue> value;
  if (!ReadPrior(instance, prior, import, value, diags)) return;

  if (options_.mode != Mode::kNormal) {
    *instance.value = Value::Unknown(resource.schema->block.ImpliedType());
    if (value) {
      *instance.value = WithOrigins(value->object.value, value->object.marks, instance.text);
      if (!CheckPostconditions(instance, *instance.value, diags)) return;
    }
    if (!destroy || !options_.refresh || !value) {
      StoreFindings(instance, prior, value, Action::kUpdate);
      return;
    }
    // Before a destroy: what would have been done decides what is recorded of the object, and a
    // configuration that cannot be evaluated is told.
  }

  ChangeRequest request{.resource = resource,
                        .address = instance.address,
                        .text = instance.text,
                        .repetition = instance.repetition,
                        .prior = value ? &*value : nullptr};
  request.check_conditions = !destroy;
  request.create_before_destroy =
      relations_->CreateBeforeDestroy(*resource.module->node, resource.index);
  if (!destroy) request.forced = ForcedReplacement(instance, diags);
  if (diags.HasErrors()) return;
  std::optional<ComputedChange> computed = ComputeChange(run_, request, diags);
  if (!computed) {
    StoreFindings(instance, prior, value, Action::kUpdate);
    return;
  }
  ResourceChange& change = computed->change;
  if (prior != nullptr && prior->previous != nullptr) change.previous_address = *prior->previous;
  if (import != nullptr) change.import_id = import->id;
  StoreFindings(instance, prior, value, change.action);
  if (block.lifecycle.prevent_destroy && IsReplace(change.action)) {
    diags.Add(
        {.summary = "Instance cannot be destroyed",
         .detail =
             "The plan would replace " + instance.text +
             ", which has lifecycle.prevent_destroy set. Take that setting away if it may go, "
             "or leave out what asks for the replacement.",
         .subject = block.range});
  }
  if (destroy) {
    *instance.value = WithOrigins(change.after.UnmarkDeep(), computed->marks, instance.text);
    return;
  }
  if (computed->wants_overlap) {
    const auto& beneath = relations_->DependenciesOf(*resource.module->node, resource.index);
    const std::lock_guard lock(mutex_);
    beneath_overlaps_.insert(beneath.begin(), beneath.end());
  }
  Value after = change.after.UnmarkDeep();
  *instance.value = WithOrigins(after, computed->marks, instance.text);
  Record(std::move(change), prior, instance.vertex);
  (void)CheckPostconditions(instance, *instance.value, diags);
}

bool Planner::ReadPrior(const Instance& instance, PriorObject* prior, const ImportTarget* import,
                        std::optional<PriorValue>& value, Diagnostics& diags) {
  const ResourceInModule& resource = instance.resource;
  if (import != nullptr) return ImportObject(instance, *import, value, diags);
  if (prior == nullptr) return true;
  const state::StoredObject& stored = *prior->stored;
  std::optional<DecodedObject> object;
  std::string private_bytes = stored.private_bytes;
  if (stored.address.resource.type != instance.address.resource.type) {
    Diagnostics reported;
    std::optional<providers::Object> moved = resource.provider->MoveState(
        stored.provider->provider.ToString(), stored.address.resource.type, stored.schema_version,
        stored.attributes_json, instance.address.resource.type, reported);
    PlaceDiagnostics(std::move(reported), instance.text, nullptr, resource.block->range, diags);
    if (!moved) return false;
    object = DecodedObject{.value = moved->value,
                           .marks = SensitiveMarks(moved->value, resource.schema->block, {})};
    private_bytes = moved->private_bytes;
  } else {
    object = DecodeObject(stored, *resource.schema, *resource.provider, diags);
    if (!object) return false;
  }
  value = PriorValue{.object = std::move(*object),
                     .private_bytes = std::move(private_bytes),
                     .is_tainted = stored.status == state::ObjectStatus::kTainted,
                     .is_changed = stored.address.resource.type != instance.address.resource.type};
  if (!options_.refresh || options_.offline) {
    RecordDrift(instance.address, prior->previous, resource.provider_address, resource.schema,
                value->object.Marked(), value->object.Marked(), {});
    return true;
  }
  const Value before = value->object.Marked();
  bool is_gone = false;
  if (!Refresh(*resource.provider, *resource.schema, resource.provider_address, instance.address,
               {}, *value, is_gone, diags)) {
    return false;
  }
  RecordDrift(instance.address, prior->previous, resource.provider_address, resource.schema, before,
              is_gone ? Value::Null(resource.schema->block.ImpliedType()) : value->object.Marked(),
              {});
  if (is_gone) {
    prior->gone = true;
    value.reset();
  }
  return true;
}

bool Planner::Refresh(providers::Provider& provider, const Schema& schema,
                      ProviderRef provider_address, const Address& address,
                      const std::string& deposed_key, PriorValue& value, bool& is_gone,
                      Diagnostics& diags) {
  auto id = DisplayId(value.object.Marked());
  run_.hooks.BeforeRefresh(Shown(address, deposed_key, id));
  Diagnostics reported;
  providers::Object read =
      provider.Read(address.resource.type, {value.object.value, value.private_bytes}, reported);
  if (!reported.empty()) {
    const bool failed = reported.HasErrors();
    const config::Resource* block = run_.tree.FindResource(address.Resource().Config());
    PlaceDiagnostics(std::move(reported), address.ToString(),
                     block != nullptr ? &block->body : nullptr,
                     block != nullptr ? block->range : SourceRange{}, diags);
    if (failed) return false;
  }
  if (read.value.IsNull()) {
    is_gone = true;
    run_.hooks.AfterRefresh(Shown(address, deposed_key, id));
    return true;
  }
  const std::vector<std::string> problems = CheckConforms(read.value, schema.block.ImpliedType());
  if (!problems.empty()) {
    diags.Add(ProviderMistake("Provider produced invalid object", provider_address,
                              address.ToString(), "gave an impossible object when it read",
                              problems, {}));
    return false;
  }
  if (!read.value.RawEquals(value.object.value)) {
    std::vector<PathMarks> marks =
        SensitiveMarks(read.value, schema.block, std::move(value.object.marks));
    value.object = {.value = std::move(read.value), .marks = std::move(marks)};
    value.is_changed = true;
    id = DisplayId(value.object.Marked());
  }
  value.private_bytes = std::move(read.private_bytes);
  run_.hooks.AfterRefresh(Shown(address, deposed_key, id));
  return true;
}

bool Planner::ImportObject(const Instance& instance, const ImportTarget& import,
                           std::optional<PriorValue>& value, Diagnostics& diags) {
  const ResourceInModule& resource = instance.resource;
  const std::string& type = instance.address.resource.type;
  const std::string& address = instance.text;
  if (options_.offline) {
    diags.Add({.summary = "Import needs the provider",
               .detail = "What is imported into " + address +
                         " has to be read from the provider, and -offline forbids that.",
               .subject = import.range});
    return false;
  }
  const Hooks::Instance shown{.address = instance.address, .deposed_key = {}};
  run_.hooks.BeforePlannedImport(shown, import.id);
  Diagnostics reported;
  std::vector<providers::ImportedObject> imported =
      resource.provider->Import({.type = type, .id = import.id}, reported);
  bool failed = reported.HasErrors();
  PlaceDiagnostics(std::move(reported), address, nullptr, import.range, diags);
  if (failed) return false;
  const auto found = std::find_if(imported.begin(), imported.end(),
                                  [&](const auto& object) { return object.type == type; });
  if (found == imported.end() || found->object.value.IsNull()) {
    diags.Add(
        {.summary = "Import returned no resources",
         .detail = "The provider did not find anything to import for the id \"" + import.id + "\".",
         .subject = import.range,
         .address = address});
    return false;
  }
  value = PriorValue{.object = {.value = found->object.value, .marks = {}},
                     .private_bytes = found->object.private_bytes};
  bool is_gone = false;
  if (!Refresh(*resource.provider, *resource.schema, resource.provider_address, instance.address,
               {}, *value, is_gone, diags)) {
    return false;
  }
  if (is_gone) {
    diags.Add(
        {.summary = "Cannot import non-existent remote object",
         .detail = "There is nothing with the id \"" + import.id + "\" that " + address +
                   " could take over. Check the id, and that the provider looks into the right "
                   "account or region.",
         .subject = import.range,
         .address = address});
    return false;
  }
  value->object.marks = SensitiveMarks(value->object.value, resource.schema->block, {});
  return true;
}

// What the prior state says once this run is over: the refreshed object, with the block's settings.
void Planner::StoreFindings(const Instance& instance, PriorObject* prior,
                            const std::optional<PriorValue>& value, Action action) {
  if (!value) return;
  const ResourceInModule& resource = instance.resource;
  const config::ModuleNode& node = *resource.module->node;
  const auto& dependencies = relations_->DependenciesOf(node, resource.index);
  const bool before_destroy = relations_->CreateBeforeDestroy(node, resource.index);
  if (prior == nullptr) {  // imported
    state::StoredObject object{.address = instance.address, .provider = resource.provider_address};
    EncodeObject(value->object.value, value->object.marks, *resource.schema, object);
    object.private_bytes = value->private_bytes;
    object.dependencies = dependencies;
    object.create_before_destroy = before_destroy;
    run_.prior.Add(std::move(object));
    return;
  }
  const state::StoredObject& stored = *prior->stored;
  const bool same_value =
      !value->is_changed && stored.schema_version == resource.schema->version &&
      std::equal(value->object.marks.begin(), value->object.marks.end(),
                 stored.sensitive_paths.begin(), stored.sensitive_paths.end(),
                 [](const PathMarks& mark, const Path& path) { return mark.path == path; });
  const bool refreshed = options_.refresh && !options_.offline;
  // Where nothing is to be applied the block's dependencies are recorded now; otherwise by the
  // apply, and until then the old ones count, too.
  const bool same_dependencies = stored.dependencies == dependencies;
  const bool settles = action == Action::kNoOp;
  const bool keeps = same_dependencies || (!settles && !refreshed);
  if (same_value && keeps && stored.private_bytes == value->private_bytes &&
      stored.create_before_destroy == before_destroy &&
      stored.provider == resource.provider_address) {
    return;
  }
  state::StoredObject now = stored;
  if (!same_value) EncodeObject(value->object.value, value->object.marks, *resource.schema, now);
  now.address = instance.address;
  now.provider = resource.provider_address;
  now.private_bytes = value->private_bytes;
  if (!keeps) {
    now.dependencies = settles ? dependencies : Merge(dependencies, stored.dependencies);
  }
  now.create_before_destroy = before_destroy;
  prior->updated = std::make_unique<state::StoredObject>(std::move(now));
}

}  // namespace tkn::plan
