#include <algorithm>

#include "engine/plan/data_source.h"
#include "engine/plan/module_scope.h"
#include "engine/plan/planner.h"

namespace tkn::plan {
namespace {

using graph::Vertex;

// The managed blocks below a module call.
void AddManagedBelow(const ConfigGraph& graph, const config::ModuleNode& node,
                     std::vector<Vertex>& vertices) {
  for (std::size_t i = 0; i < node.module->resources.size(); ++i) {
    if (node.module->resources[i].name.mode != ResourceMode::kManaged) continue;
    vertices.push_back(graph.Of(StepKind::kResource, node, static_cast<std::uint32_t>(i)));
  }
  for (const config::ModuleNode* child : node.children) {
    if (child != nullptr) AddManagedBelow(graph, *child, vertices);
  }
}

}  // namespace

// Per data block: the managed blocks that it, or a call of a module around it, names in depends_on.
// What it merely refers to need not be waited for: its configuration is unknown then.
void Planner::CollectDependsOn() {
  const auto add = [&](const config::ModuleNode& node, const std::vector<config::Use>& uses,
                       std::vector<Vertex>& vertices) {
    for (const config::Use& use : uses) {
      if (use.place != config::UsePlace::kDependsOn || use.target == nullptr ||
          use.target->index == config::kNone) {
        continue;
      }
      if (use.target->kind == lang::ReferenceKind::kResource) {
        vertices.push_back(run_.graph.Of(StepKind::kResource, node, use.target->index));
      } else if (use.target->kind == lang::ReferenceKind::kModule) {
        if (const config::ModuleNode* child = node.children[use.target->index]) {
          AddManagedBelow(run_.graph, *child, vertices);
        }
      }
    }
  };
  for (const auto& node : run_.tree.nodes()) {
    std::vector<Vertex> around;
    for (const config::ModuleNode* at = node.get(); at->parent != nullptr; at = at->parent) {
      add(*at->parent, at->call->uses, around);
    }
    for (std::size_t i = 0; i < node->module->resources.size(); ++i) {
      const config::Resource& block = node->module->resources[i];
      if (block.name.mode != ResourceMode::kData) continue;
      const Vertex vertex =
          run_.graph.Of(StepKind::kResource, *node, static_cast<std::uint32_t>(i));
      depends_on_[vertex] = around;
      add(*node, block.uses, depends_on_[vertex]);
    }
  }
}

bool Planner::DependenciesPending(const Instance& instance) const {
  std::vector<Vertex> stack = depends_on_[instance.vertex];
  std::vector<Vertex> seen;
  while (!stack.empty()) {
    const Vertex vertex = stack.back();
    stack.pop_back();
    if (std::find(seen.begin(), seen.end(), vertex) != seen.end()) continue;
    seen.push_back(vertex);
    const Step& step = run_.graph.steps()[vertex];
    const bool managed =
        step.node->module->resources[step.index].name.mode == ResourceMode::kManaged;
    if (managed && pending_[vertex].load(std::memory_order_relaxed)) return true;
    // A data source that itself waits for something.
    stack.insert(stack.end(), depends_on_[vertex].begin(), depends_on_[vertex].end());
  }
  return false;
}

void Planner::PlanData(const Instance& instance, Diagnostics& diags) {
  const ResourceInModule& resource = instance.resource;
  const config::Resource& block = *resource.block;
  const BlockSchema& schema = resource.schema->block;
  const std::string& address = instance.text;
  const bool destroy = options_.mode == Mode::kDestroy;
  PriorObject* prior = run_.prior.Find(instance.address);
  if (prior != nullptr) prior->is_handled = true;
  *instance.value = Value::Unknown(schema.ImpliedType());

  if (destroy && !options_.refresh) {  // only what is known already is needed, for providers
    if (prior == nullptr) return;
    if (auto object = DecodeObject(*prior->stored, *resource.schema, *resource.provider, diags)) {
      *instance.value = WithOrigins(object->value, object->marks, address);
    }
    return;
  }
  if (!destroy && !block.lifecycle.preconditions.empty()) {
    const ModuleScope scope(run_.evaluation, *resource.module, &instance.repetition);
    std::vector<config::ConditionOutcome> outcomes;
    const bool holds =
        CheckConditions(block.lifecycle.preconditions, scope,
                        {.summary = "Resource precondition failed"}, outcomes, diags);
    run_.checks.Report(CheckedResource(*resource.module->node, block), address, outcomes);
    if (!holds) return;
  }
  const bool nested = block.check != config::kNone;
  Diagnostics found;
  std::optional<DataConfig> config =
      DecodeDataConfig(run_, resource, instance.address, instance.repetition, found);

  const Value nothing = Value::Null(schema.ImpliedType());
  ResourceChange change{.address = instance.address,
                        .provider = resource.provider_address,
                        .action = Action::kRead,
                        .before = nothing,
                        .schema = resource.schema};
  const bool is_unknown = config && !config->value.IsWhollyKnown();
  const bool is_pending = DependenciesPending(instance);
  const bool out_of_reach = options_.offline && !resource.provider_address->provider.IsBuiltin();
  std::optional<DecodedObject> object;
  if (config && !is_unknown && !is_pending && !out_of_reach) {
    object = ReadDataSource(run_, resource, instance.address, *config, found);
  }
  if (object) {
    *instance.value = WithOrigins(object->value, object->marks, address);
    state::StoredObject stored = StoredDataObject(resource, instance.address, *object);
    if (prior == nullptr) {
      run_.prior.Add(std::move(stored));
    } else if (stored.attributes_json != prior->stored->attributes_json ||
               stored.sensitive_paths != prior->stored->sensitive_paths ||
               stored.schema_version != prior->stored->schema_version ||
               stored.provider != prior->stored->provider) {
      prior->updated = std::make_unique<state::StoredObject>(std::move(stored));
    }
    if (nested) change.reason = ActionReason::kReadBecauseCheckNested;
    change.after = object->Marked();
  } else if (config) {
    const Value planned = SetUnknowns(schema, config->value);
    const std::vector<PathMarks> marks = SensitiveMarks(planned, schema, config->marks);
    *instance.value = WithOrigins(planned, marks, address);
    change.after = planned.MarkPaths(marks);
    if (is_unknown) {
      change.reason = ActionReason::kReadBecauseConfigUnknown;
    } else if (is_pending) {
      change.reason = ActionReason::kReadBecauseDependencyPending;
    } else if (nested) {
      change.reason = ActionReason::kReadBecauseCheckNested;
    }
    if (prior != nullptr) prior->gone = true;  // it is read anew, and means nothing until then
  }
  if (nested && found.HasErrors()) {
    // A check may fail without harm to the rest: its errors are warnings, and it is tried again
    // when applying.
    std::vector<config::ConditionOutcome> outcomes;
    for (Diagnostic& diagnostic : found) {
      if (diagnostic.severity != Severity::kError) continue;
      outcomes.push_back(
          {config::ConditionResult::kFail, diagnostic.summary + ": " + diagnostic.detail});
      diagnostic.severity = Severity::kWarning;
    }
    const config::CheckBlock& check = resource.module->node->module->checks[block.check];
    const std::string name = "check." + std::string(check.name);
    run_.checks.Report(
        {CheckKind::kCheckBlock, resource.module->node->path, name},
        resource.module->address.IsRoot() ? name : resource.module->address.ToString() + "." + name,
        outcomes);
    // What was asked for is kept in the state all the same, as Terraform does.
    if (config && !is_unknown && !is_pending) {
      state::StoredObject asked =
          StoredDataObject(resource, instance.address,
                           DecodedObject{.value = config->value, .marks = config->marks});
      if (prior == nullptr) {
        run_.prior.Add(std::move(asked));
      } else {
        prior->updated = std::make_unique<state::StoredObject>(std::move(asked));
        prior->gone = false;
      }
    }
    change.reason = ActionReason::kReadBecauseCheckNested;
    if (!config) change.after = Value::Unknown(schema.ImpliedType());
  }
  const bool failed = found.HasErrors();
  diags.Append(std::move(found));
  if (failed) return;
  const bool is_deferred = !object;
  if ((is_deferred || nested) && options_.mode == Mode::kNormal)
    Record(std::move(change), nullptr, instance.vertex);
  if (!destroy) (void)CheckPostconditions(instance, *instance.value, diags);
}

}  // namespace tkn::plan
