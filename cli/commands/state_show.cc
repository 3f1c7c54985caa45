#include "cli/commands/commands.h"
#include "cli/operation.h"
#include "cli/state_access.h"
#include "engine/render/state_text.h"

namespace tkn::cli {

const char* const kStateShowHelp = R"(
state show [options] ADDR
state show [options] -serial=N [ADDR]

  Shows one object of the state. Sensitive values are hidden.

Options:
  -serial=N              As the state was at serial N (see "state history");
                         without an address, all of it.
  -state=FILE            Read another state file.
  -no-color              No colours.
)";

namespace {

// The state that was asked for: the present one, of which an object may be enough, or an earlier
// one.
std::shared_ptr<const state::Snapshot> ReadAsked(state::StateStore& store,
                                                 const std::string& serial_text,
                                                 const std::optional<Address>& address,
                                                 Diagnostics& diags) {
  if (address && serial_text.empty()) return store.ReadPart({TargetOf(*address)}, diags);
  const auto current = store.Read(diags);
  if (serial_text.empty() || !current) return current;
  std::uint64_t serial = 0;
  if (!ParseSerialArgument(serial_text, *current, &serial, diags)) return nullptr;
  return store.ReadAt(serial, diags);
}

}  // namespace

int RunStateShow(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  StateFlags state_flags;
  std::string serial;
  flags.String("state", &state_flags.state);
  flags.String("serial", &serial);
  std::vector<std::string> arguments;
  if (!session.ParseWords(flags, words, arguments, {0, 1, "Exactly one argument expected."}))
    return 1;
  Diagnostics diags;
  if (arguments.empty() && serial.empty()) {
    session.terminal().Error(
        "Exactly one argument expected.\n\nName the object; \"tkn state list\" shows what there "
        "is.\n");
    return 1;
  }
  std::optional<Address> address;
  if (!arguments.empty()) {
    address = Address::Parse(arguments[0], diags);
    if (!address) {
      session.terminal().Error("Error parsing instance address: " + arguments[0] +
                               "\n\nThe address must be that of one instance, with its key; \"tkn "
                               "state list\" shows all there are.\n");
      return 1;
    }
  }
  Operation operation(session);
  const auto store = OpenStateOfDirectory(session, state_flags, false, diags);
  const auto snapshot = store ? ReadAsked(*store, serial, address, diags) : nullptr;
  if (!snapshot) return session.Finish(std::move(diags));
  const state::StoredObject* object = address ? snapshot->Find(*address) : nullptr;
  if (address && !object) {
    session.terminal().Error(
        "No instance found for the given address!\n\n" + address->ToString() +
        " is not in the state. The address must be that of one instance, with its key;\n"
        "\"tkn state list\" shows all there are.\n");
    return session.Finish(std::move(diags)), 1;
  }
  std::string text =
      object ? render::ObjectText(*object, operation.schemas(), session.style(), diags)
             : render::StateText(*snapshot, operation.schemas(), session.style(), diags);
  if (text.empty()) text = "The state was empty at this serial.\n";
  const int code = session.Finish(std::move(diags));
  if (code == 0) session.terminal().Out(text);
  return code;
}

}  // namespace tkn::cli
