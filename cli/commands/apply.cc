#include <utility>

#include "cli/commands/commands.h"
#include "cli/commands/planning.h"
#include "cli/keep.h"
#include "cli/operation.h"
#include "engine/plan/check_report.h"
#include "engine/plan/plan_file.h"

namespace tkn::cli {

const char* const kApplyHelp = R"(
apply [options] [PLAN]

  Creates, updates and destroys what it takes to make the real objects match
  the configuration, after showing the plan and asking. With a saved PLAN it
  does exactly what that says, without asking.

Options:
  -auto-approve          Don't ask before applying.
  -compact-warnings      Show warnings by their summary only.
  -json                  A stream of JSON lines instead of text; needs
                         -auto-approve or a saved plan.
  -input=false           Don't ask for missing variables.
  -lock=false            Don't mind the lock of the state.
  -lock-timeout=0s       How long to wait for the lock.
  -parallelism=10        How many provider calls may be under way at once.
  -no-color              No colours.
  -state=FILE            Use another state file.

  Without a saved plan all of plan's options for what is planned are
  accepted, too: -destroy, -refresh-only, -refresh=false, -replace=ADDR,
  -rotate=ADDR, -target=ADDR, -var, -var-file.
)";

const char* const kDestroyHelp = R"(
destroy [options]

  Destroys everything that this configuration manages, after showing the plan
  and asking. The same as "tkn apply -destroy", with the same options.
)";

