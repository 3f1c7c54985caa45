#include "engine/plan/own_references.h"

#include <algorithm>
#include <set>

namespace tkn::plan {
namespace {

using config::UsePlace;

void ReportSelfReference(const ResourceName& name, const InstanceKey& key, const config::Use& use,
                         Diagnostics& diags) {
  const parser::Traversal& traversal = *use.traversal;
  SourceRange range = traversal.root_range;
  const std::size_t steps = std::min<std::size_t>(use.target->steps_used, traversal.steps.size());
  if (steps > 0) range = Join(range, traversal.steps[steps - 1].range);
  diags.Add({.summary = "Self-referential block",
             .detail = "Configuration of " + Address{{}, name, key}.ToString() +
                       " is needed before there is anything that this could refer to.",
             .subject = range});
}

}  // namespace

OwnReferences::OwnReferences(const config::ModuleNode& node, std::uint32_t resource)
    : name_(node.module->resources[resource].name) {
  for (const config::Use& use : node.module->resources[resource].uses) {
    if (use.target == nullptr || use.target->kind != lang::ReferenceKind::kResource) continue;
    if (use.place == UsePlace::kDestroyProvisioner) continue;
    if (use.target->index == resource) uses_.push_back(&use);
  }
}

bool OwnReferences::CheckRepetition(Diagnostics& diags) const {
  bool fine = true;
  for (const config::Use* use : uses_) {
    if (use->place != UsePlace::kRepetition) continue;
    ReportSelfReference(name_, InstanceKey(), *use, diags);
    fine = false;
  }
  return fine;
}

std::optional<std::size_t> OwnReferences::FindFirst(const ModuleInstance& module,
                                                    const Expansion& expansion, PriorState& prior,
                                                    Diagnostics& diags) const {
  // Those that the state has besides, as Terraform names them.
  std::vector<InstanceKey> orphans;
  for (const PriorObject& object : prior.Range({module.address, name_})) {
    const InstanceKey& key = object.address->key;
    if (expansion.Find(key) == Expansion::npos) orphans.push_back(key);
  }
  std::set<InstanceKey> awaited;
  for (const config::Use* use : uses_) {
    const InstanceKey& key = use->target->key;
    if (!key.IsNone() && (expansion.Find(key) != Expansion::npos ||
                          std::find(orphans.begin(), orphans.end(), key) != orphans.end())) {
      awaited.insert(key);
      continue;
    }
    awaited.insert(expansion.keys.begin(), expansion.keys.end());
    awaited.insert(orphans.begin(), orphans.end());
    break;
  }
  if (awaited.size() <= 1)
    return awaited.empty() ? Expansion::npos : expansion.Find(*awaited.begin());
  std::string cycle;
  for (const InstanceKey& key : awaited) {
    const bool is_orphan = expansion.Find(key) == Expansion::npos;
    cycle += (cycle.empty() ? "" : ", ") + Address{module.address, name_, key}.ToString() +
             (is_orphan ? " (orphan)" : "");
  }
  diags.Add({.summary = "Cycle: " + cycle});
  return std::nullopt;
}

bool OwnReferences::CheckBody(const InstanceKey& key, Diagnostics& diags) const {
  bool fine = true;
  const auto report = [&](const InstanceKey& meant, const config::Use& use) {
    ReportSelfReference(name_, meant, use, diags);
    fine = false;
  };
  for (const config::Use* use : uses_) {
    if (use->place != UsePlace::kValue) continue;
    const InstanceKey& meant = use->target->key;
    // As the instance, and as the resource that it belongs to: where these are the same, Terraform
    // says so twice.
    if (meant == key) report(key, *use);
    if (meant.IsNone()) report(InstanceKey(), *use);
  }
  return fine;
}

}  // namespace tkn::plan
