#include "engine/config/validate.h"

#include <algorithm>
#include <set>

#include "engine/config/tree_builder.h"
#include "engine/config/validation_graph.h"
#include "engine/config/validator.h"
#include "parser/content.h"
#include "parser/suggest.h"

namespace tkn::config {
namespace {

std::string Listed(std::vector<std::string> names) {
  std::ranges::sort(names);
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

// Providers and provisioners that this program has not got, each once.
void CheckRequirements(const ModuleTree& tree, const SchemaSource& schemas, Diagnostics& diags) {
  std::set<std::string> provisioners;
  for (const auto& node : tree.nodes()) {
    const auto collect = [&](const std::vector<Provisioner>& list) {
      for (const Provisioner& provisioner : list) {
        if (schemas.ProvisionerSchema(provisioner.type) == nullptr)
          provisioners.emplace(provisioner.type);
      }
    };
    for (const Resource& resource : node->module->resources) collect(resource.provisioners);
    for (const RemovedBlock& removed : node->module->removed) collect(removed.provisioners);
  }
  std::vector<std::string> have;
  for (const ProviderSource& source : schemas.Providers()) have.push_back(source.ForDisplay());
  for (const ProviderSource& source : MissingProviders(tree, schemas)) {
    diags.Add({.summary = "Missing required provider",
               .detail = "This configuration needs the provider " + source.ToString() +
                         ". It is not built in, and none can be installed. Built in are: " +
                         Listed(have) + "."});
  }
  for (const std::string& type : provisioners) {
    diags.Add({.summary = "Missing required provisioner plugin",
               .detail = "This configuration needs the provisioner \"" + type +
                         "\", which is not built in." +
                         DidYouMean(type, schemas.ProvisionerTypes()) +
                         " Built in are: " + Listed(schemas.ProvisionerTypes()) + "."});
  }
}

// Arguments of module calls against the variables of the modules. Only the first call that has
// errors is told about.
bool CheckArguments(const ModuleTree& tree, Diagnostics& diags) {
  for (const auto& node : tree.nodes()) {
    if (node->call == nullptr) continue;
    parser::BodySchema schema;
    schema.attributes.reserve(node->module->variables.size());
    for (const Variable& variable : node->module->variables) {
      schema.attributes.push_back(
          {std::string(variable.name), !variable.default_value.has_value()});
    }
    Diagnostics own;
    (void)parser::Content(node->call->body, schema, own);
    const bool failed = own.HasErrors();
    diags.Append(std::move(own));
    if (failed) return false;
  }
  return true;
}

bool CheckProviderConfigs(const ModuleTree& tree, Diagnostics& diags) {
  bool ok = true;
  for (const auto& node : tree.nodes()) {
    const std::string path = ModuleAddressOf(node->path);
    for (std::uint32_t i = 0; i < node->module->resources.size(); ++i) {
      const ProviderNode& provider = tree.ProviderOf(*node, i);
      if (!provider.missing) continue;
      ok = false;
      const std::string address =
          (path.empty() ? path : path + ".") + node->module->resources[i].name.ToString();
      diags.Add({.summary = "Provider configuration not present",
                 .detail = address + " uses the provider configuration " +
                           provider.address->ToString() +
                           ", and there is no provider block for it. Add one with alias = \"" +
                           provider.address->alias +
                           "\", or change the \"provider\" argument of the resource."});
    }
  }
  return ok;
}

}  // namespace

void CheckProviderVersions(const ModuleTree& tree, Diagnostics& diags) {
  std::set<ProviderSource> reported;
  for (const auto& node : tree.nodes()) {
    for (const RequiredProvider& required : node->module->required_providers) {
      if (!required.source.IsBuiltin() || required.version.empty()) continue;
      if (!reported.insert(required.source).second) continue;
      diags.Add({.summary = "Invalid dependency on built-in provider",
                 .detail = "The provider " + required.source.ToString() +
                           " belongs to the program itself and has no version of its own. Remove "
                           "\"version\" from its "
                           "required_providers entry."});
    }
  }
}

std::vector<ProviderSource> MissingProviders(const ModuleTree& tree, const SchemaSource& schemas) {
  std::set<ProviderSource> missing;
  const auto need = [&](const ProviderSource& source) {
    if (!schemas.HasProvider(source)) missing.insert(source);
  };
  for (const ProviderNode& provider : tree.providers()) need(provider.address->provider);
  for (const auto& node : tree.nodes()) {
    for (const RequiredProvider& required : node->module->required_providers) need(required.source);
  }
  return {missing.begin(), missing.end()};
}

void ValidateTree(const ModuleTree& tree, const SchemaSource& schemas, Diagnostics& diags,
                  const std::string& workspace) {
  Diagnostics own;
  CheckRequirements(tree, schemas, own);
  if (!own.HasErrors() && CheckArguments(tree, own) && CheckProviderConfigs(tree, own)) {
    const ValidationGraph graph(tree, own);
    if (!own.HasErrors()) Validator(tree, schemas, graph, workspace, own).Run();
  }
  diags.Append(std::move(own));
}

}  // namespace tkn::config
