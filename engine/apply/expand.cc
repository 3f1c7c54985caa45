#include "engine/apply/applier.h"
#include "engine/plan/module_scope.h"
#include "engine/plan/object_codec.h"
#include "engine/plan/state_values.h"

namespace tkn::apply {

using plan::Action;
using plan::Repetition;
using plan::ResourceInModule;
using plan::ResourceValues;

// The instances of a block, and the values of those that stay as they are; the others' come with
// their changes.
void Applier::ExpandResource(const plan::Step& step, Diagnostics& diags) {
  const config::Resource& block = step.node->module->resources[step.index];
  const graph::Vertex vertex = run_.graph.Of(plan::StepKind::kResource, *step.node, step.index);
  const bool has_conditions =
      !block.lifecycle.preconditions.empty() || !block.lifecycle.postconditions.empty();
  std::vector<std::string> checked;
  for (const auto& module : run_.evaluation.InstancesOf(*step.node)) {
    if (inputs_.plan.mode != plan::Mode::kNormal) {  // nothing comes into being
      plan::SetFromState(run_, *module, step.index, diags);
      ResourceValues& values = module->resources[step.index];
      if (!values.is_expanded && (block.count != nullptr || block.for_each != nullptr)) {
        values.Set({.repeated = block.count != nullptr ? plan::Repeated::kCount
                                                       : plan::Repeated::kForEach});
      }
      continue;
    }
    const std::optional<ResourceInModule> resource = run_.Locate(*module, step.index, diags);
    if (!resource) return;
    const plan::ModuleScope scope(run_.evaluation, *module);
    std::optional<plan::Expansion> expansion =
        plan::Expand(block.count, block.for_each, scope, diags);
    if (!expansion) continue;
    ResourceValues& values = module->resources[step.index];
    values.Set(std::move(*expansion));
    for (std::size_t i = 0; i < values.values.size(); ++i) {
      const Address address{module->address, block.name, values.expansion.keys[i]};
      if (has_conditions) checked.push_back(address.ToString());
      const plan::ResourceChange* change = inputs_.plan.changes.Find(address);
      if (change != nullptr && change->action != Action::kNoOp) continue;
      EvaluateUnchanged(*resource, address, values.expansion.At(i), values.values[i],
                        has_conditions || is_referred_to_[vertex], diags);
    }
  }
  if (has_conditions) run_.checks.Expand(plan::CheckedResource(*step.node, block), checked);
}

void Applier::EvaluateUnchanged(const ResourceInModule& resource, const Address& address,
                                const Repetition& repetition, Value& value, bool is_needed,
                                Diagnostics& diags) {
  const config::Resource& block = *resource.block;
  if (block.name.mode == ResourceMode::kEphemeral) {
    const CallSlots::Slot slot = slots_.Take();
    if (!slot) return GiveUp({}, diags);
    value = ephemerals_.Open(resource, address, repetition, /*check_conditions=*/true, diags);
    return;
  }
  if (!is_needed) return;
  const plan::CheckedObject checked = plan::CheckedResource(*resource.module->node, block);
  if (!block.lifecycle.preconditions.empty()) {
    const plan::ModuleScope scope(run_.evaluation, *resource.module, &repetition);
    std::vector<config::ConditionOutcome> outcomes;
    (void)plan::CheckConditions(block.lifecycle.preconditions, scope,
                                {.summary = "Resource precondition failed"}, outcomes, diags);
    run_.checks.Report(checked, address.ToString(), outcomes);
  }
  const plan::PriorObject* prior = run_.prior.Find(address);
  if (prior == nullptr) {  // left out by -target
    value = Value::Unknown(resource.schema->block.ImpliedType());
    return;
  }
  const std::optional<plan::DecodedObject> object =
      plan::DecodeObject(*prior->stored, *resource.schema, *resource.provider, diags);
  if (!object) return;
  value = plan::WithOrigins(object->value, object->marks, address.ToString());
  if (block.lifecycle.postconditions.empty()) return;
  CheckPostconditions({resource, repetition, &value}, address, value, diags);
}

void Applier::CompleteResource(const plan::Step& step) {
  for (const auto& module : run_.evaluation.InstancesOf(*step.node)) {
    ResourceValues& values = module->resources[step.index];
    if (values.is_expanded) values.Complete();
  }
}

void Applier::CheckPostconditions(const Target& target, const Address& address, const Value& self,
                                  Diagnostics& diags) {
  const config::Resource& block = *target.resource.block;
  if (block.lifecycle.postconditions.empty()) return;
  const plan::ModuleScope scope(run_.evaluation, *target.resource.module, &target.repetition,
                                &self);
  std::vector<config::ConditionOutcome> outcomes;
  (void)plan::CheckConditions(block.lifecycle.postconditions, scope,
                              {.summary = "Resource postcondition failed"}, outcomes, diags);
  run_.checks.Report(plan::CheckedResource(*target.resource.module->node, block),
                     address.ToString(), outcomes);
}

}  // namespace tkn::apply
