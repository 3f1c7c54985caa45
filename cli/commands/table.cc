#include <algorithm>

#include "cli/command.h"
#include "cli/commands/commands.h"

namespace tkn::cli {

std::span<const Command> Commands() {
  using enum Command::Group;
  // The help texts are constants of other files, so the table is made on first use.
  static const Command table[] = {
      {"init", kMain, "Check the directory and remember its backend (optional)", kInitHelp,
       RunInit},
      {"validate", kMain, "Check whether the configuration is valid", kValidateHelp, RunValidate},
      {"plan", kMain, "Show what the configuration would change", kPlanHelp, RunPlan},
      {"apply", kMain, "Create, update and destroy what the plan says", kApplyHelp, RunApply},
      {"destroy", kMain, "Destroy everything that is managed here", kDestroyHelp, RunDestroy},
      {"console", kOther, "Try expressions", kConsoleHelp, RunConsole},
      {"fmt", kOther, "Rewrite configuration files in the usual layout", kFmtHelp, RunFmt},
      {"force-unlock", kOther, "Release a lock whose holder is gone", kForceUnlockHelp,
       RunForceUnlock},
      {"get", kOther, "Check that all modules are there", kGetHelp, RunGet},
      {"graph", kOther, "Print the graph of dependencies (DOT)", kGraphHelp, RunGraph},
      {"import", kOther, "Take an existing object into the state", kImportHelp, RunImport},
      {"metadata functions", kSub, "All functions, as JSON", kMetadataFunctionsHelp,
       RunMetadataFunctions},
      {"output", kOther, "Show the outputs of the root module", kOutputHelp, RunOutput},
      {"providers", kOther, "Show which providers the configuration needs", kProvidersHelp,
       RunProviders},
      {"providers schema", kSub, "Schemas of the providers, as JSON", kProvidersSchemaHelp,
       RunProvidersSchema},
      {"query", kOther, "Query the state with SQL (read-only)", kQueryHelp, RunQuery},
      {"refresh", kOther, "Bring the state up to date with the real objects", kRefreshHelp,
       RunRefresh},
      {"show", kOther, "Show the state, or a saved plan", kShowHelp, RunShow},
      {"taint", kOther, "Have a resource instance replaced by the next apply", kTaintHelp,
       RunTaint},
      {"untaint", kOther, "Undo taint", kUntaintHelp, RunUntaint},
      {"version", kOther, "Show the version", kVersionHelp, RunVersion},
      {"state backup", kSub, "Copy the state into a file, also while it is in use",
       kStateBackupHelp, RunStateBackup},
      {"state check", kSub, "Look the state over: damage, open calls, age of tokens",
       kStateCheckHelp, RunStateCheck},
      {"state diff", kSub, "Show what changed between two serials", kStateDiffHelp, RunStateDiff},
      {"state history", kSub, "List the operations that changed the state", kStateHistoryHelp,
       RunStateHistory},
      {"state intents", kSub, "Show calls that a killed run left open", kStateIntentsHelp,
       RunStateIntents},
      {"state list", kSub, "List the resource instances in the state", kStateListHelp,
       RunStateList},
      {"state mv", kSub, "Give objects another address", kStateMvHelp, RunStateMv},
      {"state prune", kSub, "Forget the older part of the history", kStatePruneHelp, RunStatePrune},
      {"state pull", kSub, "Print the state as Terraform's tfstate", kStatePullHelp, RunStatePull},
      {"state push", kSub, "Replace the state by a tfstate", kStatePushHelp, RunStatePush},
      {"state replace-provider", kSub, "Have objects managed by another provider",
       kStateReplaceProviderHelp, RunStateReplaceProvider},
      {"state restore", kSub, "Make the state what a backup holds", kStateRestoreHelp,
       RunStateRestore},
      {"state rollback", kSub, "Make the state what it was at an earlier serial",
       kStateRollbackHelp, RunStateRollback},
      {"state rm", kSub, "Forget objects, without destroying them", kStateRmHelp, RunStateRm},
      {"state show", kSub, "Show one object, or the state at an earlier serial", kStateShowHelp,
       RunStateShow},
      {"workspace delete", kSub, "Delete a workspace", kWorkspaceDeleteHelp, RunWorkspaceDelete},
      {"workspace list", kSub, "List workspaces", kWorkspaceListHelp, RunWorkspaceList},
      {"workspace new", kSub, "Create a workspace and switch to it", kWorkspaceNewHelp,
       RunWorkspaceNew},
      {"workspace select", kSub, "Switch to another workspace", kWorkspaceSelectHelp,
       RunWorkspaceSelect},
      {"workspace show", kSub, "Show the name of the current workspace", kWorkspaceShowHelp,
       RunWorkspaceShow},
  };
  return table;
}

const Command* FindCommand(std::string_view name) {
  const auto found = std::ranges::find(Commands(), name, &Command::name);
  return found == Commands().end() ? nullptr : &*found;
}

}  // namespace tkn::cli
