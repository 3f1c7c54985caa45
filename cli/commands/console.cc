#include "engine/plan/console.h"

#include "cli/commands/commands.h"
#include "cli/console/loop.h"
#include "cli/operation.h"

namespace tkn::cli {

const char* const kConsoleHelp = R"(
console [options]

  Evaluates expressions, with the variables, locals and resources of the
  configuration and state in this directory. Changes nothing. In a terminal,
  open brackets go on in the next line, Tab completes names, the arrow keys
  bring earlier lines back, and "exit" or Ctrl-D leave. From a pipe, every line
  is an expression, and the last one's value is printed.

Options:
  -state=FILE            Use another state file.
  -var, -var-file        Set input variables.
  -plan                  Accepted.
  -no-color              No colours.
)";

int RunConsole(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  VariableFlags variable_flags;
  StateFlags state_flags;
  bool plan = false;
  variable_flags.Register(flags);
  state_flags.Register(flags);
  flags.Bool("plan", &plan);
  std::vector<std::string> arguments;
  if (!session.ParseWords(flags, words, arguments, {})) return 1;
  Operation operation(session);
  Diagnostics diags;
  if (!operation.ReadConfiguration(diags) || !operation.ReadVariables(variable_flags, diags) ||
      !operation.OpenState(state_flags, Operation::Access::kRead, diags) ||
      !operation.ReadState(diags)) {
    return session.Finish(std::move(diags));
  }
  const plan::Console console(
      {.config = operation.tree(),
       .sources = session.sources(),
       .variables = operation.variables(),
       .schemas = operation.schemas(),
       .state = operation.snapshot(),
       .options = {.workspace = session.Workspace(), .working_directory = WorkingDirectory()}},
      diags);
  if (diags.HasErrors()) {
    diags.Add(
        {.severity = Severity::kWarning,
         .summary = "Due to the problems above, some expressions may produce unexpected results.",
         .detail = "What the problems concern counts as unknown here."});
  }
  session.Show(std::move(diags));
  return ConsoleLoop(session, *operation.tree().root().module, console).Run();
}

}  // namespace tkn::cli
