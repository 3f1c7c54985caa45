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

}  // namespace

int RunStateList(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  StateFlags state_flags;
  std::string id;
  flags.String("state", &state_flags.state);
  flags.String("id", &id);
  std::vector<std::string> arguments;
  if (!session.ParseFlags(flags, words, arguments, static_cast<std::size_t>(-1))) return 1;
  Diagnostics diags;
  std::vector<TargetAddress> targets;
  for (const std::string& argument : arguments) {
    if (auto target = ParseTargetArgument(session, argument, diags))
      targets.push_back(std::move(*target));
  }
  if (diags.HasErrors()) return session.Finish(std::move(diags));
  const auto store = OpenStateOfDirectory(session, state_flags, false, diags);
  const auto snapshot = store ? store->Read(diags) : nullptr;
  if (!snapshot) return session.Finish(std::move(diags));
  if (snapshot->lineage.empty()) {
    session.terminal().Error(
        "No state file was found!\n\nNothing was applied in this directory yet. Where the state is "
        "another file, name it: -state=FILE.\n");
    return 1;
  }
  std::string out;
  std::vector<bool> matched(targets.size());
  const Address* last = nullptr;
  for (const state::StoredObject& object : snapshot->objects) {
    bool wanted = targets.empty();
    for (std::size_t i = 0; i < targets.size(); ++i) {
      if (!targets[i].Contains(object.address)) continue;
      wanted = true;
      matched[i] = true;
    }
    // An address with deposed objects beside the current one is listed once.
    if (!wanted || (last && *last == object.address)) continue;
    if (!id.empty() && !HasId(object, id)) continue;
    last = &object.address;
    out += object.address.ToString() + "\n";
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
