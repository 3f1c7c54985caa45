#include <algorithm>

#include "cli/commands/commands.h"
#include "engine/lang/function.h"
#include "engine/render/json_layout.h"
#include "engine/value/json.h"

namespace tkn::cli {

const char* const kMetadataFunctionsHelp = R"(
metadata functions -json

  Prints name, parameters and description of every function, as JSON.
)";

namespace {

std::string ParameterJson(const lang::Parameter& parameter) {
  std::string text = "{\"name\":" + JsonQuote(parameter.name);
  if (!parameter.description.empty()) text += ",\"description\":" + JsonQuote(parameter.description);
  if (parameter.allow_null) text += ",\"is_nullable\":true";
  return text + ",\"type\":" + parameter.type.ToJson() + "}";
}

std::string FunctionJson(const lang::Function& function) {
  const Type result = function.result_type ? Type::Dynamic() : function.result;
  std::string text = "{\"description\":" + JsonQuote(function.description) + ",\"return_type\":" + result.ToJson();
  if (!function.parameters.empty()) {
    text += ",\"parameters\":[";
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
      text += (i ? "," : "") + ParameterJson(function.parameters[i]);
    }
    text += "]";
  }
  if (function.variadic) text += ",\"variadic_parameter\":" + ParameterJson(*function.variadic);
  return text + "}";
}

}  // namespace

int RunMetadataFunctions(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  bool json = false;
  flags.Bool("json", &json);
  std::vector<std::string> arguments;
  if (!session.ParseFlags(flags, words, arguments)) return 1;
  if (!json) {
    Diagnostics diags;
    diags.Add({.summary = "The `tkn metadata functions` command requires the `-json` flag.",
               .detail = "The list is printed for programs only: add -json."});
    return session.Finish(std::move(diags));
  }
  const lang::FunctionTable& table = lang::StandardFunctions();
  std::vector<std::string> names = table.Names();
  std::vector<std::pair<std::string, const lang::Function*>> rows;
  for (const std::string& name : names) {
    rows.emplace_back(name, table.Find(name));
    rows.emplace_back("core::" + name, table.Find(name));
  }
  std::sort(rows.begin(), rows.end());
  std::string text = "{\"format_version\":\"1.0\",\"function_signatures\":{";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    text += (i ? "," : "") + JsonQuote(rows[i].first) + ":" + FunctionJson(*rows[i].second);
  }
  session.terminal().Out(render::IndentJson(text + "}}") + "\n");
  return 0;
}

}  // namespace tkn::cli
