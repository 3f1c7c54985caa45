#include "cli/commands/commands.h"
#include "cli/state_access.h"

namespace tkn::cli {

const char* const kForceUnlockHelp = R"(
force-unlock [options] LOCK_ID

  Removes the record of a lock whose holder is gone. Locks end with their
  process by themselves: one that is really held by a running process is not
  taken away, since two writers would not see each other.

Options:
  -force                 Don't ask.
)";

int RunForceUnlock(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  bool force = false;
  flags.Bool("force", &force);
  std::vector<std::string> arguments;
  if (!session.ParseWords(flags, words, arguments, {1, 1, "Expected a single argument: LOCK_ID"}))
    return 1;
  Terminal& terminal = session.terminal();
  Diagnostics diags;
  const auto store = OpenStateOfDirectory(session, {}, true, diags);
  if (!store) return session.Finish(std::move(diags));
  if (!force) {
    const auto answer = terminal.Ask(
        "Do you really want to force-unlock?\n  Whoever holds the lock may still be writing.\n"
        "  Only 'yes' will be accepted to confirm.\n\n  Enter a value: ");
    if (answer != "yes") {
      terminal.Out("force-unlock cancelled.\n");
      return 1;
    }
  }
  if (!store->ForceUnlock(arguments[0], diags)) return session.Finish(std::move(diags));
  terminal.Out(session.style().Paint("1;32", "The state has been successfully unlocked!") + "\n");
  return session.Finish(std::move(diags));
}

}  // namespace tkn::cli