namespace {

struct Flags {
  PlanFlags plan;
  VariableFlags variables;
  StateFlags state;
  ViewFlags view;
  bool auto_approve = false;
  bool is_destroy = false;  // the command, which -destroy does not make of `apply`
  std::string plan_file;
};

// Asks until there is a clear answer. False: no, or nobody to ask.
bool Approve(Session& session, plan::Mode mode, const std::string& workspace, Diagnostics& diags) {
  const bool destroy = mode == plan::Mode::kDestroy;
  const std::string where = workspace == "default" ? "" : " in workspace \"" + workspace + "\"";
  std::string text = "\n";
  const render::TextStyle& style = session.style();
  if (destroy) {
    text += style.Bold("Do you really want to destroy all resources" + where + "?") +
            "\n  tkn will destroy all your managed infrastructure, as shown above.\n"
            "  There is no undo. Only 'yes' will be accepted to confirm.\n\n";
  } else if (mode == plan::Mode::kRefreshOnly) {
    text +=
        style.Bold("Would you like to update the state" + where +
                   " to reflect these detected changes?") +
        "\n  tkn will write these changes to the state without modifying any real infrastructure.\n"
        "  There is no undo. Only 'yes' will be accepted to confirm.\n\n";
  } else {
    text += style.Bold("Do you want to perform these actions" + where + "?") +
            "\n  tkn will perform the actions described above.\n"
            "  Only 'yes' will be accepted to approve.\n\n";
  }
  const auto answer = session.terminal().Ask(text + "  " + style.Bold("Enter a value:") + " ");
  session.terminal().Out("\n");
  if (!answer) {
    diags.Add({.summary = "error asking for approval: EOF",
               .detail = "The plan needs a \"yes\", and standard input has ended. Without anybody "
                         "to ask, use -auto-approve, "
                         "or save the plan and apply that."});
    return false;
  }
  if (*answer == "yes") return true;
  session.terminal().Out(destroy ? "\nDestroy cancelled.\n" : "\nApply cancelled.\n");
  return false;
}

// A saved plan, with everything it needs opened and locked.
std::optional<plan::Plan> LoadSavedPlan(Operation& operation, const Flags& flags,
                                        Diagnostics& diags) {
  auto plan = plan::LoadPlan(flags.plan_file, operation.schemas(), diags);
  if (!plan) return std::nullopt;
  if (flags.is_destroy) {
    diags.Add({.summary = "Destroy can't be called with a plan file",
               .detail = "To destroy by a saved plan, make it with \"tkn plan -destroy -out=FILE\" "
                         "and use \"tkn apply FILE\"."});
    return std::nullopt;
  }
  if (plan->errored) {
    diags.Add({.summary = "Cannot apply incomplete plan",
               .detail = "There were errors when this plan was made, so a part of it is missing. "
                         "Mend what they said, and plan again."});
    return std::nullopt;
  }
  if (!operation.LoadConfiguration(*plan, diags, /*tell_warnings=*/true)) return std::nullopt;
  if (!operation.LoadVariables(*plan, flags.variables, diags)) return std::nullopt;
  if (!operation.OpenState(flags.state, Operation::Access::kWrite, diags)) return std::nullopt;
  if (!operation.Lock("OperationTypeApply", flags.state, diags)) return std::nullopt;
  // An earlier run of this very plan may have been cut short before it changed the state: what it
  // began is found out first, and if that changes the state, the plan is stale.
  if (!operation.ResolveIntents(flags.state, /*offline=*/false, diags)) return std::nullopt;
  if (!operation.ReadState(diags)) return std::nullopt;
  if (!plan::CheckNotStale(*plan, *operation.snapshot(), diags)) return std::nullopt;
  return plan;
}

int ApplyPlan(Operation& operation, const Flags& flags, const plan::Plan& plan, OperationView& view,
              Diagnostics diags) {
  const bool changes_nothing = !plan.applyable && !plan.HasChanges();
  // What was found out on the way, such as other lifecycle settings or that a check holds, is
  // recorded all the same.
  const bool has_checks = !plan.checks.empty() || plan.prior_state->checks.json != "null";
  const bool records_nothing =
      changes_nothing && !has_checks && plan.prior_state == plan.base_state;
  if (records_nothing && !operation.EnsureState(diags)) {
    view.Diagnose(std::move(diags));
    return 1;
  }
  if (records_nothing && flags.plan_file.empty()) {
    if (!plan.targets.empty()) diags.Add(apply::IncompleteWarning());
    view.Diagnose(std::move(diags));
    apply::ApplyResult nothing;
    for (const plan::OutputChange& output : plan.outputs) {
      if (!output.after.IsNull())
        nothing.outputs.push_back({output.name, output.after, output.sensitive});
    }
    view.Finished(
        flags.is_destroy ? OperationView::Operation::kDestroy : OperationView::Operation::kApply,
        nothing);
    return 0;
  }
  if (flags.plan_file.empty() && !flags.auto_approve && !changes_nothing) {
    // What there is to warn of is wanted before the decision; otherwise it comes at the end.
    view.Diagnose(std::exchange(diags, {}));
    if (!Approve(operation.session(), plan.mode, plan.workspace, diags)) {
      view.Diagnose(std::move(diags));
      return 1;
    }
  }
  // What checks said while planning is said anew, and better, by applying.
  Diagnostics kept;
  for (const Diagnostic& diagnostic : diags) {
    if (!plan::IsCheckWarning(diagnostic)) kept.Add(diagnostic);
  }
  diags = std::move(kept);
  const apply::ApplyResult result = operation.Apply(plan, flags.plan.parallelism, view, diags);
  const bool failed = diags.HasErrors();
  view.Diagnose(std::move(diags));
  if (failed) return 1;
  view.Finished(
      flags.is_destroy ? OperationView::Operation::kDestroy : OperationView::Operation::kApply,
      result);
  return 0;
}

int Run(Session& session, const std::vector<std::string>& words, bool destroy) {
  FlagSet set;
  Flags flags;
  flags.plan.destroy = destroy;
  flags.is_destroy = destroy;
  flags.plan.Register(set);
  flags.variables.Register(set);
  flags.state.Register(set);
  flags.view.Register(set);
  set.Bool("auto-approve", &flags.auto_approve);
  std::vector<std::string> arguments;
  Diagnostics diags;
  const bool understood = session.ReadFlags(
      set, words, arguments, 1,
      "Expected at most one positional argument, the saved plan; flags go before it.", diags);
  if (!arguments.empty()) flags.plan_file = arguments[0];
  const bool nobody_to_ask = flags.view.json && !flags.auto_approve && flags.plan_file.empty();
  if (nobody_to_ask) {
    diags.Add(
        {.summary = "Plan file or auto-approve required",
         .detail =
             "With -json nobody can be asked: save a plan and apply that, or use -auto-approve."});
  }
  if (!understood || nobody_to_ask)
    return OperationView::RefuseWords(session, flags.view.json, std::move(diags));
  const auto view = OperationView::Make(session, flags.view.json, flags.view.compact_warnings);
  Operation operation(session);
  if (!flags.plan_file.empty()) {
    const auto& plan = KeepUntilExit(LoadSavedPlan(operation, flags, diags));
    if (!plan) {
      view->Diagnose(std::move(diags));
      return 1;
    }
    view->ShowSavedPlan(*plan);
    return ApplyPlan(operation, flags, *plan, *view, std::move(diags));
  }
  const auto& plan =
      KeepUntilExit(PlanFromConfiguration(operation,
                                          {.plan = flags.plan,
                                           .variables = flags.variables,
                                           .state = flags.state,
                                           .view = flags.view,
                                           .purpose = flags.plan.destroy ? "" : "Apply",
                                           .for_apply = true,
                                           .at_once = flags.auto_approve},
                                          *view, diags));
  if (!plan || diags.HasErrors()) {
    if (plan && (!plan->changes.empty() || !plan->outputs.empty())) view->ShowPlan(*plan);
    view->Diagnose(std::move(diags));
    return 1;
  }
  view->ShowPlan(*plan);
  return ApplyPlan(operation, flags, *plan, *view, std::move(diags));
}

}  // namespace

int RunApply(Session& session, const std::vector<std::string>& words) {
  return Run(session, words, false);
}
int RunDestroy(Session& session, const std::vector<std::string>& words) {
  return Run(session, words, true);
}

}  // namespace tkn::cli
