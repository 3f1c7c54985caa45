#include "engine/apply/import.h"

#include "cli/commands/commands.h"
#include "cli/operation.h"
#include "cli/state_access.h"
#include "engine/render/progress_text.h"

namespace tkn::cli {

const char* const kImportHelp = R"(
import [options] ADDR ID

  Takes an existing object into the state, at the address ADDR, which must
  have a resource block. ID is what the provider calls the object: for a
  linode_token its number. Nothing is changed but the state. What a provider
  never shows again, such as the secret of a token, stays unknown.

Options:
  -config=DIR            Where the configuration is, if not here.
  -var, -var-file        Set input variables.
  -input=false           Don't ask for missing variables.
  -lock=false, -lock-timeout=0s, -no-color, -state=FILE   As for plan.
)";

int RunImport(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  VariableFlags variable_flags;
  StateFlags state_flags;
  bool input = true;
  std::string config_directory;
  int parallelism = 10;
  variable_flags.Register(flags);
  state_flags.Register(flags);
  flags.Bool("input", &input);
  flags.String("config", &config_directory);
  flags.Int("parallelism", &parallelism);
  std::vector<std::string> arguments;
  if (!session.ParseWords(flags, words, arguments,
                          {2, 2, "The import command expects two arguments."}))
    return 1;
  Diagnostics diags;
  const auto address = ParseAddressArgument(session, arguments[0], "<import-address>", diags);
  if (!address) return session.Finish(std::move(diags));
  if (address->resource.mode != ResourceMode::kManaged) {
    diags.Add(
        {.summary = "A managed resource address is required. Importing into a data resource is not "
                    "allowed.",
         .detail = "Data sources are read anew by every plan: there is nothing to take over."});
    return session.Finish(std::move(diags));
  }

  Operation operation(session);
  if (!config_directory.empty()) operation.set_directory(config_directory);
  if (!operation.LoadConfiguration("Import", diags)) return session.Finish(std::move(diags));
  if (!operation.tree().FindResource(address->Resource().Config())) {
    const std::string block = "resource \"" + address->resource.type + "\" \"" +
                              address->resource.name + "\" {\n  # (resource arguments)\n}";
    diags.Add(
        {.summary =
             "resource address \"" + arguments[0] + "\" does not exist in the configuration.",
         .detail = "An object is imported into a resource block. Write it first, for example:\n\n" +
                   block});
    return session.Finish(std::move(diags));
  }
  const auto hooks = render::ProgressText(
      session.style(), [&](std::string_view line) { session.terminal().Out(line); });
  if (!operation.LoadVariables(variable_flags, input, diags) ||
      !operation.OpenState(state_flags, Operation::Access::kWrite, diags) ||
      !operation.Lock("OperationTypeImport", state_flags, diags) ||
      !operation.ResolveIntents(state_flags, false, diags, /*undecided_may_stay=*/true)) {
    return session.Finish(std::move(diags));
  }
  const bool imported = apply::Import({.config = operation.tree(),
                                       .sources = session.sources(),
                                       .variables = operation.variables(),
                                       .schemas = operation.schemas(),
                                       .store = operation.store(),
                                       .address = *address,
                                       .id = arguments[1],
                                       .workspace = session.Workspace(),
                                       .hooks = hooks.get()},
                                      diags);
  session.Show(std::move(diags));
  if (!imported) return 1;
  session.terminal().Out(
      "\n" + session.style().Paint("1;32", "Import successful!") +
      "\n\nThe object shown above is in the state now, and is managed from here on.\n\n");
  return 0;
}

}  // namespace tkn::cli
