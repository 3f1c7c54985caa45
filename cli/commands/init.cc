#include <algorithm>

#include "cli/commands/commands.h"
#include "cli/migrate_state.h"
#include "cli/operation.h"
#include "cli/state_access.h"
#include "engine/config/load.h"
#include "engine/config/validate.h"

namespace tkn::cli {

const char* const kInitHelp = R"(
init [options]

  Checks that everything the configuration needs is there: its backend, its
  modules, its providers. Nothing is downloaded, since providers are built in,
  and no other command needs init to have run.

Options:
  -backend=false         Leave the backend alone.
  -migrate-state         Copy the state, with all workspaces, to where the
                         configuration now keeps it, from tkn.db or from
                         terraform.tfstate and terraform.tfstate.d.
  -force-copy            The same without asking.
  -reconfigure           Leave the state that lies elsewhere where it is.
  -backend-config, -from-module, -get, -lockfile, -upgrade, -plugin-dir
                         Accepted; there is nothing for them to do.
  -input=false, -lock=false, -lock-timeout=0s, -no-color   As for plan.
)";

namespace {

void ListProviders(const config::ModuleTree& tree, const plan::Schemas& schemas, std::string& out) {
  std::vector<ProviderSource> seen;
  for (const config::ProviderNode& node : tree.providers()) {
    const ProviderSource& source = node.address.provider;
    if (std::ranges::find(seen, source) != seen.end()) continue;
    seen.push_back(source);
    if (schemas.HasProvider(source)) out += "- " + source.ForDisplay() + " is built in to tkn\n";
  }
}

}  // namespace

int RunInit(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  bool ignored_bool = false;
  bool backend = true;
  std::string ignored;
  std::vector<std::string> ignored_list;
  VariableFlags variable_flags;
  StateFlags state_flags;
  for (const char* name :
       {"get", "upgrade", "json", "get-plugins", "verify-plugins", "ignore-remote-version"}) {
    flags.Bool(name, &ignored_bool);
  }
  MigrationOptions migration;
  bool reconfigure = false;
  flags.Bool("migrate-state", &migration.wanted);
  flags.Bool("force-copy", &migration.approved);
  flags.Bool("reconfigure", &reconfigure);
  flags.Bool("input", &migration.ask);
  for (const char* name : {"from-module", "lockfile", "plugin-dir", "test-directory"})
    flags.String(name, &ignored);
  flags.Strings("backend-config", &ignored_list);
  flags.Bool("backend", &backend);
  variable_flags.Register(flags);
  state_flags.Register(flags);
  std::vector<std::string> arguments;
  if (!session.ParseFlags(flags, words, arguments)) return 1;
  Terminal& terminal = session.terminal();
  const render::TextStyle& style = session.style();
  if (!config::HasConfiguration(".")) {
    terminal.Out(
        style.Bold("tkn initialized in an empty directory!") +
        "\n\nThere are no configuration files here yet: write a .tf file, then \"tkn plan\".\n");
    return 0;
  }
  Diagnostics diags;
  config::LoadOptions options;
  options.data_directory = session.DataDirectory();
  const auto tree = config::LoadModuleTree(".", session.sources(), options, diags);
  if (tree) config::CheckProviderVersions(*tree, diags);
  if (!tree || diags.HasErrors()) {
    return session.Finish(std::move(diags));
  }
  const config::Module& root = *tree->root().module;
  if (root.backend && backend) terminal.Out(style.Bold("Initializing the backend...") + "\n");
  migration.wanted = migration.wanted || migration.approved;
  if (backend && !reconfigure && !MigrateState(session, root, state_flags, migration, diags))
    return session.Finish(std::move(diags));
  if (backend && !OpenState(session, &root, state_flags, false, diags))
    return session.Finish(std::move(diags));
  std::string out;
  if (tree->nodes().size() > 1) {
    out += style.Bold("Initializing modules...") + "\n";
    for (const auto& node : tree->nodes()) {
      if (!node->call) continue;
      std::string path;
      for (const std::string& name : node->path) path += (path.empty() ? "" : ".") + name;
      out += "- " + path + " in " + (node->module ? node->module->directory : "") + "\n";
    }
  }
  out += style.Bold("Initializing provider plugins...") + "\n";
  Operation operation(session);
  ListProviders(*tree, operation.schemas(), out);
  terminal.Out(out);
  terminal.Out(
      "\n" + style.Paint("1;32", "tkn has been successfully initialized!") +
      "\n\nNothing had to be downloaded. \"tkn plan\" shows what the configuration would\nchange; "
      "there is no need to run init again after changes.\n");
  return session.Finish(std::move(diags));
}

}  // namespace tkn::cli
