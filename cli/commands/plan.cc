#include "cli/commands/commands.h"
#include "cli/commands/planning.h"
#include "cli/keep.h"
#include "cli/operation.h"
#include "engine/plan/plan_file.h"

namespace tkn::cli {

const char* const kPlanHelp = R"(
plan [options]

  Compares the configuration with the state and the real objects, and shows
  what "apply" would do. Changes nothing.

What is planned:
  -destroy               Plan to destroy everything this configuration manages.
  -refresh-only          Only bring the state up to date with the real objects.
  -refresh=false         Trust the state; ask no provider about its objects.
  -offline               Open no connection and need no credentials: for review.
                         What only a provider could tell stays unknown.
  -replace=ADDR          Plan to replace this resource instance. Repeatable.
  -rotate=ADDR           Replace it with the new one first: what depends on it is
                         changed over before the old one goes. Repeatable.
  -target=ADDR           Only this resource, instance or module, and what it
                         depends on. Repeatable. For exceptions.
  -var 'NAME=VALUE'      Set an input variable of the root module. Repeatable.
  -var-file=FILE         Set variables from a file, besides terraform.tfvars and
                         *.auto.tfvars. Repeatable.
  -generate-config-out=FILE  Write configuration for import blocks that have none.

Other options:
  -out=FILE              Save the plan, to be applied with "tkn apply FILE".
  -detailed-exitcode     Exit with 0 for no changes, 1 for errors, 2 for changes.
  -compact-warnings      Show warnings by their summary only.
  -json                  A stream of JSON lines instead of text.
  -input=false           Don't ask for missing variables.
  -lock=false            Don't mind the lock of the state.
  -lock-timeout=0s       How long to wait for the lock.
  -parallelism=10        How many provider calls may be under way at once.
  -no-color              No colours.
  -state=FILE            Use another state file.
)";

int RunPlan(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  PlanFlags plan_flags;
  VariableFlags variable_flags;
  StateFlags state_flags;
  ViewFlags view_flags;
  std::string out;
  bool detailed_exit_code = false;
  plan_flags.Register(flags);
  variable_flags.Register(flags);
  state_flags.Register(flags);
  view_flags.Register(flags);
  flags.String("out", &out);
  flags.Bool("detailed-exitcode", &detailed_exit_code);
  std::vector<std::string> arguments;
  Diagnostics diags;
  if (!session.ReadFlags(flags, words, arguments, 0,
                         "To plan in another directory, use the global -chdir flag.", diags)) {
    return OperationView::RefuseWords(session, view_flags.json, std::move(diags));
  }

  const auto view = OperationView::Make(session, view_flags.json, view_flags.compact_warnings);
  Operation operation(session);
  const auto& plan =
      KeepUntilExit(PlanFromConfiguration(operation,
                                          {.plan = plan_flags,
                                           .variables = variable_flags,
                                           .state = state_flags,
                                           .view = view_flags,
                                           .purpose = plan_flags.destroy ? "" : "Plan",
                                           .for_apply = false},
                                          *view, diags));
  if (plan) view->ShowPlan(*plan);
  // What was planned in part, or could not be carried out, is saved as well, to be looked at.
  if (plan && !out.empty()) (void)plan::SavePlan(*plan, out, diags);
  const bool failed = !plan || diags.HasErrors();
  view->Diagnose(std::move(diags));
  if (failed) return 1;
  view->PlanSaved(*plan, out);
  return detailed_exit_code && plan->HasChanges() ? 2 : 0;
}

}  // namespace tkn::cli
