#include "cli/commands/commands.h"
#include "cli/operation.h"
#include "engine/render/document_json.h"

namespace tkn::cli {

const char* const kValidateHelp = R"(
validate [options] [DIR]

  Checks the configuration in this directory, or in DIR, and its modules:
  syntax, arguments, types, references. Asks no provider's API and reads no
  state.

Options:
  -json                  As JSON, for editors and other programs.
  -no-color              No colours.
)";

int RunValidate(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  bool json = false;
  bool no_tests = false;
  std::string test_directory;
  flags.Bool("json", &json);
  flags.Bool("no-tests", &no_tests);
  flags.String("test-directory", &test_directory);
  std::vector<std::string> arguments;
  if (!session.ParseFlags(flags, words, arguments, 1,
                          "Expected at most one positional argument: the directory."))
    return 1;
  Operation operation(session);
  if (!arguments.empty()) operation.set_directory(arguments[0]);
  Diagnostics diags;
  if (json) session.terminal().DisableActivity();
  const bool ok = operation.ValidateConfiguration(diags);
  if (json) {
    session.terminal().Out(render::ValidateJson(diags, session.sources()) + "\n");
    return ok ? 0 : 1;
  }
  const bool warned = !diags.empty();
  const int code = session.Finish(std::move(diags));
  if (code == 0) {
    session.terminal().Out(
        session.style().Paint("1;32", "Success!") + " The configuration is valid" +
        (warned ? ", but there were some validation warnings\nas shown above." : ".") + "\n\n");
  }
  return code;
}

}  // namespace tkn::cli
