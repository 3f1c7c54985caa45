#include <algorithm>

#include "cli/commands/commands.h"
#include "cli/commands/init_from_module.h"
#include "cli/commands/init_view.h"
#include "cli/migrate_state.h"
#include "cli/operation.h"
#include "cli/operation_view.h"
#include "cli/state_access.h"
#include "engine/config/load.h"
#include "engine/config/validate.h"
#include "engine/value/json.h"

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
  -from-module=DIR       First copy the module in that directory into this one,
                         which must be empty.
  -backend-config, -get, -lockfile, -upgrade, -plugin-dir
                         Accepted; there is nothing for them to do.
  -json                  A stream of JSON lines instead of text.
  -input=false, -lock=false, -lock-timeout=0s, -no-color   As for plan.
)";

namespace {

void ListModules(const config::ModuleTree& tree, InitView& view) {
  for (const auto& node : tree.nodes()) {
    if (!node->call) continue;
    std::string path;
    for (const std::string& name : node->path) path += (path.empty() ? "" : ".") + name;
    view.Module(path, node->module ? node->module->directory : "");
  }
}

void ListProviders(const config::ModuleTree& tree, const plan::Schemas& schemas, InitView& view) {
  std::vector<ProviderSource> seen;
  for (const config::ProviderNode& node : tree.providers()) {
    const ProviderSource& source = node.address->provider;
    if (std::ranges::find(seen, source) != seen.end()) continue;
    seen.push_back(source);
    if (schemas.HasProvider(source)) view.Provider(source.ForDisplay());
  }
}

// As Terraform tells it: nothing but what is wrong in the root's own files, which are read once
// more for the backend; unless not even their syntax is right, or this is about its own version.
int RefuseRoot(Session& session, InitView& view, const config::Module& root, bool backend,
               const Diagnostics& diags) {
  Diagnostics told;
  const bool is_version = std::ranges::any_of(diags, [](const Diagnostic& diagnostic) {
    return diagnostic.summary == "Unsupported Terraform Core version";
  });
  // Where modules are called they are looked for first, and that ends here.
  const bool plainly = is_version || !root.module_calls.empty();
  const auto introduce = [&] {
    if (plainly) return;
    told.Add({.summary = "tkn encountered problems during initialisation, including problems\nwith "
                         "the configuration, described below.\n\nNothing can be prepared before "
                         "these are mended: what is needed stands in the configuration."});
  };
  if (!view.json()) introduce();
  for (const Diagnostic& diagnostic : diags) {
    const SourceFile* file = session.sources().Find(diagnostic.subject.file);
    if (file != nullptr && file->name().find('/') != std::string::npos) continue;
    told.Add(diagnostic);
    if (backend && !plainly && !root.is_malformed && !view.json()) told.Add(diagnostic);
  }
  if (view.json()) introduce();
  return view.Finish(std::move(told));
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
       {"get", "upgrade", "get-plugins", "verify-plugins", "ignore-remote-version"}) {
    flags.Bool(name, &ignored_bool);
  }
  bool json = false;
  flags.Bool("json", &json);
  MigrationOptions migration;
  bool reconfigure = false;
  flags.Bool("migrate-state", &migration.wanted);
  flags.Bool("force-copy", &migration.approved);
  flags.Bool("reconfigure", &reconfigure);
  flags.Bool("input", &migration.ask);
  std::string from_module;
  flags.String("from-module", &from_module);
  for (const char* name : {"lockfile", "plugin-dir", "test-directory"})
    flags.String(name, &ignored);
  flags.Strings("backend-config", &ignored_list);
  flags.Bool("backend", &backend);
  variable_flags.Register(flags);
  state_flags.Register(flags);
  std::vector<std::string> arguments;
  Diagnostics diags;
  if (session.ReadFlags(flags, words, arguments, Session::kAnyNumber, {}, diags) &&
      !arguments.empty()) {
    diags.Add({.summary = "Too many command line arguments. Did you mean to use -chdir?"});
  }
  if (diags.HasErrors()) return OperationView::RefuseWords(session, json, std::move(diags));
  InitView view(session, json);
  if (!from_module.empty()) {
    view.Begin("copying_configuration_message",
               "Copying configuration from " + JsonQuote(from_module) + "...");
    if (!CopyModuleHere(from_module, diags)) return view.Finish(std::move(diags));
  }
  if (!config::HasConfiguration(".")) {
    view.EmptyDirectory();
    return 0;
  }
  // The stream says first what is looked at; people are told of what there is.
  const auto announce_backend = [&] {
    if (backend) view.Begin("initializing_backend_message", "Initializing the backend...");
  };
  if (json) announce_backend();
  config::LoadOptions options;
  options.data_directory = session.DataDirectory();
  options.is_install = true;
  const auto tree = config::LoadModuleTree(".", session.sources(), options, diags);
  if (tree) config::CheckProviderVersions(*tree, diags);
  if (tree && tree->root().module->is_broken)
    return RefuseRoot(session, view, *tree->root().module, backend, diags);
  const bool has_modules = tree && tree->nodes().size() > 1;
  const auto announce_modules = [&] {
    if (!has_modules) return;
    view.Begin("initializing_modules_message", "Initializing modules...");
    ListModules(*tree, view);
  };
  if (json) announce_modules();
  if (!tree || diags.HasErrors()) return view.Finish(std::move(diags));
  const config::Module& root = *tree->root().module;
  if (root.backend && !json) announce_backend();
  migration.wanted = migration.wanted || migration.approved;
  if (json) migration.ask = false;
  if (backend && !reconfigure && !MigrateState(session, root, state_flags, migration, diags))
    return view.Finish(std::move(diags));
  if (backend && !OpenState(session, &root, state_flags, false, diags))
    return view.Finish(std::move(diags));
  if (!json) announce_modules();
  view.Begin("initializing_provider_plugin_message", "Initializing provider plugins...");
  Operation operation(session);
  ListProviders(*tree, operation.schemas(), view);
  view.Success();
  return view.Finish(std::move(diags));
}

}  // namespace tkn::cli
