#include "cli/commands/commands.h"
#include "cli/state_access.h"

namespace tkn::cli {

const char* const kStateReplaceProviderHelp = R"(
state replace-provider [options] FROM TO

  Has every object that the state says provider FROM manages be managed by
  provider TO, as after a fork or a move to another namespace.

Options:
  -auto-approve          Don't ask.
  -lock=false, -lock-timeout=0s, -state=FILE   As for plan.
)";

int RunStateReplaceProvider(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  StateFlags state_flags;
  bool auto_approve = false;
  state_flags.Register(flags);
  flags.Bool("auto-approve", &auto_approve);
  std::vector<std::string> arguments;
  if (!session.ParseWords(flags, words, arguments, {2, 2, "Exactly two arguments expected."}))
    return 1;
  Diagnostics diags;
  std::string error;
  const auto from = ProviderSource::Parse(arguments[0], &error);
  const auto to = from ? ProviderSource::Parse(arguments[1], &error) : std::nullopt;
  if (!to) {
    diags.Add({.summary = from ? "Invalid \"to\" provider \"" + arguments[1] + "\""
                               : "Invalid \"from\" provider \"" + arguments[0] + "\"",
               .detail = error});
    return session.Finish(std::move(diags));
  }
  const auto state = OpenStateForChange(session, state_flags, diags);
  if (!state) return session.Finish(std::move(diags));
  state::StateStore::Change change;
  std::string list;
  for (const state::StoredObject& object : state.snapshot->objects) {
    if (object.provider->provider != *from) continue;
    change.put.push_back(object);
    ProviderConfigAddress moved = object.provider;
    moved.provider = *to;
    change.put.back().provider = moved;
    list += "  " + object.address.ToString() + "\n";
  }
  Terminal& terminal = session.terminal();
  if (change.put.empty()) {
    terminal.Out("No matching resources found.\n");
    return session.Finish(std::move(diags));
  }
  terminal.Out("tkn will perform the following actions:\n\n  ~ Updating provider:\n    - " +
               from->ToString() + "\n    + " + to->ToString() + "\n\nChanging " +
               std::to_string(change.put.size()) + " resources:\n\n" + list + "\n");
  if (!auto_approve) {
    const auto answer = terminal.Ask(
        "Do you want to make these changes?\nOnly 'yes' will be accepted to continue.\n\nEnter a "
        "value: ");
    if (answer != "yes") {
      terminal.Out("Cancelled replacing providers.\n");
      return session.Finish(std::move(diags));
    }
  }
  if (!ChangeState(session, *state.store, change, diags)) return session.Finish(std::move(diags));
  terminal.Out("\nSuccessfully replaced provider for " + std::to_string(change.put.size()) +
               " resources.\n");
  return session.Finish(std::move(diags));
}

}  // namespace tkn::cli
