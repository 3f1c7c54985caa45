#include <algorithm>
#include <map>

#include "cli/commands/commands.h"
#include "cli/state_access.h"

namespace tkn::cli {

const char* const kStateMvHelp = R"(
state mv [options] SOURCE DESTINATION

  Gives what is at SOURCE in the state the address DESTINATION: a module, a
  resource with all its instances, or one instance. Real objects are not
  touched. `moved` blocks in the configuration do the same, reviewed in a plan.

Options:
  -dry-run               Only say what would be moved.
  -lock=false, -lock-timeout=0s, -state=FILE   As for plan.
)";

namespace {

struct Move {
  std::string from;  // as shown
  std::string to;
  state::StateStore::Change change;
};

Diagnostic CannotMove(const TargetAddress& from, const TargetAddress& to, std::string_view why) {
  return {.summary = "Invalid target address",
          .detail =
              "Cannot move " + from.ToString() + " to " + to.ToString() + ": " + std::string(why)};
}

// Where an object goes when `from` becomes `to`; nullopt when it is not concerned.
std::optional<Address> Destination(const Address& address, const TargetAddress& from,
                                   const TargetAddress& to) {
  if (!from.resource) {
    if (!from.module.Contains(address.module)) return std::nullopt;
    std::vector<ModuleStep> steps = to.module.steps();
    const auto& old = address.module.steps();
    steps.insert(steps.end(), old.begin() + static_cast<std::ptrdiff_t>(from.module.steps().size()),
                 old.end());
    return Address{ModuleAddress(std::move(steps)), address.resource, address.key};
  }
  if (address.module != from.module || address.resource != *from.resource) return std::nullopt;
  if (from.key && address.key != *from.key) return std::nullopt;
  // One instance takes the key that was asked for; a whole resource keeps its keys.
  if (to.key) return Address{to.module, *to.resource, *to.key};
  return Address{to.module, *to.resource, from.key ? InstanceKey() : address.key};
}

// Errors for all that tells the two apart.
bool CanBecome(const TargetAddress& from, const TargetAddress& to, Diagnostics& diags) {
  bool can = true;
  const auto refuse = [&](std::string_view why) {
    Diagnostic problem = CannotMove(from, to, why);
    problem.summary = "Invalid state move request";
    diags.Add(std::move(problem));
    can = false;
  };
  if (from.resource->mode != to.resource->mode) {
    refuse("what is managed stays managed, and what is only read stays that.");
  }
  if (from.resource->type != to.resource->type) refuse("the types of the resources differ.");
  return can;
}

std::optional<Move> PlanMove(const state::Snapshot& snapshot, TargetAddress from,
                             const TargetAddress& to, Diagnostics& diags) {
  if (from.resource.has_value() != to.resource.has_value()) {
    diags.Add(CannotMove(
        from, to,
        from.resource ? "a resource can't become a module." : "a module can't become a resource."));
    return std::nullopt;
  }
  if (from.resource && !CanBecome(from, to, diags)) return std::nullopt;
  // Without a key an address is that of a single object, where there is one, or else of all with
  // keys.
  if (from.resource && !from.key && snapshot.Find({from.module, *from.resource, InstanceKey()}))
    from.key = InstanceKey();
  Move move{from.ToString(), to.ToString(), {}};
  std::map<Address, Address> moved;
  for (const state::StoredObject& object : snapshot.objects) {
    const auto destination = Destination(object.address, from, to);
    if (!destination) continue;
    moved.emplace(object.address, *destination);
    move.change.remove.push_back({object.address, object.deposed_key});
    move.change.put.push_back(object);
    move.change.put.back().address = *destination;
  }
  if (moved.empty()) {
    diags.Add({.summary = "Invalid source address",
               .detail = "Cannot move " + from.ToString() +
                         ": does not match anything in the current state. "
                         "\"tkn state list\" shows what there is."});
    return std::nullopt;
  }
  if (to.key && !from.key && moved.size() > 1) {
    diags.Add(CannotMove(from, to, "it has several instances, which can't become one."));
    return std::nullopt;
  }
  for (const auto& [source, destination] : moved) {
    if (source == destination || (snapshot.Find(destination) && !moved.contains(destination))) {
      diags.Add(CannotMove(from, to,
                           "there is already a resource instance at " + destination.ToString() +
                               " in the current state."));
      return std::nullopt;
    }
  }
  if (from.resource && !from.key && !to.key) {
    for (const state::StoredObject& object : snapshot.objects) {
      if (object.address.module != to.module || object.address.resource != *to.resource) continue;
      diags.Add(CannotMove(from, to, "there is already such a resource in the current state."));
      return std::nullopt;
    }
  }
  return move;
}

std::string Quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace

int RunStateMv(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  StateFlags state_flags;
  bool dry_run = false;
  std::string backup_out;
  state_flags.Register(flags);
  flags.Bool("dry-run", &dry_run);
  flags.String("backup-out", &backup_out);
  std::vector<std::string> arguments;
  if (!session.ParseWords(flags, words, arguments, {2, 2, "Exactly two arguments expected."}))
    return 1;
  Diagnostics diags;
  const auto from = TargetAddress::Parse(arguments[0], diags);
  const auto to = TargetAddress::Parse(arguments[1], diags);
  if (!from || !to) return session.Finish(std::move(diags));
  const auto state = OpenStateForChange(session, state_flags, diags);
  const auto move = state ? PlanMove(*state.snapshot, *from, *to, diags) : std::nullopt;
  if (!move) return session.Finish(std::move(diags));
  if (!dry_run && !ChangeState(session, *state.store, move->change, diags))
    return session.Finish(std::move(diags));
  session.terminal().Out((dry_run ? "Would move " : "Move ") + Quoted(move->from) + " to " +
                         Quoted(move->to) + "\n");
  // A resource or a module counts as one, whatever is in it.
  if (!dry_run) session.terminal().Out("Successfully moved 1 object(s).\n");
  return session.Finish(std::move(diags));
}

}  // namespace tkn::cli
