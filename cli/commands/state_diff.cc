#include "engine/render/state_diff.h"

#include "cli/commands/commands.h"
#include "cli/operation.h"
#include "cli/state_access.h"
#include "engine/plan/state_values.h"
#include "engine/value/json.h"

namespace tkn::cli {

const char* const kStateDiffHelp = R"(
state diff [options] A [B]

  Shows what changed in the state from serial A to serial B ("current", which
  is also the default, for what it is now). Sensitive values are hidden.

Options:
  -json                  As JSON.
  -state=FILE            Read another state file.
  -no-color              No colours.
)";

const char* const kStateRollbackHelp = R"(
state rollback [options] SERIAL

  Makes the state what it was at SERIAL, as a new serial: nothing of the
  history is lost. Only the state goes back; real objects stay as they are,
  and what that means is told before it is done.

Options:
  -auto-approve          Don't ask.
  -dry-run               Only show what would change.
  -lock=false, -lock-timeout=0s, -state=FILE   As for plan.
)";

namespace {

// The attribute by which providers know the object; "" if it has none.
std::string IdOf(const state::StoredObject& object) {
  static const Type kIdOnly = Type::Object({{"id", Type::String()}});
  std::string unused;
  const auto value = FromJson(object.attributes_json, kIdOnly, &unused);
  if (!value || value->IsNull()) return {};
  const Value id = value->Attribute("id");
  return id.IsNull() ? std::string() : std::string(id.AsString());
}

std::string NameOf(const state::StoredObject& object) {
  std::string name = object.address.ToString();
  if (!object.deposed_key.empty()) name += " (deposed object " + object.deposed_key + ")";
  const std::string id = IdOf(object);
  return id.empty() ? name : name + " [id=" + id + "]";
}

// What the world will not do along with the state.
void WarnOfWorld(const state::Snapshot& now, const state::Snapshot& then, Diagnostics& diags) {
  std::string orphans;
  std::string gone;
  std::string older;
  for (const render::StateChange& change : render::StateChanges(now, then)) {
    if (change.either().address.resource.mode != ResourceMode::kManaged) continue;
    if (change.after == nullptr) {
      orphans += "\n  - " + NameOf(*change.before);
    } else if (change.before == nullptr) {
      gone += "\n  - " + NameOf(*change.after);
    } else if (IdOf(*change.before) != IdOf(*change.after)) {
      orphans += "\n  - " + NameOf(*change.before);
      gone += "\n  - " + NameOf(*change.after);
    } else if (change.before->attributes_json != change.after->attributes_json) {
      older += "\n  - " + NameOf(*change.after);
    }
  }
  const auto warn = [&diags](const char* summary, const std::string& detail) {
    diags.Add({.severity = Severity::kWarning, .summary = summary, .detail = detail});
  };
  if (!orphans.empty()) {
    warn("Objects will be managed by nobody",
         "These objects are in the state now and are not in the one that comes back. They go on "
         "existing (and costing, and granting access):" +
             orphans +
             "\n\nDestroy them first if they are to go, or take them back later with \"tkn "
             "import\".");
  }
  if (!gone.empty()) {
    warn("Objects may no longer exist",
         "These objects were taken out of the state since then, most likely because they were "
         "destroyed:" +
             gone +
             "\n\nThe next plan looks for each, and proposes to create what is gone. Secrets that "
             "were revoked with them do not come to life again.");
  }
  if (!older.empty()) {
    warn("The state will show older values",
         "These objects were changed since then, and stay as they are:" + older +
             "\n\nThe next plan reads what they are now, and proposes what the configuration asks "
             "for.");
  }
}

}  // namespace

