#include <algorithm>
#include <array>

#include "cli/commands/commands.h"
#include "cli/operation.h"
#include "engine/plan/plan_file.h"
#include "engine/render/resource_graph.h"

namespace tkn::cli {

const char* const kGraphHelp = R"(
graph [options]

  Prints how the resources depend on each other, in the DOT language:
  tkn graph | dot -Tsvg > graph.svg

Options:
  -format=FORMAT         dot, or mermaid, which code hosts draw in Markdown.
  -plan=FILE             Draw the configuration that a saved plan was made of.
  -type=TYPE             plan, plan-refresh-only, plan-destroy or apply;
                         all draw the graph of resources.
  -draw-cycles, -module-depth, -no-color   Accepted.
)";

int RunGraph(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  std::string type;
  std::string plan_file;
  std::string format = "dot";
  bool draw_cycles = false;
  int module_depth = -1;
  flags.String("type", &type);
  flags.String("plan", &plan_file);
  flags.String("format", &format);
  flags.Bool("draw-cycles", &draw_cycles);
  flags.Int("module-depth", &module_depth);
  std::vector<std::string> arguments;
  if (!session.ParseWords(flags, words, arguments, {})) return 1;
  Diagnostics diags;
  constexpr std::array<std::string_view, 5> kTypes = {"", "plan", "plan-refresh-only",
                                                      "plan-destroy", "apply"};
  if (std::ranges::find(kTypes, type) == kTypes.end()) {
    diags.Add({.summary = "Unsupported graph type",
               .detail = "There is no graph of type \"" + type +
                         "\": choose plan, plan-refresh-only, plan-destroy or apply."});
    return session.Finish(std::move(diags));
  }
  if (format != "dot" && format != "mermaid") {
    diags.Add(
        {.summary = "Unsupported graph format",
         .detail = "A graph cannot be printed as \"" + format + "\": choose dot or mermaid."});
    return session.Finish(std::move(diags));
  }
  Operation operation(session);
  if (plan_file.empty()) {
    if (!operation.ReadConfiguration(diags)) return session.Finish(std::move(diags));
  } else {
    const auto plan = plan::LoadPlan(plan_file, operation.schemas(), diags);
    if (!plan || !operation.LoadConfiguration(*plan, diags))
      return session.Finish(std::move(diags));
  }
  const std::string text = render::ResourceGraphText(
      operation.tree(),
      format == "mermaid" ? render::GraphFormat::kMermaid : render::GraphFormat::kDot, diags);
  session.terminal().Out(text);
  return session.Finish(std::move(diags));
}

}  // namespace tkn::cli
