#include <algorithm>

#include "cli/commands/commands.h"
#include "cli/state_access.h"
#include "engine/value/json.h"

namespace tkn::cli {

const char* const kStateListHelp = R"(
state list [options] [ADDR...]

  Lists the resource instances in the state, or those that the addresses
  name: modules, resources or single instances.

Options:
  -id=ID                 Only objects whose "id" attribute is ID.
  -state=FILE            Read another state file.
)";

namespace {

bool HasId(const state::StoredObject& object, const std::string& id) {
  std::string error;
  static const Type kIdOnly = Type::Object({{"id", Type::String()}});
  const auto value = FromJson(object.attributes_json, kIdOnly, &error);
  if (!value || value->IsNull()) return false;
  const Value attribute = value->Attribute("id");
  return !attribute.IsNull() && attribute.AsString() == id;
}

// Where an object with the id is; sorted. nullopt after an error.
std::optional<std::vector<Address>> AddressesWithId(state::StateStore& store, const std::string& id,
                                                    Diagnostics& diags) {
  const auto snapshot = store.Read(diags);
  if (!snapshot) return std::nullopt;
  std::vector<Address> addresses;
  for (const state::StoredObject& object : snapshot->objects) {
    if (HasId(object, id)) addresses.push_back(object.address);
  }
  return addresses;
}

// Whether anything was ever written.
bool HasState(state::StateStore& store, Diagnostics& diags) {
  const auto snapshot = store.Read(diags);
  return snapshot && !snapshot->lineage.empty();
}

}  // namespace

int RunStateList(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  StateFlags state_flags;
  std::string id;
  flags.String("state", &state_flags.state);
  flags.String("id", &id);
  std::vector<std::string> arguments;
  if (!session.ParseWords(flags, words, arguments, {.most = Session::kAnyNumber})) return 1;
  Diagnostics diags;
  const std::vector<TargetAddress> targets = ParseTargetArguments(arguments, diags);
  if (diags.HasErrors()) return session.Finish(std::move(diags));
  const auto store = OpenStateOfDirectory(session, state_flags, false, diags);
  // No object is read unless something in it is asked for.
  const auto addresses = store ? store->Addresses(diags) : std::nullopt;
  if (!addresses) return session.Finish(std::move(diags));
  if (addresses->empty() && !HasState(*store, diags)) {
    if (diags.HasErrors()) return session.Finish(std::move(diags));
    session.terminal().Error(
        "No state file was found!\n\nNothing was applied in this directory yet. Where the state is "
        "another file, name it: -state=FILE.\n");
    return 1;
  }
  std::vector<Address> with_id;
  if (!id.empty()) {
    auto found = AddressesWithId(*store, id, diags);
    if (!found) return session.Finish(std::move(diags));
    with_id = *std::move(found);
  }
  std::string out;
  std::vector<bool> matched(targets.size());
  for (const Address& address : *addresses) {
    bool wanted = targets.empty();
    for (std::size_t i = 0; i < targets.size(); ++i) {
      if (!targets[i].Contains(address)) continue;
      wanted = true;
      matched[i] = true;
    }
    if (!wanted) continue;
    if (!id.empty() && !std::binary_search(with_id.begin(), with_id.end(), address)) continue;
    out += address.ToString() + "\n";
  }
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (matched[i]) continue;
    const bool is_instance = targets[i].resource && targets[i].key;
    diags.Add({.summary = targets[i].resource
                              ? (is_instance ? "Unknown resource instance" : "Unknown resource")
                              : "Unknown module",
               .detail = "The state has nothing at " + targets[i].ToString() +
                         ". \"tkn state list\" shows what it has."});
  }
  if (!diags.HasErrors()) session.terminal().Out(out);
  return session.Finish(std::move(diags));
}

}  // namespace tkn::cli
