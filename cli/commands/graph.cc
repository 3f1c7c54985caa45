#include <algorithm>
#include <array>

#include "cli/commands/commands.h"
#include "cli/operation.h"
#include "engine/apply/operation_graph.h"
#include "engine/plan/plan_file.h"
#include "engine/render/resource_graph.h"

namespace tkn::cli {
namespace {

apply::OperationKind KindOf(const std::string& type) {
  if (type == "apply") return apply::OperationKind::kApply;
  if (type == "plan-refresh-only") return apply::OperationKind::kRefreshOnly;
  return type == "plan-destroy" ? apply::OperationKind::kDestroy : apply::OperationKind::kPlan;
}

std::string DrawResources(Operation& operation, render::GraphFormat format, Diagnostics& diags) {
  if (!operation.ReadConfiguration(diags)) return {};
  return render::ResourceGraphText(operation.tree(), format, diags);
}

std::string TextOf(const graph::Drawing& drawing, render::GraphFormat format,
                   const Diagnostics& diags) {
  return diags.HasErrors() ? "" : render::DrawingText(drawing, format);
}

std::string Draw(Operation& operation, const std::string& type, render::GraphFormat format,
                 Diagnostics& diags) {
  if (!operation.ReadConfiguration(diags) ||
      !operation.OpenState({}, Operation::Access::kRead, diags) || !operation.ReadState(diags)) {
    return {};
  }
  return TextOf(apply::DrawOperation(operation.tree(), KindOf(type), operation.snapshot(), diags),
                format, diags);
}

std::string DrawPlan(Operation& operation, const std::string& file, const std::string& type,
                     render::GraphFormat format, Diagnostics& diags) {
  const auto plan = plan::LoadPlan(file, operation.schemas(), diags);
  if (!plan || !operation.LoadConfiguration(*plan, diags)) return {};
  const bool is_apply = type.empty() || type == "apply";
  const graph::Drawing drawing =
      is_apply ? apply::DrawApply(operation.tree(), *plan, diags)
               : apply::DrawOperation(operation.tree(), KindOf(type), plan->prior_state, diags);
  return TextOf(drawing, format, diags);
}

}  // namespace

const char* const kGraphHelp = R"(
graph [options]

  Prints how the resources depend on each other, in the DOT language:
  tkn graph | dot -Tsvg > graph.svg

Options:
  -format=FORMAT         dot, or mermaid, which code hosts draw in Markdown.
  -type=TYPE             plan, plan-refresh-only, plan-destroy or apply: everything
                         that such an operation goes through, in which order.
  -plan=FILE             What applying a saved plan goes through.
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
  const auto in = format == "mermaid" ? render::GraphFormat::kMermaid : render::GraphFormat::kDot;
  Operation operation(session);
  const std::string text = plan_file.empty() ? type.empty() ? DrawResources(operation, in, diags)
                                                            : Draw(operation, type, in, diags)
                                             : DrawPlan(operation, plan_file, type, in, diags);
  session.terminal().Out(text);
  return session.Finish(std::move(diags));
}

}  // namespace tkn::cli
