#include "engine/plan/run.h"

namespace tkn::plan {

Run::Run(const RunInputs& inputs)
    : graph(inputs.graph),
      tree(graph.tree()),
      schemas(inputs.schemas),
      evaluation(tree, inputs.variables, inputs.evaluation),
      providers(evaluation, inputs.schemas, inputs.offline),
      prior(inputs.state),
      checks(graph),
      hooks(inputs.hooks != nullptr ? *inputs.hooks : no_hooks_),
      interruption(inputs.interruption != nullptr ? *inputs.interruption : never_),
      offline(inputs.offline),
      parallelism(inputs.parallelism),
      at_once(inputs.at_once) {}

void Run::Report(Diagnostics&& diags) {
  if (diags.empty()) return;
  const std::lock_guard lock(mutex_);
  diags_.Append(std::move(diags));
}

Diagnostics Run::TakeDiagnostics() {
  const std::lock_guard lock(mutex_);
  return std::exchange(diags_, Diagnostics());
}

graph::WalkOptions Run::WalkOptions() const {
  return {.parallelism = parallelism, .is_stopped = [this] { return IsStopped(); }};
}

std::optional<ResourceInModule> Run::Locate(const ModuleInstance& module, std::uint32_t resource,
                                            Diagnostics& diags) {
  const config::ModuleNode& node = *module.node;
  ResourceInModule located{.module = &module,
                           .index = resource,
                           .block = &node.module->resources[resource],
                           .provider_address = tree.ProviderOf(node, resource).address,
                           .provider = providers.Get(node.resource_providers[resource])};
  const ResourceName& name = located.block->name;
  located.schema =
      schemas.SharedResourceSchema(located.provider_address->provider, name.mode, name.type);
  if (located.schema == nullptr) {
    diags.Add({.summary = name.mode == ResourceMode::kManaged ? "Invalid resource type"
                          : name.mode == ResourceMode::kData  ? "Invalid data source"
                                                              : "Invalid ephemeral resource type",
               .detail = "The provider " + located.provider_address->provider.ForDisplay() +
                         " has no " + name.type + ".",
               .subject = located.block->type_range});
    return std::nullopt;
  }
  if (located.provider == nullptr) {
    diags.Add({.summary = "Provider configuration not present",
               .detail = "The provider of " + located.Address().ToString() + " is not configured.",
               .subject = located.block->range});
    return std::nullopt;
  }
  return located;
}

graph::Outcome FinishStep(Run& run, Diagnostics&& diags) {
  const bool failed = diags.HasErrors();
  run.Report(std::move(diags));
  return failed ? graph::Outcome::kFailed : graph::Outcome::kDone;
}

}  // namespace tkn::plan
