#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cli/commands/commands.h"
#include "cli/lock_record.h"
#include "cli/state_access.h"

namespace tkn::cli {

const char* const kWorkspaceListHelp = R"(
workspace list

  Lists the workspaces; the current one has a star.
)";
const char* const kWorkspaceShowHelp = R"(
workspace show

  Shows the name of the current workspace.
)";
const char* const kWorkspaceNewHelp = R"(
workspace new [options] NAME

  Creates a workspace, with a state of its own, and switches to it. All
  workspaces live in the one state file.

Options:
  -state=FILE            Begin with a copy of this state.
)";
const char* const kWorkspaceSelectHelp = R"(
workspace select [options] NAME

  Switches to another workspace.

Options:
  -or-create             Create it if it does not exist.
)";
const char* const kWorkspaceDeleteHelp = R"(
workspace delete [options] NAME

  Deletes a workspace and its state. Refused while the state tracks objects.

Options:
  -force                 Delete it all the same; its objects go on existing,
                         managed by nobody.
)";

namespace {

bool IsOverridden() {
  const char* workspace = std::getenv("TF_WORKSPACE");
  return workspace && *workspace;
}

bool RefuseWhenOverridden(Session& session) {
  if (!IsOverridden()) return false;
  session.terminal().Error(
      "\nThe selected workspace is currently overridden using the TF_WORKSPACE\nenvironment "
      "variable.\n\n"
      "To select a new workspace, either update this environment variable or unset\nit and then "
      "run this command again.\n\n");
  return true;
}

// Names go into paths of other tools: what a URL may hold without escaping.
bool IsValidName(const std::string& name) {
  return std::ranges::all_of(name,
                             [](unsigned char c) {
                               return std::isalnum(c) || c == '-' || c == '_' || c == '.' ||
                                      c == '~' || c == '$' || c == '&' || c == '+' || c == ':' ||
                                      c == '=' || c == '@' || c == '%';
                             }) &&
         name != "." && name != "..";
}

bool Remember(Session& session, const std::string& workspace) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::create_directories(session.DataDirectory(), error);
  std::ofstream file(session.DataDirectory() + "/environment", std::ios::trunc);
  file << workspace;
  file.close();
  if (file) return true;
  Diagnostics diags;
  diags.Add({.summary = "Failed to select workspace",
             .detail = "\"" + session.DataDirectory() +
                       "/environment\", where the name is kept, could not be written."});
  session.Show(std::move(diags));
  return false;
}

std::optional<std::string> NameArgument(Session& session, FlagSet& flags,
                                        const std::vector<std::string>& words) {
  std::vector<std::string> arguments;
  if (!session.ParseWords(flags, words, arguments, {1, 1, "Expected a single argument: NAME."}))
    return std::nullopt;
  if (!IsValidName(arguments[0])) {
    session.terminal().Error("\nThe workspace name \"" + arguments[0] +
                             "\" is not allowed. The name must contain only URL safe\ncharacters, "
                             "and no path separators.\n\n");
    return std::nullopt;
  }
  return arguments[0];
}

int Create(Session& session, state::StateStore& store, const std::string& name) {
  Diagnostics diags;
  if (!store.CreateWorkspace(name, diags)) return session.Finish(std::move(diags));
  if (!Remember(session, name)) return 1;
  session.terminal().Out(
      session.style().Paint("1;32", "Created and switched to workspace \"" + name + "\"!") +
      "\n\nIt has a state of its own, empty for now: plans here don't see what other\nworkspaces "
      "manage.\n");
  return 0;
}

bool Exists(state::StateStore& store, const std::string& name) {
  return std::ranges::count(store.Workspaces(), name) > 0;
}

int NoSuchWorkspace(Session& session, const std::string& name) {
  session.terminal().Error("\nWorkspace \"" + name + "\" doesn't exist.\n\n" +
                           "You can create this workspace with the \"new\" subcommand \nor include "
                           "the \"-or-create\" flag "
                           "with the \"select\" subcommand.\n");
  return 1;
}

}  // namespace

int RunWorkspaceShow(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  std::vector<std::string> arguments;
  if (!session.ParseWords(flags, words, arguments, {.most = Session::kAnyNumber})) return 1;
  session.terminal().Out(session.Workspace() + "\n");
  return 0;
}

