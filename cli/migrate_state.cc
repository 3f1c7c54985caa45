#include "cli/migrate_state.h"

#include <unistd.h>

#include <filesystem>

#include "cli/lock_record.h"
#include "cli/state_access.h"
#include "state/open.h"

namespace tkn::cli {
namespace {

namespace fs = std::filesystem;

using StorePtr = std::unique_ptr<state::StateStore>;

bool SameFile(const std::string& a, const std::string& b) {
  std::error_code error;
  return a == b || fs::weakly_canonical(a, error) == fs::weakly_canonical(b, error);
}

// Whether some workspace was ever written there.
std::optional<bool> HasState(const state::StateLocation& location, Diagnostics& diags) {
  Diagnostics more;
  const StorePtr store = state::OpenState(location, {.read_only = true}, more);
  bool found = false;
  if (store) {
    for (const std::string& workspace : store->Workspaces()) {
      const StorePtr one =
          state::OpenState(location, {.workspace = workspace, .read_only = true}, more);
      const auto snapshot = one ? one->Read(more) : nullptr;
      found = found || (snapshot && !snapshot->lineage.empty());
    }
  }
  const bool failed = more.HasErrors();
  diags.Append(std::move(more));
  if (failed) return std::nullopt;
  return found;
}

// What the state was before its last operation, where that is kept: a state file gets it as its
// backup.
std::shared_ptr<const state::Snapshot> StateBefore(state::StateStore& store) {
  Diagnostics none_kept;
  const auto history = store.History(none_kept);
  if (!history || history->empty() || history->front().before_serial == 0) return nullptr;
  return store.ReadAt(history->front().before_serial, none_kept);
}

bool CopyWorkspace(const state::StateLocation& from, const state::StateLocation& to,
                   const std::string& workspace, Diagnostics& diags) {
  const StorePtr source =
      state::OpenState(from, {.workspace = workspace, .read_only = true}, diags);
  const auto snapshot = source ? source->Read(diags) : nullptr;
  if (!snapshot) return false;
  if (!source->OpenIntents(diags).empty()) {
    diags.Add({.summary = "Unresolved operations of an earlier run",
               .detail = "It is not known yet what became of calls of a run that was cut short, in "
                         "workspace \"" +
                         workspace + "\". Find out first, with \"tkn plan\", then migrate."});
  }
  if (diags.HasErrors()) return false;
  state::OpenOptions options{.workspace = workspace};
  // Whoever wrote it last is kept.
  if (!snapshot->terraform_version.empty()) options.terraform_version = snapshot->terraform_version;
  const StorePtr target = state::OpenState(to, options, diags);
  if (!target || !target->Lock(MakeLockRecord("migrate"), 0, nullptr, diags)) return false;
  const state::OperationInfo operation{.command = "init -migrate-state"};
  if (!snapshot->lineage.empty()) {
    const auto before = StateBefore(*source);
    const bool earlier =
        before && before->lineage == snapshot->lineage && before->serial < snapshot->serial;
    return (!earlier || target->Replace(*before, operation, diags)) &&
           target->Replace(*snapshot, operation, diags);
  }
  return workspace == "default" || target->CreateWorkspace(workspace, diags);
}

}  // namespace

bool MigrateState(Session& session, const config::Module& root, const StateFlags& flags,
                  const MigrationOptions& options, Diagnostics& diags) {
  const auto target = LocateState(&root, flags, diags);
  if (!target) return false;
  Terminal& terminal = session.terminal();
  if (target->path.empty()) {
    // The usual place. A terraform.tfstate there is taken over by the first change, or now.
    if (state::DatabasePath(*target) || !options.wanted) return true;
    const StorePtr store = OpenState(session, &root, flags, true, diags);
    return store &&
           store->Lock(MakeLockRecord("migrate"), flags.lock_timeout_seconds, nullptr, diags) &&
           store->BeginOperation({.command = "init -migrate-state"}, diags) &&
           store->FinishOperation(diags);
  }
  const auto occupied = HasState(*target, diags);
  if (!occupied) return false;
  state::StateLocation source;
  source.workspace_dir = target->workspace_dir;
  if (SameFile(target->path, "tkn.db") || SameFile(target->path, "terraform.tfstate")) {
    // Then the other one of the two is where it may come from.
    source.path = SameFile(target->path, "tkn.db") ? "terraform.tfstate" : "tkn.db";
  }
  const bool exists = source.path.empty()
                          ? access("tkn.db", F_OK) == 0 || access("terraform.tfstate", F_OK) == 0
                          : access(source.path.c_str(), F_OK) == 0;
  if (*occupied || !exists) return true;
  const auto full = HasState(source, diags);
  if (!full) return false;
  if (!*full) return true;
  const std::string from = !source.path.empty()          ? source.path
                           : access("tkn.db", F_OK) == 0 ? "tkn.db"
                                                         : "terraform.tfstate";
  if (!options.wanted) {
    diags.Add({.summary = "Backend configuration changed",
               .detail = "The configuration keeps its state in \"" + target->path +
                         "\", where there is none, and there is one in \"" + from +
                         "\". To copy it there, with all workspaces, use \"tkn init "
                         "-migrate-state\"; to begin with an empty state, \"tkn init "
                         "-reconfigure\"."});
    return false;
  }
  if (!options.approved) {
    const auto answer = options.ask
                            ? terminal.Ask(
                                  "Do you want to copy existing state to the new backend?\n  All "
                                  "workspaces in \"" +
                                  from + "\" are copied to \"" + target->path +
                                  "\". What is copied is left where it is.\n\n  Enter a value: ")
                            : std::nullopt;
    terminal.Out("\n");
    if (answer != "yes") {
      diags.Add({.summary = "State migration was not approved",
                 .detail = "Nothing was copied. Answer \"yes\", or use -force-copy."});
      return false;
    }
  }
  const StorePtr store = state::OpenState(source, {.read_only = true}, diags);
  if (!store) return false;
  const std::vector<std::string> workspaces = store->Workspaces();
  for (const std::string& workspace : workspaces) {
    if (!CopyWorkspace(source, *target, workspace, diags)) return false;
  }
  terminal.Out("The state of " + std::to_string(workspaces.size()) +
               " workspace(s) was copied to \"" + target->path + "\".\n");
  return true;
}

}  // namespace tkn::cli
