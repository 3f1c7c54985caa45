#include "engine/plan/state_values.h"

#include <algorithm>

#include "engine/plan/object_codec.h"

namespace tkn::plan {
namespace {

bool IsFitting(const InstanceKey& key, Repeated repeated) {
  switch (repeated) {
    case Repeated::kNo:
      return key.IsNone();
    case Repeated::kCount:
      return key.IsIndex();
    case Repeated::kForEach:
      return key.IsString();
  }
  return false;
}

// Indexes in front of the highest stand in the list even where there is no object.
void FillGaps(Expansion& expansion) {
  if (expansion.repeated == Repeated::kNo && expansion.keys.empty()) expansion.keys.emplace_back();
  if (expansion.repeated != Repeated::kCount || expansion.keys.empty()) return;
  const std::int64_t last = expansion.keys.back().index();
  // A state can hold any number; only a list as long as there are objects is worth its gaps.
  if (last >= static_cast<std::int64_t>(expansion.keys.size()) * 2 + 1000) return;
  expansion.keys.clear();
  for (std::int64_t i = 0; i <= last; ++i) expansion.keys.emplace_back(i);
}

Value Decode(Run& run, const PriorObject& object, Diagnostics& diags) {
  const ResourceName& resource = object.address->resource;
  const ProviderSource& source = object.now().provider->provider;
  const Schema* schema = run.schemas.ResourceSchema(source, resource.mode, resource.type);
  if (schema == nullptr || object.now().address.resource.type != resource.type)
    return Value::Dynamic();
  const auto decoded =
      DecodeObject(object.now(), *schema, *run.schemas.Unconfigured(source), diags);
  return decoded ? decoded->Marked() : Value::Dynamic();
}

}  // namespace

void SetFromState(Run& run, ModuleInstance& module, std::uint32_t resource, Diagnostics& diags) {
  const config::Resource& block = module.node->module->resources[resource];
  std::vector<PriorObject*> objects;
  for (PriorObject& object : run.prior.Range({module.address, block.name})) {
    if (object.deposed_key().empty() && !object.gone) objects.push_back(&object);
  }
  if (objects.empty()) return;
  Expansion expansion;
  expansion.repeated = block.count != nullptr      ? Repeated::kCount
                       : block.for_each != nullptr ? Repeated::kForEach
                                                   : Repeated::kNo;
  for (const PriorObject* object : objects) {  // in order of their keys
    if (IsFitting(object->address->key, expansion.repeated))
      expansion.keys.push_back(object->address->key);
  }
  FillGaps(expansion);
  ResourceValues& values = module.resources[resource];
  values.Set(std::move(expansion));
  for (const PriorObject* object : objects) {
    const std::size_t index = values.expansion.Find(object->address->key);
    if (index != Expansion::npos) values.values[index] = Decode(run, *object, diags);
  }
  values.Complete();
}

std::vector<bool> WithDependencies(const graph::Graph& graph, std::vector<graph::Vertex> wanted) {
  std::vector<bool> included(graph.size(), false);
  while (!wanted.empty()) {
    const graph::Vertex vertex = wanted.back();
    wanted.pop_back();
    if (included[vertex]) continue;
    included[vertex] = true;
    for (const graph::Vertex dependency : graph.DependenciesOf(vertex))
      wanted.push_back(dependency);
  }
  return included;
}

bool ConfigureProviders(Run& run, const std::vector<bool>& used, Diagnostics& diags) {
  ConfigSteps steps(run, /*check_conditions=*/false);
  steps.SetUsedProviders(used);
  if (!graph::CheckAcyclic(
          run.graph.graph(), [&](graph::Vertex v) { return run.graph.NameOf(v); }, diags)) {
    return false;
  }
  std::vector<graph::Vertex> providers;
  for (std::uint32_t i = 0; i < used.size(); ++i) {
    if (used[i]) providers.push_back(run.graph.Of(StepKind::kProvider, run.tree.root(), i));
  }
  const std::vector<bool> included = WithDependencies(run.graph.graph(), std::move(providers));
  graph::Walk(run.graph.graph(), run.WalkOptions(), [&](graph::Vertex vertex, graph::FanOut&) {
    if (!included[vertex]) return graph::Outcome::kDone;
    const Step& step = run.graph.steps()[vertex];
    if (step.kind != StepKind::kResource && step.kind != StepKind::kResourceDone)
      return steps.Do(step);
    Diagnostics found;
    if (step.kind == StepKind::kResource) {
      for (const auto& module : run.evaluation.InstancesOf(*step.node)) {
        SetFromState(run, *module, step.index, found);
      }
    }
    return FinishStep(run, std::move(found));
  });
  Diagnostics found = run.TakeDiagnostics();
  const bool failed = found.HasErrors();
  diags.Append(std::move(found));
  return !failed;
}

}  // namespace tkn::plan