int RunWorkspaceList(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  std::vector<std::string> arguments;
  if (!session.ParseWords(flags, words, arguments, {})) return 1;
  Diagnostics diags;
  const auto store = OpenStateOfDirectory(session, {}, false, diags);
  if (!store) return session.Finish(std::move(diags));
  std::string out;
  const std::string current = session.Workspace();
  for (const std::string& name : store->Workspaces())
    out += (name == current ? "* " : "  ") + name + "\n";
  out += "\n";
  if (IsOverridden()) {
    out +=
        "\n\nThe active workspace is being overridden using the TF_WORKSPACE "
        "environment\nvariable.\n\n";
  }
  session.terminal().Out(out);
  return session.Finish(std::move(diags));
}

int RunWorkspaceNew(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  StateFlags state_flags;
  state_flags.Register(flags);
  const auto name = NameArgument(session, flags, words);
  if (!name) return 1;
  if (RefuseWhenOverridden(session)) return 1;
  Diagnostics diags;
  const auto store = OpenStateOfDirectory(session, {}, true, diags);
  if (!store) return session.Finish(std::move(diags));
  if (Exists(*store, *name)) {
    session.terminal().Error("Workspace \"" + *name + "\" already exists\n");
    return 1;
  }
  const int code = Create(session, *store, *name);
  if (code != 0 || state_flags.state.empty()) return code;
  return RunStatePush(session, {state_flags.state});
}

int RunWorkspaceSelect(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  bool or_create = false;
  flags.Bool("or-create", &or_create);
  const auto name = NameArgument(session, flags, words);
  if (!name) return 1;
  if (RefuseWhenOverridden(session)) return 1;
  Diagnostics diags;
  const auto store = OpenStateOfDirectory(session, {}, or_create, diags);
  if (!store) return session.Finish(std::move(diags));
  if (*name == session.Workspace()) return 0;
  if (!Exists(*store, *name))
    return or_create ? Create(session, *store, *name) : NoSuchWorkspace(session, *name);
  if (!Remember(session, *name)) return 1;
  session.terminal().Out(session.style().Green("Switched to workspace \"" + *name + "\".") + "\n");
  return 0;
}

int RunWorkspaceDelete(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  StateFlags state_flags;
  bool force = false;
  state_flags.Register(flags);
  flags.Bool("force", &force);
  const auto name = NameArgument(session, flags, words);
  if (!name) return 1;
  Diagnostics diags;
  if (*name == "default") {
    session.terminal().Error("cannot delete default state\n");
    return 1;
  }
  const auto store = OpenStateOfDirectory(session, {}, true, diags);
  if (!store) return session.Finish(std::move(diags));
  if (!Exists(*store, *name)) return NoSuchWorkspace(session, *name);
  if (*name == session.Workspace()) {
    session.terminal().Error("Workspace \"" + *name +
                             "\" is your active workspace.\n\nYou cannot delete the currently "
                             "active workspace. Please switch\n"
                             "to another workspace and try again.\n");
    return 1;
  }
  const auto doomed = OpenStateOfWorkspace(session, *name, true, diags);
  if (!doomed ||
      !doomed->Lock(
          MakeLockRecord("state-delete"), state_flags.lock_timeout_seconds, [] {}, diags)) {
    return session.Finish(std::move(diags));
  }
  const auto snapshot = doomed->Read(diags);
  if (!snapshot) return session.Finish(std::move(diags));
  const bool empty = snapshot->objects.empty();
  if (!empty && !force) {
    std::string list;
    for (const state::StoredObject& object : snapshot->objects)
      list += "\n  - " + object.address.ToString();
    diags.Add({.summary = "Workspace is not empty",
               .detail = "Workspace \"" + *name +
                         "\" is currently tracking the following resource instances:" + list +
                         "\n\nDeleted with their state they would go on existing, managed by "
                         "nobody. Destroy them first "
                         "(tkn workspace select " +
                         *name + ", then tkn destroy), or use -force."});
    return session.Finish(std::move(diags));
  }
  const bool unlocked = doomed->Unlock(diags);
  if (!unlocked || !store->DeleteWorkspace(*name, diags)) return session.Finish(std::move(diags));
  session.terminal().Out(
      session.style().Green("Deleted workspace \"" + *name + "\"!") + "\n" +
      (empty ? ""
             : "WARNING: \"" + *name +
                   "\" was non-empty.\nIts objects may still exist, managed by nobody.\n"));
  return session.Finish(std::move(diags));
}

}  // namespace tkn::cli
