#include "cli/commands/commands.h"
#include "cli/state_access.h"

namespace tkn::cli {

const char* const kStateRmHelp = R"(
state rm [options] ADDR...

  Forgets the objects at the addresses: modules, resources or instances. The
  real objects go on existing, managed by nobody. A `removed` block in the
  configuration does the same, reviewed in a plan.

Options:
  -dry-run               Only say what would be forgotten.
  -lock=false, -lock-timeout=0s, -state=FILE   As for plan.
)";

int RunStateRm(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  StateFlags state_flags;
  bool dry_run = false;
  state_flags.Register(flags);
  flags.Bool("dry-run", &dry_run);
  std::vector<std::string> arguments;
  if (!session.ParseWords(flags, words, arguments,
                          {1, Session::kAnyNumber, "At least one address is required."})) {
    return 1;
  }
  Diagnostics diags;
  const std::vector<TargetAddress> targets = ParseTargetArguments(arguments, diags);
  if (diags.HasErrors()) return session.Finish(std::move(diags));
  const auto state = OpenStateForChange(session, state_flags, diags, targets);
  if (!state) return session.Finish(std::move(diags));
  state::StateStore::Change change;
  std::string out;
  std::size_t count = 0;
  const Address* last = nullptr;
  for (const state::StoredObject& object : state.snapshot->objects) {
    change.remove.push_back({object.address, object.deposed_key});
    if (last && *last == object.address) continue;
    last = &object.address;
    ++count;
    out += (dry_run ? "Would remove " : "Removed ") + object.address.ToString() + "\n";
  }
  if (count == 0 && dry_run) {
    out = "Would have removed nothing.\n";
  } else if (count == 0) {
    diags.Add({.summary = "Invalid target address",
               .detail = "No matching objects found. \"tkn state list\" shows what there is."});
    return session.Finish(std::move(diags));
  }
  if (!dry_run && !ChangeState(session, *state.store, change, diags))
    return session.Finish(std::move(diags));
  if (!dry_run) out += "Successfully removed " + std::to_string(count) + " resource instance(s).\n";
  session.terminal().Out(out);
  return session.Finish(std::move(diags));
}

}  // namespace tkn::cli
