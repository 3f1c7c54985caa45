#include "cli/arguments.h"

#include <catch2/catch.hpp>
#include <cstdlib>

namespace tkn::cli {
namespace {

using Words = std::vector<std::string>;

TEST_CASE("the command is the first word that is no flag, two words where there is such a command",
          "[arguments]") {
  const CommandLine line = ParseCommandLine({"-chdir=x", "state", "list", "-id=1", "a.b"});
  CHECK(line.directory == "x");
  CHECK(line.command == "state list");
  CHECK(line.words == Words{"-id=1", "a.b"});
  CHECK(ParseCommandLine({"plan", "-out", "f"}).words == Words{"-out", "f"});
  CHECK(ParseCommandLine({"state", "lst"}).command == "state");
  CHECK(ParseCommandLine({"providers"}).command == "providers");
  CHECK(ParseCommandLine({"providers", "schema"}).command == "providers schema");
}

TEST_CASE("help and version are found wherever they stand", "[arguments]") {
  CHECK(ParseCommandLine({"-help"}).help);
  CHECK(ParseCommandLine({"plan", "-help"}).help);
  CHECK(ParseCommandLine({"help"}).help);
  CHECK(ParseCommandLine({"help", "state", "list"}).help);
  CHECK(ParseCommandLine({"help", "state", "list"}).command == "state list");
  CHECK(ParseCommandLine({"-version"}).version);
  CHECK(ParseCommandLine({"-foo", "plan"}).unknown_global);
  CHECK(ParseCommandLine({}).command.empty());
}

TEST_CASE("words are split as in a shell", "[arguments]") {
  CHECK(SplitShellWords("") == Words{});
  CHECK(SplitShellWords(" a  b ") == Words{"a", "b"});
  CHECK(SplitShellWords("-var 'a=b c' \"d\\\"e\" f\\ g ''") ==
        Words{"-var", "a=b c", "d\"e", "f g", ""});
  CHECK_FALSE(SplitShellWords("'a").has_value());
}

TEST_CASE("arguments from the environment stand before the others", "[arguments]") {
  setenv("TF_CLI_ARGS", "-input=false", 1);
  setenv("TF_CLI_ARGS_plan", "-refresh=false", 1);
  CommandLine line = ParseCommandLine({"plan", "-json"});
  CHECK(AddEnvironmentArguments(line).empty());
  CHECK(line.words == Words{"-refresh=false", "-input=false", "-json"});
  setenv("TF_CLI_ARGS_plan", "\"", 1);
  CHECK(AddEnvironmentArguments(line) ==
        "Error parsing extra CLI args from TF_CLI_ARGS_plan: a quote is not closed.");
  unsetenv("TF_CLI_ARGS");
  unsetenv("TF_CLI_ARGS_plan");
}

}  // namespace
}  // namespace tkn::cli
