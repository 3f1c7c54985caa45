#include "cli/commands/commands.h"
#include "cli/lock_record.h"
#include "cli/state_access.h"
#include "cli/version.h"
#include "state/lock_info.h"
#include "state/sqlite/file_lock.h"
#include "state/sqlite/maintenance.h"
#include "state/sqlite/query.h"

namespace tkn::cli {

const char* const kStateBackupHelp = R"(
state backup [options] FILE

  Copies the state, all workspaces and their history into FILE, which must not
  exist. Works while other commands write. Holds secrets; mode 0600.

Options:
  -state=FILE            Back up another state file.
)";

const char* const kStateRestoreHelp = R"(
state restore [options] FILE

  Makes the state what the backup FILE holds: all workspaces and their
  history, each as its next serial. Real objects stay as they are. A damaged
  state is set aside first.

Options:
  -auto-approve          Don't ask.
  -force                 Also when calls of a killed run are open, of which
                         the backup does not know.
  -lock-timeout=0s, -state=FILE   As for plan.
)";

namespace {

// Open calls in any workspace of the file; nullopt when it can't be read, or is not there.
std::optional<std::string> OpenIntentCount(const std::string& path) {
  Diagnostics unused;
  const auto found = state::QueryDatabase(
      path, "SELECT count(*) FROM intents",
      [](auto, auto, auto, std::string attributes) { return attributes; }, unused);
  if (!found || found->rows.empty()) return std::nullopt;
  return found->rows[0][0].text;
}

// The one argument; nullopt after what is wrong was shown.
std::optional<std::string> ParseOneFile(Session& session, FlagSet& flags,
                                        const std::vector<std::string>& words,
                                        const std::string& what_to_type) {
  std::vector<std::string> arguments;
  if (!session.ParseFlags(flags, words, arguments, 1, "Exactly one argument expected: FILE."))
    return std::nullopt;
  if (!arguments.empty()) return arguments[0];
  Diagnostics diags;
  diags.Add(
      {.summary = "Exactly one argument expected", .detail = what_to_type + " tkn-2026-11-27.db"});
  session.Show(std::move(diags));
  return std::nullopt;
}

}  // namespace

int RunStateBackup(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  StateFlags state_flags;
  flags.String("state", &state_flags.state);
  const auto file = ParseOneFile(session, flags, words, "Name the file to write: tkn state backup");
  if (!file) return 1;
  Diagnostics diags;
  const auto path = DatabaseOfDirectory(session, state_flags, diags);
  if (!path || !state::BackupDatabase(*path, *file, diags)) return session.Finish(std::move(diags));
  session.terminal().Out("The state was copied to \"" + *file + "\".\n");
  return session.Finish(std::move(diags));
}

int RunStateRestore(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  StateFlags state_flags;
  bool auto_approve = false;
  bool force = false;
  state_flags.Register(flags);
  flags.Bool("auto-approve", &auto_approve);
  flags.Bool("force", &force);
  const auto file = ParseOneFile(session, flags, words, "Name the backup: tkn state restore");
  if (!file) return 1;
  Diagnostics diags;
  const auto path = DatabaseOfDirectory(session, state_flags, diags);
  if (!path) return session.Finish(std::move(diags));
  Terminal& terminal = session.terminal();
  if (!auto_approve) {
    const auto answer = terminal.Ask(
        "Replace the state in \"" + *path + "\" by \"" + *file +
        "\"?\n  What was done since the backup will not be in the state: objects made since then\n"
        "  are managed by nobody, objects destroyed since then are looked for by the next\n"
        "  plan. Only 'yes' will be accepted to confirm.\n\n  Enter a value: ");
    terminal.Out("\n");
    if (answer != "yes") {
      terminal.Error("Restore cancelled.\n");
      return 1;
    }
  }
  // The lock without the store, which a damaged file would keep from opening.
  state::FileLock lock(*path + ".lock");
  state::LockInfo record = MakeLockRecord(session.command().name);
  record.path = *path;
  const auto on_wait = [&terminal] {
    terminal.Out("Acquiring state lock. This may take a few moments...\n");
  };
  const auto try_acquire = [&lock](std::string* error) {
    return lock.TryAcquire(state::FileLock::Mode::kExclusive, error);
  };
  if (!state::WaitForFileLock(lock.path(), try_acquire, state_flags.lock_timeout_seconds, on_wait,
                              diags)) {
    return session.Finish(std::move(diags));
  }
  std::string problem;
  if (!lock.WriteRecord(state::LockInfoToJson(record), &problem)) {
    diags.Add(state::LockRefused("the lock file can't be written: " + problem, std::nullopt));
    return session.Finish(std::move(diags));
  }
  if (const auto open = OpenIntentCount(*path); !force && open && *open != "0") {
    diags.Add({.summary = "Unresolved operations of an earlier run",
               .detail = "It is not known yet what became of " + *open +
                         " call(s) of a run that was cut short. Find out first, with \"tkn plan\", "
                         "or go on with -force: what they made may then be managed by nobody."});
    return session.Finish(std::move(diags));
  }
  if (!state::RestoreDatabase(
          *file, *path,
          {.operation = {.command = "state restore"}, .open = {.program_version = kVersion}},
          diags)) {
    return session.Finish(std::move(diags));
  }
  terminal.Out("The state is what \"" + *file +
               "\" holds. \"tkn plan\" shows how the world "
               "differs from it.\n");
  return session.Finish(std::move(diags));
}

}  // namespace tkn::cli
