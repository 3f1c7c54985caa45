#include "engine/plan/console.h"

#include "cli/commands/commands.h"
#include "cli/operation.h"
#include "engine/lang/evaluate.h"
#include "engine/lang/print.h"
#include "parser/parse.h"

namespace tkn::cli {

const char* const kConsoleHelp = R"(
console [options]

  Evaluates expressions, with the variables, locals and resources of the
  configuration and state in this directory. Reads one a line; "exit" or the
  end of input leaves. Changes nothing.

Options:
  -state=FILE            Use another state file.
  -var, -var-file        Set input variables.
  -plan                  Accepted.
  -no-color              No colours.
)";

namespace {

constexpr char kConsoleUsage[] =
    "Type an expression, and its value is printed. For example:\n"
    "  1 + 2\n  upper(\"a\")\n  var.name\n  linode_token.ci.label\n\n"
    "\"exit\", Ctrl-C or Ctrl-D leave.";

class ConsoleLoop {
 public:
  ConsoleLoop(Session& session, const plan::Console& console)
      : session_(session), console_(console) {}

  int Run() { return session_.terminal().input_is_terminal() ? RunInteractive() : RunPiped(); }

 private:
  int RunInteractive() {
    Terminal& terminal = session_.terminal();
    while (const auto line = terminal.Ask("> ")) {
      if (IsExit(*line)) return 0;
      if (const auto answer = Answer(*line)) terminal.Out(*answer + "\n");
    }
    terminal.Out("\n");
    return 0;
  }

  // Every line is evaluated, and the last answer printed; the first error ends it. As Terraform
  // does.
  int RunPiped() {
    Terminal& terminal = session_.terminal();
    std::string last;
    while (const auto line = terminal.ReadLine()) {
      if (IsExit(*line)) return 0;
      const auto answer = Answer(*line);
      if (!answer) return 1;
      last = *answer;
    }
    terminal.Out(last + "\n");
    return 0;
  }

  static std::string Trimmed(const std::string& line) {
    const std::size_t begin = line.find_first_not_of(" \t\r");
    return begin == std::string::npos
               ? ""
               : line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin);
  }
  static bool IsExit(const std::string& line) { return Trimmed(line) == "exit"; }

  // nullopt: an error was shown.
  std::optional<std::string> Answer(const std::string& line) {
    const std::string text = Trimmed(line);
    if (text.empty()) return text;
    if (text == "help") return kConsoleUsage;
    Diagnostics diags;
    const FileId file = session_.sources().Add("<console-input>", line, false);
    expressions_.push_back(parser::ParseExpression(session_.sources(), file, diags));
    std::string out;
    if (!diags.HasErrors()) console_.Check(expressions_.back().expression(), diags);
    if (!diags.HasErrors()) {
      const Value value = lang::Evaluate(expressions_.back().expression(), console_.scope(), diags);
      if (!diags.HasErrors() && !lang::PrintConsole(value, out, diags)) out.clear();
    }
    const bool failed = diags.HasErrors();
    session_.Show(std::move(diags));
    if (failed) return std::nullopt;
    return out;
  }

  Session& session_;
  const plan::Console& console_;
  std::vector<parser::ParsedExpression> expressions_;  // what is printed may refer to them
};

}  // namespace

int RunConsole(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  VariableFlags variable_flags;
  StateFlags state_flags;
  bool plan = false;
  variable_flags.Register(flags);
  state_flags.Register(flags);
  flags.Bool("plan", &plan);
  std::vector<std::string> arguments;
  if (!session.ParseFlags(flags, words, arguments)) return 1;
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
  return ConsoleLoop(session, console).Run();
}

}  // namespace tkn::cli
