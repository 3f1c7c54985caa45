#include "engine/apply/import.h"

#include <algorithm>

#include "engine/plan/module_scope.h"
#include "engine/plan/object_codec.h"
#include "engine/plan/resource_change.h"
#include "engine/plan/run.h"
#include "engine/plan/state_values.h"

namespace tkn::apply {
namespace {

// The object with the id, as the provider reads it. nullopt after an error.
std::optional<providers::Object> Fetch(const ImportInputs& inputs, plan::Run& run,
                                       providers::Provider& provider, Diagnostics& diags) {
  const std::string& type = inputs.address.resource.type;
  const plan::Hooks::Instance shown{.address = inputs.address, .deposed_key = {}};
  Diagnostics reported;
  run.hooks.BeforeImport(shown, inputs.id);
  std::vector<providers::ImportedObject> imported =
      provider.Import({.type = type, .id = inputs.id}, reported);
  bool failed = reported.HasErrors();
  plan::PlaceDiagnostics(std::move(reported), inputs.address.ToString(), nullptr, {}, diags);
  if (failed) return std::nullopt;
  const auto found = std::find_if(imported.begin(), imported.end(),
                                  [&](const auto& object) { return object.type == type; });
  if (found == imported.end() || found->object.value.IsNull()) {
    diags.Add(
        {.summary = "Import returned no resources",
         .detail = "The provider did not find anything to import for the id \"" + inputs.id + "\".",
         .address = inputs.address.ToString()});
    return std::nullopt;
  }
  run.hooks.AfterImport(shown, found->type);
  if (run.prior.snapshot().Find(inputs.address) != nullptr) {
    diags.Add({.summary = "Resource already managed by Terraform",
               .detail = "The state has an object at " + inputs.address.ToString() +
                         " already. To import another one there, first take that one out with the "
                         "`state rm` command."});
    return std::nullopt;
  }
  const auto id = plan::DisplayId(found->object.value);
  const plan::Hooks::Instance with_id{
      .address = inputs.address, .deposed_key = {}, .id_key = id.first, .id_value = id.second};
  run.hooks.BeforeRefresh(with_id);
  Diagnostics reading;
  providers::Object object = provider.Read(type, found->object, reading);
  failed = reading.HasErrors();
  plan::PlaceDiagnostics(std::move(reading), inputs.address.ToString(), nullptr, {}, diags);
  if (failed) return std::nullopt;
  run.hooks.AfterRefresh(with_id);
  if (object.value.IsNull()) {
    diags.Add({.summary = "Cannot import non-existent remote object",
               .detail = "There is nothing with the id \"" + inputs.id + "\" that " +
                         inputs.address.ToString() +
                         " could take over. Check the id, and that the provider looks into the "
                         "right account or "
                         "region.",
               .address = inputs.address.ToString()});
    return std::nullopt;
  }
  return object;
}

}  // namespace

bool Import(const ImportInputs& inputs, Diagnostics& diags) {
  const config::ModuleNode* node = nullptr;
  const config::Resource* block =
      inputs.config.FindResource(inputs.address.Resource().Config(), &node);
  if (block == nullptr) {
    diags.Add({.summary = "resource address \"" + inputs.address.ToString() +
                          "\" does not exist in the configuration.",
               .detail = "An object is imported into a resource block. Write it first."});
    return false;
  }
  const std::shared_ptr<const state::Snapshot> snapshot = inputs.store.Read(diags);
  if (snapshot == nullptr) return false;
  plan::ConfigGraph graph(inputs.config, /*split_resources=*/false);
  graph.graph().Freeze();
  plan::Run run({.graph = graph,
                 .variables = inputs.variables,
                 .schemas = inputs.schemas,
                 .state = snapshot,
                 .evaluation = {.workspace = inputs.workspace,
                                .root_directory = inputs.root_directory,
                                .working_directory = inputs.working_directory},
                 .hooks = inputs.hooks});
  const auto index = static_cast<std::uint32_t>(block - node->module->resources.data());
  const std::uint32_t provider_index = node->resource_providers[index];
  std::vector<bool> used(inputs.config.providers().size(), false);
  used[provider_index] = true;
  if (!plan::ConfigureProviders(run, used, diags)) return false;
  const ProviderRef provider_address = inputs.config.providers()[provider_index].address;
  providers::Provider* provider = run.providers.GetFor(provider_address, diags);
  const Schema* schema = inputs.schemas.ResourceSchema(
      provider_address->provider, ResourceMode::kManaged, inputs.address.resource.type);
  if (provider == nullptr || schema == nullptr) {
    if (schema == nullptr)
      diags.Add({.summary = "Invalid resource type", .subject = block->type_range});
    return false;
  }
  const std::optional<providers::Object> object = Fetch(inputs, run, *provider, diags);
  if (!object) return false;
  const std::vector<std::string> problems =
      CheckConforms(object->value, schema->block.ImpliedType());
  if (!problems.empty()) {
    diags.Add(plan::ProviderMistake("Provider produced invalid object", provider_address,
                                    inputs.address.ToString(), "gave an impossible object for",
                                    problems, block->range));
    return false;
  }
  // Dependencies are recorded by the next apply: which there are is a matter of the whole
  // configuration.
  const plan::ResourceRelations relations(graph, std::vector<bool>(graph.graph().size(), true));
  state::StoredObject stored{.address = inputs.address, .provider = provider_address};
  plan::EncodeObject(object->value, plan::SensitiveMarks(object->value, schema->block, {}), *schema,
                     stored);
  stored.private_bytes = object->private_bytes;
  stored.create_before_destroy = relations.CreateBeforeDestroy(*node, index);
  state::StateStore::Change change;
  Diagnostics reading;
  for (const state::Intent& intent : inputs.store.OpenIntents(reading)) {
    if (intent.object != state::ObjectKey{inputs.address, ""}) continue;
    // Somebody who looked says what a lost create had made. What happened after it is not known.
    change.ends_intent = intent.id;
    if (intent.action == state::IntentAction::kCreate)
      stored.status = state::ObjectStatus::kTainted;
  }
  const bool failed = reading.HasErrors();
  diags.Append(std::move(reading));
  change.put.push_back(std::move(stored));
  return !failed && inputs.store.BeginOperation({.command = "import"}, diags) &&
         inputs.store.Commit(change, diags) && inputs.store.FinishOperation(diags);
}

}  // namespace tkn::apply
