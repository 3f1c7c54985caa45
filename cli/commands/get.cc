#include "cli/commands/commands.h"
#include "engine/config/load.h"

namespace tkn::cli {

const char* const kGetHelp = R"(
get [options]

  Checks that the modules which the configuration calls are there, and lists
  them. Modules are read where they lie; nothing is copied.

Options:
  -update                Accepted; there is nothing to update.
  -no-color              No colours.
)";

int RunGet(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  bool update = false;
  std::string test_directory;
  flags.Bool("update", &update);
  flags.String("test-directory", &test_directory);
  std::vector<std::string> arguments;
  if (!session.ParseWords(flags, words, arguments, {})) return 1;
  Diagnostics diags;
  config::LoadOptions options;
  options.data_directory = session.DataDirectory();
  options.is_install = true;
  const auto tree = config::LoadModuleTree(".", session.sources(), options, diags);
  std::string out;
  if (tree && !diags.HasErrors()) {
    for (const auto& node : tree->nodes()) {
      if (!node->call) continue;
      std::string path;
      for (const std::string& name : node->path) path += (path.empty() ? "" : ".") + name;
      out += "- " + path + " in " + (node->module ? node->module->directory : "") + "\n";
    }
  }
  session.terminal().Out(out);
  return session.Finish(std::move(diags));
}

}  // namespace tkn::cli
