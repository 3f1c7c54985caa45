#include "cli/commands/commands.h"
#include "cli/commands/planning.h"
#include "engine/config/load.h"

namespace tkn::cli {

const char* const kRefreshHelp = R"(
refresh [options]

  Brings the state up to date with the real objects, without asking and
  without changing any of them. "tkn apply -refresh-only" does the same, but
  shows what it found first.

Options:
  -target=ADDR           Only this resource, instance or module. Repeatable.
  -var, -var-file        Set input variables.
  -compact-warnings, -json, -input=false, -lock=false, -lock-timeout=0s,
  -parallelism=10, -no-color, -state=FILE   As for plan.
)";

int RunRefresh(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  PlanFlags plan_flags;
  VariableFlags variable_flags;
  StateFlags state_flags;
  ViewFlags view_flags;
  plan_flags.refresh_only = true;
  flags.Strings("target", &plan_flags.targets);
  flags.Int("parallelism", &plan_flags.parallelism);
  variable_flags.Register(flags);
  state_flags.Register(flags);
  view_flags.Register(flags);
  std::vector<std::string> arguments;
  Diagnostics diags;
  if (!session.ReadFlags(flags, words, arguments, 0, {}, diags))
    return OperationView::RefuseWords(session, view_flags.json, std::move(diags));
  const auto view = OperationView::Make(session, view_flags.json, view_flags.compact_warnings);
  Operation operation(session);
  if (!config::HasConfiguration(".")) {
    diags.Add(
        {.severity = Severity::kWarning,
         .summary = "Empty or non-existent state",
         .detail =
             "This directory has no configuration, so there is nothing that could be looked at."});
    view->Diagnose(std::move(diags));
    return 0;
  }
  const auto plan = PlanFromConfiguration(operation,
                                          {.plan = plan_flags,
                                           .variables = variable_flags,
                                           .state = state_flags,
                                           .view = view_flags,
                                           .purpose = "Refresh",
                                           .for_apply = true},
                                          *view, diags);
  if (!plan || diags.HasErrors()) {
    view->Diagnose(std::move(diags));
    return 1;
  }
  if (operation.snapshot()->objects.empty()) {
    diags.Add(
        {.severity = Severity::kWarning,
         .summary = "Empty or non-existent state",
         .detail = "The state has no resources, so there is nothing that could be looked at."});
  }
  const apply::ApplyResult result = operation.Apply(*plan, plan_flags.parallelism, *view, diags);
  const bool failed = diags.HasErrors();
  view->Diagnose(std::move(diags));
  if (failed) return 1;
  view->Finished(OperationView::Operation::kRefresh, result);
  return 0;
}

}  // namespace tkn::cli
