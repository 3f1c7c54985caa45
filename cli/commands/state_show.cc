#include "cli/commands/commands.h"
#include "cli/operation.h"
#include "cli/state_access.h"
#include "engine/render/state_text.h"

namespace tkn::cli {

const char* const kStateShowHelp = R"(
state show [options] ADDR

  Shows one object of the state. Sensitive values are hidden.

Options:
  -state=FILE            Read another state file.
  -no-color              No colours.
)";

int RunStateShow(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  StateFlags state_flags;
  flags.String("state", &state_flags.state);
  std::vector<std::string> arguments;
  if (!session.ParseFlags(flags, words, arguments, 1,
                          "Exactly one argument expected: the address of a resource instance."))
    return 1;
  Diagnostics diags;
  if (arguments.empty()) {
    diags.Add({.summary = "Exactly one argument expected",
               .detail = "Name the object: tkn state show linode_token.ci. \"tkn state list\" "
                         "shows what there is."});
    return session.Finish(std::move(diags));
  }
  const auto address = ParseAddressArgument(session, arguments[0], "", diags);
  if (!address) return session.Finish(std::move(diags));
  Operation operation(session);
  const auto store = OpenStateOfDirectory(session, state_flags, false, diags);
  const auto snapshot = store ? store->Read(diags) : nullptr;
  if (!snapshot) return session.Finish(std::move(diags));
  const state::StoredObject* object = snapshot->Find(*address);
  if (!object) {
    session.terminal().Error(
        "No instance found for the given address!\n\n" + address->ToString() +
        " is not in the state. The address must be that of one instance, with its key;\n"
        "\"tkn state list\" shows all there are.\n");
    return session.Finish(std::move(diags)), 1;
  }
  const std::string text = render::ObjectText(*object, operation.schemas(), session.style(), diags);
  const int code = session.Finish(std::move(diags));
  if (code == 0) session.terminal().Out(text);
  return code;
}

}  // namespace tkn::cli
