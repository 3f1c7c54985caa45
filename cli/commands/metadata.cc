#include <algorithm>

#include "cli/commands/commands.h"
#include "engine/lang/function.h"
#include "engine/render/function_json.h"
#include "engine/render/json_layout.h"
#include "engine/value/json.h"

namespace tkn::cli {

const char* const kMetadataFunctionsHelp = R"(
metadata functions -json

  Prints name, parameters and description of every function, as JSON.
)";

namespace {

// Of the console only, and two that only say what to use in their place.
constexpr std::string_view kUnlisted[] = {"type", "list", "map"};

}  // namespace

int RunMetadataFunctions(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  bool json = false;
  flags.Bool("json", &json);
  std::vector<std::string> arguments;
  if (!session.ParseWords(flags, words, arguments, {.most = Session::kAnyNumber})) return 1;
  if (!json) {
    session.terminal().Error(
        "The `tkn metadata functions` command requires the `-json` flag.\n\nThe list is printed "
        "for programs only.\n");
    return 1;
  }
  const lang::FunctionTable& table = lang::StandardFunctions();
  std::vector<std::string> names = table.Names();
  std::vector<std::pair<std::string, const lang::Function*>> rows;
  for (const std::string& name : names) {
    if (std::ranges::find(kUnlisted, name) != std::end(kUnlisted)) continue;
    rows.emplace_back(name, table.Find(name));
    rows.emplace_back("core::" + name, table.Find(name));
  }
  std::sort(rows.begin(), rows.end());
  std::string text = "{\"format_version\":\"1.0\",\"function_signatures\":{";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    text += (i ? "," : "") + JsonQuote(rows[i].first) + ":" +
            render::FunctionMetadataJson(*rows[i].second);
  }
  session.terminal().Out(render::IndentJson(text + "}}") + "\n");
  return 0;
}

}  // namespace tkn::cli