int RunStateDiff(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  StateFlags state_flags;
  bool json = false;
  flags.String("state", &state_flags.state);
  flags.Bool("json", &json);
  std::vector<std::string> arguments;
  if (!session.ParseFlags(flags, words, arguments, 2, "At most two serials can be compared."))
    return 1;
  Diagnostics diags;
  if (arguments.empty()) {
    diags.Add({.summary = "One or two arguments expected",
               .detail =
                   "Say from which serial to which: tkn state diff 3 5. \"tkn state history\" "
                   "shows what there is."});
    return session.Finish(std::move(diags));
  }
  if (arguments.size() == 1) arguments.emplace_back("current");
  Operation operation(session);
  const auto store = OpenStateOfDirectory(session, state_flags, false, diags);
  const auto current = store ? store->Read(diags) : nullptr;
  std::uint64_t serials[2] = {};
  if (!current || !ParseSerialArgument(arguments[0], *current, &serials[0], diags) ||
      !ParseSerialArgument(arguments[1], *current, &serials[1], diags)) {
    return session.Finish(std::move(diags));
  }
  const auto before = store->ReadAt(serials[0], diags);
  const auto after = before ? store->ReadAt(serials[1], diags) : nullptr;
  if (!after) return session.Finish(std::move(diags));
  const std::string text =
      json ? render::StateDiffJson(*before, *after, operation.schemas(), diags) + "\n"
           : render::StateDiffText(*before, *after, operation.schemas(), session.style(), diags);
  const int code = session.Finish(std::move(diags));
  if (code == 0) {
    session.terminal().Out(!text.empty()
                               ? text
                               : "No differences between serial " + std::to_string(before->serial) +
                                     " and serial " + std::to_string(after->serial) + ".\n");
  }
  return code;
}

int RunStateRollback(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  StateFlags state_flags;
  bool auto_approve = false;
  bool dry_run = false;
  state_flags.Register(flags);
  flags.Bool("auto-approve", &auto_approve);
  flags.Bool("dry-run", &dry_run);
  std::vector<std::string> arguments;
  if (!session.ParseFlags(flags, words, arguments, 1, "Exactly one argument expected: the serial."))
    return 1;
  Diagnostics diags;
  if (arguments.empty()) {
    diags.Add({.summary = "Exactly one argument expected",
               .detail = "Say which serial to go back to: tkn state rollback 3. \"tkn state "
                         "history\" shows what there is."});
    return session.Finish(std::move(diags));
  }
  Operation operation(session);
  const auto state = OpenStateForChange(session, state_flags, diags);
  std::uint64_t serial = 0;
  if (!state || !ParseSerialArgument(arguments[0], *state.snapshot, &serial, diags))
    return session.Finish(std::move(diags));
  const auto then = state.store->ReadAt(serial, diags);
  if (!then) return session.Finish(std::move(diags));
  Terminal& terminal = session.terminal();
  const auto intents = state.store->OpenIntents(diags);
  if (!intents.empty()) {
    diags.Add({.summary = "Unresolved operations of an earlier run",
               .detail = "It is not known yet what became of " + std::to_string(intents.size()) +
                         " call(s) of a run that was cut short (\"tkn state intents\" shows them). "
                         "Find out first, with \"tkn plan\": what they made would otherwise be "
                         "lost sight of."});
  }
  if (diags.HasErrors()) return session.Finish(std::move(diags));
  const std::string text =
      render::StateDiffText(*state.snapshot, *then, operation.schemas(), session.style(), diags);
  if (text.empty()) {
    terminal.Out("The state is as it was at serial " + std::to_string(serial) +
                 ": there is nothing to do.\n");
    return session.Finish(std::move(diags));
  }
  terminal.Out(text + "\n");
  WarnOfWorld(*state.snapshot, *then, diags);
  const bool failed = diags.HasErrors();
  session.Show(std::move(diags));
  if (failed) return 1;
  diags.Clear();
  if (dry_run) return 0;
  if (!auto_approve) {
    const auto answer = terminal.Ask("Go back to serial " + std::to_string(serial) +
                                     "?\n  Only 'yes' will be accepted to confirm.\n\n"
                                     "  Enter a value: ");
    terminal.Out("\n");
    if (answer != "yes") {
      terminal.Error("Rollback cancelled.\n");
      return 1;
    }
  }
  state::Snapshot target = *then;
  target.serial = 0;  // the next one is taken
  if (!state.store->Replace(target, {.command = "state rollback " + std::to_string(serial)},
                            diags)) {
    return session.Finish(std::move(diags));
  }
  const auto now = state.store->Read(diags);
  if (now) {
    terminal.Out("The state is as it was at serial " + std::to_string(serial) +
                 " again. This is serial " + std::to_string(now->serial) + ".\n");
  }
  return session.Finish(std::move(diags));
}

}  // namespace tkn::cli
