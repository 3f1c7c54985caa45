#include <map>
#include <set>

#include "cli/commands/commands.h"
#include "cli/operation.h"
#include "cli/state_access.h"
#include "engine/config/load.h"
#include "engine/render/document_json.h"

namespace tkn::cli {

const char* const kProvidersHelp = R"(
providers

  Shows which providers the configuration and the state need, module by module.
)";

const char* const kProvidersSchemaHelp = R"(
providers schema -json

  Prints the schemas of the providers that the configuration uses, as JSON.
)";

namespace {

// One module: its providers, then the modules it calls, drawn as a tree.
void PrintNode(const config::ModuleNode& node, const config::ModuleTree& tree,
               const std::string& indent, std::string& out) {
  std::map<std::string, std::string> rows;  // provider -> constraints
  if (node.module) {
    for (const config::RequiredProvider& required : node.module->required_providers) {
      rows["provider[" + required.source.ToString() + "]"] =
          required.version.empty() ? "" : " " + required.version;
    }
    for (std::size_t i = 0; i < node.module->resources.size(); ++i) {
      rows.emplace(
          "provider[" +
              tree.ProviderOf(node, static_cast<std::uint32_t>(i)).address->provider.ToString() +
              "]",
          "");
    }
  }
  std::size_t left = rows.size();
  std::size_t children = 0;
  for (const config::ModuleNode* child : node.children) children += child ? 1 : 0;
  left += children;
  for (const auto& [provider, version] : rows) {
    out += indent + (--left ? "\u251c\u2500\u2500 " : "\u2514\u2500\u2500 ") + provider + version +
           "\n";
  }
  for (const config::ModuleNode* child : node.children) {
    if (!child) continue;
    const bool last = --left == 0;
    out += indent + (last ? "\u2514\u2500\u2500 module." : "\u251c\u2500\u2500 module.") +
           std::string(child->call->name) + "\n";
    PrintNode(*child, tree, indent + (last ? "    " : "\u2502   "), out);
  }
}

// nullopt: the state could not be read.
std::optional<std::set<ProviderSource>> ProvidersOfState(Session& session,
                                                         const config::ModuleTree& tree,
                                                         Diagnostics& diags) {
  const auto store = OpenState(session, tree.root().module, {}, false, diags);
  const auto snapshot = store ? store->Read(diags) : nullptr;
  if (!snapshot) return std::nullopt;
  std::set<ProviderSource> providers;
  for (const state::StoredObject& object : snapshot->objects)
    providers.insert(object.provider->provider);
  return providers;
}

}  // namespace

int RunProviders(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  std::string test_directory;
  flags.String("test-directory", &test_directory);
  std::vector<std::string> arguments;
  if (!session.ParseWords(flags, words, arguments, {})) return 1;
  Diagnostics diags;
  if (!config::HasConfiguration(".")) {
    diags.Add({.summary = "No configuration files",
               .detail = "This directory has no .tf or .tf.json file to look into."});
    return session.Finish(std::move(diags));
  }
  config::LoadOptions options;
  options.data_directory = session.DataDirectory();
  const auto tree = config::LoadModuleTree(".", session.sources(), options, diags);
  if (!tree || diags.HasErrors()) return session.Finish(std::move(diags));
  std::string out = "\nProviders required by configuration:\n.\n";
  PrintNode(tree->root(), *tree, "", out);
  const auto in_state = ProvidersOfState(session, *tree, diags);
  if (!in_state) return session.Finish(std::move(diags));
  if (!in_state->empty()) {
    out += "\nProviders required by state:\n\n";
    for (const ProviderSource& provider : *in_state)
      out += "    provider[" + provider.ToString() + "]\n\n";
  }
  session.terminal().Out(out);
  return session.Finish(std::move(diags));
}

int RunProvidersSchema(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  bool json = false;
  flags.Bool("json", &json);
  std::vector<std::string> arguments;
  if (!session.ParseWords(flags, words, arguments, {.most = Session::kAnyNumber})) return 1;
  Diagnostics diags;
  if (!json) {
    session.terminal().Error(
        "The `tkn providers schema` command requires the `-json` flag.\n\nSchemas are printed for "
        "programs only.\n");
    return 1;
  }
  Operation operation(session);
  config::LoadOptions options;
  options.data_directory = session.DataDirectory();
  const auto tree = config::LoadModuleTree(".", session.sources(), options, diags);
  if (!tree || diags.HasErrors()) return session.Finish(std::move(diags));
  const auto in_state = ProvidersOfState(session, *tree, diags);
  if (!in_state) return session.Finish(std::move(diags));
  session.terminal().Out(render::ProviderSchemasJson(*tree, *in_state, operation.schemas()) + "\n");
  return session.Finish(std::move(diags));
}

}  // namespace tkn::cli
