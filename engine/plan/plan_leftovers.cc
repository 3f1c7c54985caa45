#include <algorithm>
#include <map>
#include <set>

#include "engine/plan/generated_config.h"
#include "engine/plan/planner.h"

namespace tkn::plan {
namespace {

bool IsPrefix(const ModulePath& prefix, const ModulePath& path) {
  return prefix.size() <= path.size() && std::equal(prefix.begin(), prefix.end(), path.begin());
}

}  // namespace

// What the walk did not take care of: instances that no block gives any more, deposed objects,
// objects of blocks that are gone; when destroying, everything. And imports that have no block yet.
void Planner::PlanLeftovers(bool complete) {
  std::vector<PriorObject*> left;
  const bool targeted_destroy = options_.mode == Mode::kDestroy && !options_.targets.empty();
  const std::unordered_set<Address> destroyed =
      targeted_destroy ? TargetedDestroys() : std::unordered_set<Address>();
  for (PriorObject& object : run_.prior.objects()) {
    if (object.is_handled || object.gone) continue;
    if (!complete && !IsLeftover(*object.address)) continue;
    if (targeted_destroy) {
      if (destroyed.contains(*object.address)) left.push_back(&object);
      continue;
    }
    // What a target depends on is planned whole, with what its block no longer gives.
    if (!IsTargeted(*object.address)) {
      const config::ModuleNode* node = nullptr;
      const config::Resource* block =
          run_.tree.FindResource(object.address->Resource().Config(), &node);
      if (block == nullptr || IsLeftOut(*object.address)) continue;
      const auto index = static_cast<std::uint32_t>(block - node->module->resources.data());
      if (!groundwork_.included[run_.graph.Of(StepKind::kResource, *node, index)]) continue;
    }
    left.push_back(&object);
  }
  graph::ForEachConcurrently(left.size(), run_.WalkOptions(), [&](std::size_t i) {
    Diagnostics diags;
    PlanLeftover(*left[i], diags);
    run_.Report(std::move(diags));
  });
  if (!complete || options_.mode != Mode::kNormal || run_.tree.root().module->imports.empty())
    return;
  Diagnostics diags;
  for (const ImportTarget* target : imports_.WithoutConfig(options_.targets, diags)) {
    if (run_.prior.Find(target->address) != nullptr || !IsTargeted(target->address)) continue;
    if (std::optional<ResourceChange> change = PlanGeneratedImport(run_, *target, diags)) {
      Record(std::move(*change), nullptr);
    }
  }
  run_.Report(std::move(diags));
}

// After errors in the walk: that nothing gives this object any more is known all the same.
bool Planner::IsLeftover(const Address& address) const {
  const ModuleInstance* module = run_.evaluation.Find(address.module);
  if (module == nullptr) return run_.tree.Find(address.module.Path()) == nullptr;
  const std::uint32_t index = module->node->module->FindResource(
      address.resource.mode, address.resource.type, address.resource.name);
  if (index == config::kNone) return true;
  const ResourceValues& values = module->resources[index];
  return values.is_expanded && values.expansion.Find(address.key) == Expansion::npos;
}

// What -destroy -target takes away: the targets, and before them everything that depends on them.
std::unordered_set<Address> Planner::TargetedDestroys() {
  std::map<ConfigResource, std::vector<const PriorObject*>> dependants;
  std::unordered_set<Address> destroyed;
  std::vector<const Address*> pending;
  for (const PriorObject& object : run_.prior.objects()) {
    for (const ConfigResource& dependency : object.now().dependencies) {
      dependants[dependency].push_back(&object);
    }
    if (IsTargeted(*object.address) && destroyed.insert(*object.address).second) {
      pending.push_back(object.address);
    }
  }
  while (!pending.empty()) {
    const auto found = dependants.find(pending.back()->Resource().Config());
    pending.pop_back();
    if (found == dependants.end()) continue;
    for (const PriorObject* dependant : found->second) {
      if (destroyed.insert(*dependant->address).second) pending.push_back(dependant->address);
    }
    dependants.erase(found);
  }
  return destroyed;
}

void Planner::PlanLeftover(PriorObject& object, Diagnostics& diags) {
  const Address& address = *object.address;
  const bool destroy = options_.mode == Mode::kDestroy;
  object.is_handled = true;
  if (address.resource.mode != ResourceMode::kManaged) {
    // Data that nothing asks for any more; when destroying it goes with the rest, when that is
    // applied.
    if (!destroy && options_.mode != Mode::kRefreshOnly) object.gone = true;
    return;
  }
  const config::ModuleNode* node = nullptr;
  const config::Resource* block = run_.tree.FindResource(address.Resource().Config(), &node);
  ProviderRef provider_address = object.stored->provider;
  if (block != nullptr) {
    const auto index = static_cast<std::uint32_t>(block - node->module->resources.data());
    provider_address = run_.tree.ProviderOf(*node, index).address;
  }
  const config::RemovedBlock* removed = block == nullptr ? FindRemoved(address) : nullptr;
  providers::Provider* provider = run_.providers.GetFor(provider_address, diags);
  if (provider == nullptr) return;
  const std::shared_ptr<const Schema> schema = run_.schemas.SharedResourceSchema(
      provider_address->provider, ResourceMode::kManaged, address.resource.type);
  if (schema == nullptr) {
    diags.Add({.summary = "Invalid resource type",
               .detail = "The state has " + address.ToString() + ", but the provider " +
                         provider_address->provider.ForDisplay() + " has no " +
                         address.resource.type + ".",
               .address = address.ToString()});
    return;
  }
  std::optional<DecodedObject> decoded = DecodeObject(object.now(), *schema, *provider, diags);
  if (!decoded) return;
  PriorValue value{.object = std::move(*decoded), .private_bytes = object.now().private_bytes};
  // What is only forgotten is none of ours any more: nobody asks what became of it.
  const bool forget = removed != nullptr && !removed->destroy && !destroy;
  // Nor is what only depends on a target.
  const bool look = !destroy || IsTargeted(address);
  if (options_.refresh && !options_.offline && !object.is_refreshed && !forget && look) {
    const Value before = value.object.Marked();
    bool is_gone = false;
    if (!Refresh(*provider, *schema, provider_address, address, object.deposed_key(), value,
                 is_gone, diags)) {
      return;
    }
    const Value after = is_gone ? Value::Null(schema->block.ImpliedType()) : value.object.Marked();
    if (object.deposed_key().empty()) {
      RecordDrift(address, object.previous, provider_address, schema, before, after, {});
    }
    if (is_gone) {
      object.gone = true;
      return;
    }
    if (value.is_changed || value.private_bytes != object.stored->private_bytes) {
      auto now = std::make_unique<state::StoredObject>(*object.stored);
      EncodeObject(value.object.value, value.object.marks, *schema, *now);
      now->private_bytes = value.private_bytes;
      object.updated = std::move(now);
    }
  }
  if (options_.mode == Mode::kRefreshOnly) return;

  if (forget) {
    ResourceChange change{.address = address,
                          .deposed_key = object.deposed_key(),
                          .provider = provider_address,
                          .action = Action::kForget,
                          .reason = ActionReason::kDeleteBecauseNoResourceConfig,
                          .before = value.object.Marked(),
                          .after = Value::Null(schema->block.ImpliedType()),
                          .private_bytes = value.private_bytes,
                          .schema = schema};
    if (object.previous != nullptr) change.previous_address = *object.previous;
    Record(std::move(change), &object);
    return;
  }
  if (block != nullptr && block->lifecycle.prevent_destroy && object.deposed_key().empty()) {
    diags.Add(
        {.summary = "Instance cannot be destroyed",
         .detail =
             "The plan would destroy " + address.ToString() +
             ", which has lifecycle.prevent_destroy set. Take that setting away if it may go, "
             "or use -target to leave it out.",
         .subject = block->range});
  }
  std::optional<ResourceChange> change =
      ComputeDelete(*provider, provider_address, schema, address, value, diags);
  if (!change) return;
  change->deposed_key = object.deposed_key();
  if (!destroy && object.previous != nullptr) change->previous_address = *object.previous;
  if (!destroy && object.deposed_key().empty()) change->reason = ReasonToDelete(object);
  Record(std::move(*change), &object);
}

ActionReason Planner::ReasonToDelete(const PriorObject& object) const {
  const Address& address = *object.address;
  const config::ModuleNode* node = nullptr;
  const config::Resource* block = run_.tree.FindResource(address.Resource().Config(), &node);
  if (block == nullptr) {
    return object.previous != nullptr ? ActionReason::kDeleteBecauseNoMoveTarget
                                      : ActionReason::kDeleteBecauseNoResourceConfig;
  }
  if (run_.evaluation.Find(address.module) == nullptr) return ActionReason::kDeleteBecauseNoModule;
  if (address.key.IsNone()) {
    return block->count != nullptr || block->for_each != nullptr
               ? ActionReason::kDeleteBecauseWrongRepetition
               : ActionReason::kNone;
  }
  if (address.key.IsIndex()) {
    return block->count == nullptr ? ActionReason::kDeleteBecauseWrongRepetition
                                   : ActionReason::kDeleteBecauseCountIndex;
  }
  return block->for_each == nullptr ? ActionReason::kDeleteBecauseWrongRepetition
                                    : ActionReason::kDeleteBecauseEachKey;
}

bool Planner::CheckRemoved(Diagnostics& diags) const {
  // What destroys begins with a look at everything, as long as there is something.
  const bool looks_first =
      options_.mode == Mode::kDestroy && options_.refresh && !inputs_.state->IsEmpty();
  if (options_.mode != Mode::kNormal && !looks_first) return true;
  std::set<std::string> told;
  for (const auto& node : run_.tree.nodes()) {
    for (const config::RemovedBlock& block : node->module->removed) {
      ModulePath from = node->path;
      from.insert(from.end(), block.module.begin(), block.module.end());
      const ConfigResource name{from, block.resource.value_or(ResourceName())};
      const config::Resource* resource = block.resource ? run_.tree.FindResource(name) : nullptr;
      const config::ModuleNode* module = block.resource ? nullptr : run_.tree.Find(from);
      const bool is_module = module != nullptr && module->call != nullptr;
      if (resource == nullptr && !is_module) continue;
      const std::string shown = is_module ? config::ModuleAddressOf(from) : name.ToString();
      if (!told.insert(shown).second) continue;
      diags.Add(
          {.summary = is_module ? "Removed module still exists" : "Removed resource still exists",
           .detail = "A removed block says that " + shown +
                     " is gone, but the configuration still has it. Remove one of the two.",
           .subject = is_module ? module->call->range : resource->range});
    }
  }
  return told.empty();
}

const config::RemovedBlock* Planner::FindRemoved(const Address& address) const {
  const ModulePath path = address.module.Path();
  for (const auto& node : run_.tree.nodes()) {
    for (const config::RemovedBlock& block : node->module->removed) {
      ModulePath from = node->path;
      from.insert(from.end(), block.module.begin(), block.module.end());
      if (block.resource ? from == path && *block.resource == address.resource
                         : IsPrefix(from, path)) {
        return &block;
      }
    }
  }
  return nullptr;
}

void Planner::WarnOfForgotten(const Plan& plan, Diagnostics& diags) const {
  std::string list;
  for (const ResourceChange& change : plan.changes.all()) {
    if (change.action == Action::kForget) list += "\n - " + change.address.ToString();
  }
  if (list.empty()) return;
  diags.Add(
      {.severity = Severity::kWarning,
       .summary = "Some objects will no longer be managed by tkn",
       .detail = "When this plan is applied these objects are taken out of the state. They go on "
                 "existing, and nothing here will look after them:" +
                 list});
}

// Who asks is who depends on a module as a whole.
std::vector<ConfigResource> Planner::LeftoverResources() {
  if (run_.tree.nodes().size() == 1) return {};
  std::set<ConfigResource> found;
  for (const PriorObject& object : run_.prior.objects()) {
    if (object.address->resource.mode != ResourceMode::kManaged || !object.deposed_key().empty())
      continue;
    ConfigResource resource = object.address->Resource().Config();
    if (run_.tree.FindResource(resource) == nullptr) found.insert(std::move(resource));
  }
  return {found.begin(), found.end()};
}

}  // namespace tkn::plan
