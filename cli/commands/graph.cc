#include <algorithm>
#include <array>

#include "cli/commands/commands.h"
#include "cli/operation.h"
#include "engine/render/resource_graph.h"

namespace tkn::cli {

const char* const kGraphHelp = R"(
graph [options]

  Prints how the resources depend on each other, in the DOT language:
  tkn graph | dot -Tsvg > graph.svg

Options:
  -type=TYPE             plan, plan-refresh-only, plan-destroy or apply;
                         all draw the graph of resources.
  -no-color              Accepted.
)";

int RunGraph(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  std::string type;
  std::string plan;
  bool draw_cycles = false;
  int module_depth = -1;
  flags.String("type", &type);
  flags.String("plan", &plan);
  flags.Bool("draw-cycles", &draw_cycles);
  flags.Int("module-depth", &module_depth);
  std::vector<std::string> arguments;
  if (!session.ParseFlags(flags, words, arguments)) return 1;
  Diagnostics diags;
  constexpr std::array<std::string_view, 5> kTypes = {"", "plan", "plan-refresh-only",
                                                      "plan-destroy", "apply"};
  if (std::ranges::find(kTypes, type) == kTypes.end()) {
    diags.Add({.summary = "Unsupported graph type",
               .detail = "There is no graph of type \"" + type +
                         "\": choose plan, plan-refresh-only, plan-destroy or apply."});
    return session.Finish(std::move(diags));
  }
  Operation operation(session);
  if (!operation.ReadConfiguration(diags)) return session.Finish(std::move(diags));
  const std::string text = render::ResourceGraphDot(operation.tree(), diags);
  session.terminal().Out(text);
  return session.Finish(std::move(diags));
}

}  // namespace tkn::cli
