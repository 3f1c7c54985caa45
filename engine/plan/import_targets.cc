#include "engine/plan/import_targets.h"

#include "engine/config/import_target.h"
#include "engine/lang/evaluate.h"
#include "engine/plan/module_scope.h"
#include "engine/value/convert.h"

namespace tkn::plan {

ImportTargets::ImportTargets(Run& run, bool generate_config)
    : run_(run),
      generate_config_(generate_config),
      is_evaluated_(run.tree.root().module->imports.size(), false) {}

void ImportTargets::Evaluate(const ConfigResource& resource, Diagnostics& diags) {
  const auto& blocks = run_.tree.root().module->imports;
  if (blocks.empty()) return;
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (is_evaluated_[i] || blocks[i].to_resource != resource) continue;
    is_evaluated_[i] = true;
    EvaluateBlock(blocks[i], diags);
  }
}

void ImportTargets::EvaluateBlock(const config::ImportBlock& block, Diagnostics& diags) {
  if (block.for_each == nullptr) {
    (void)EvaluateOne(block, nullptr, diags);
    return;
  }
  const ModuleScope scope(run_.evaluation, run_.evaluation.root());
  const std::optional<Expansion> expansion = Expand(nullptr, block.for_each, scope, diags);
  if (!expansion) return;
  for (std::size_t i = 0; i < expansion->keys.size(); ++i) {
    const Repetition repetition = expansion->At(i);
    if (!EvaluateOne(block, &repetition, diags)) return;
  }
}

bool ImportTargets::EvaluateOne(const config::ImportBlock& block, const Repetition* repetition,
                                Diagnostics& diags) {
  const ModuleScope scope(run_.evaluation, run_.evaluation.root(), repetition);
  const std::optional<Address> address = config::EvaluateImportTarget(block, scope, diags);
  if (!address) return false;
  if (block.id == nullptr) {
    diags.Add({.summary = "Invalid import id argument",
               .detail =
                   "This import block names the object by `identity`, which none of the providers "
                   "built into this program offers. Use `id`.",
               .subject = block.range});
    return false;
  }
  Diagnostics more;
  Value id = lang::Evaluate(*block.id, scope, more);
  const bool failed = more.HasErrors();
  diags.Append(std::move(more));
  if (failed) return false;
  std::string problem;
  const bool is_sensitive = id.ContainsMark(MarkKind::kSensitive);
  const bool is_ephemeral = id.ContainsMark(MarkKind::kEphemeral);
  id = id.UnmarkDeep();
  ConversionError error;
  if (is_sensitive) {
    problem = "The id of what is imported is shown in the plan, and this value is sensitive.";
  } else if (is_ephemeral) {
    problem = "The id of what is imported is kept in the plan, and this value is ephemeral.";
  } else if (!id.IsKnown()) {
    problem =
        "The id depends on something that is known only after the apply, so it cannot be told what "
        "to import. Apply first what it depends on.";
  } else if (id.IsNull()) {
    problem = "The id is null here. It must name the object to import.";
  } else if (const std::optional<Value> text = Convert(id, Type::String(), &error); !text) {
    problem = "The id must be a string: " + error.ToString() + ".";
  } else if (text->AsString().empty()) {
    problem = "The id is empty here. It must name the object to import.";
  } else {
    id = *text;
  }
  if (!problem.empty()) {
    diags.Add(
        {.summary = "Invalid import id argument", .detail = problem, .subject = block.id->range});
    return false;
  }
  const auto [entry, is_new] = targets_.try_emplace(
      *address,
      ImportTarget{.address = *address, .id = std::string(id.AsString()), .range = block.range});
  if (!is_new) {
    diags.Add({.summary = "Duplicate import configuration for \"" + address->ToString() + "\"",
               .detail =
                   "Two import blocks have this resource instance as their target. Each one can be "
                   "imported once.",
               .subject = block.range});
    return false;
  }
  return true;
}

const ImportTarget* ImportTargets::Find(const Address& address) const {
  if (is_evaluated_.empty()) return nullptr;
  const std::lock_guard lock(mutex_);
  const auto found = targets_.find(address);
  return found == targets_.end() ? nullptr : &found->second;
}

std::vector<const ImportTarget*> ImportTargets::WithoutConfig(
    const std::vector<TargetAddress>& targets, Diagnostics& diags) {
  std::vector<const ImportTarget*> found;
  const auto& blocks = run_.tree.root().module->imports;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (run_.tree.FindResource(blocks[i].to_resource) != nullptr) continue;
    if (!targets.empty() && !IsTarget(blocks[i].to_resource, targets)) continue;
    if (!generate_config_ || !blocks[i].to_resource.module.empty()) {
      diags.Add(
          {.summary = "Configuration for import target does not exist",
           .detail =
               "There is no block for " + blocks[i].to_resource.ToString() +
               ", which this imports into. Write one" +
               (blocks[i].to_resource.module.empty()
                    ? std::string(", or have it written with -generate-config-out=FILE.")
                    : std::string(" in that module; -generate-config-out only writes blocks of "
                                  "the root module.")),
           .subject = blocks[i].to_range});
      continue;
    }
    const std::lock_guard lock(mutex_);
    if (!is_evaluated_[i]) {
      is_evaluated_[i] = true;
      EvaluateBlock(blocks[i], diags);
    }
  }
  for (const auto& [address, target] : targets_) {
    if (run_.tree.FindResource(address.Resource().Config()) == nullptr) found.push_back(&target);
  }
  return found;
}

void ImportTargets::CheckInstances(const ConfigResource& resource, Diagnostics& diags) const {
  if (is_evaluated_.empty()) return;
  const std::lock_guard lock(mutex_);
  for (const auto& [address, target] : targets_) {
    if (address.Resource().Config() != resource) continue;
    const ModuleInstance* module = run_.evaluation.Find(address.module);
    if (module != nullptr) {
      const ResourceName& name = address.resource;
      const std::uint32_t index =
          module->node->module->FindResource(name.mode, name.type, name.name);
      const ResourceValues& values = module->resources[index];
      if (!values.is_expanded || values.expansion.Find(address.key) != Expansion::npos) continue;
    }
    diags.Add({.summary = "Configuration for import target does not exist",
               .detail = "The configuration has no instance " + address.ToString() +
                         ", which an import block imports into: its count or for_each, or that of "
                         "its module, does not give that key."});
  }
}

}  // namespace tkn::plan
