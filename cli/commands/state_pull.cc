#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "cli/commands/commands.h"
#include "cli/state_access.h"
#include "state/tfstate/tfstate.h"

namespace tkn::cli {

const char* const kStatePullHelp = R"(
state pull

  Prints the state in Terraform's own format (version 4), which "terraform
  state push" and "tkn state push" read. Holds secrets.
)";

const char* const kStatePushHelp = R"(
state push [options] PATH

  Replaces the state by the one in PATH ("-": standard input), which is in
  Terraform's format 4. Refused when it belongs to another lineage, or is
  older than what is there.

Options:
  -force                 Push it all the same.
  -lock=false, -lock-timeout=0s   As for plan.
)";

int RunStatePull(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  std::vector<std::string> arguments;
  if (!session.ParseWords(flags, words, arguments, {.most = Session::kAnyNumber})) return 1;
  Diagnostics diags;
  const auto store = OpenStateOfDirectory(session, {}, false, diags);
  const auto snapshot = store ? store->Read(diags) : nullptr;
  if (!snapshot) return session.Finish(std::move(diags));
  // Nothing was ever written: nothing is printed, as from Terraform.
  if (!snapshot->lineage.empty()) session.terminal().Out(state::WriteTfstate(*snapshot));
  return session.Finish(std::move(diags));
}

namespace {

std::optional<std::string> ReadPushed(Session& session, const std::string& path) {
  if (path == "-") return session.terminal().ReadAll();
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    session.terminal().Error(
        "open " + path + ": " +
        (errno == ENOENT ? "no such file or directory" : std::strerror(errno)) + "\n");
    return std::nullopt;
  }
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

// Why `pushed` may not replace `current`; "" when it may.
std::string Refusal(const state::Snapshot& pushed, const state::Snapshot& current) {
  if (current.IsEmpty()) return {};  // nothing is lost
  if (pushed.lineage != current.lineage) {
    return "cannot import state with lineage \"" + pushed.lineage +
           "\" over unrelated state with lineage \"" + current.lineage + "\"";
  }
  if (pushed.serial < current.serial) {
    return "cannot import state with serial " + std::to_string(pushed.serial) +
           " over newer state with serial " + std::to_string(current.serial);
  }
  return {};
}

}  // namespace

int RunStatePush(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  StateFlags state_flags;
  bool force = false;
  state_flags.Register(flags);
  flags.Bool("force", &force);
  std::vector<std::string> arguments;
  if (!session.ParseWords(flags, words, arguments,
                          {1, 1, "Exactly one argument expected: the state file, or \"-\"."}))
    return 1;
  Diagnostics diags;
  if (!ConfigurationCanBeRead(session, diags)) return session.Finish(std::move(diags));
  const auto text = ReadPushed(session, arguments[0]);
  if (!text) return 1;
  const auto pushed = state::ParseTfstate(*text, diags);
  if (!pushed) {
    std::string list;
    for (const Diagnostic& problem : diags)
      list += "\n- " + problem.summary + ": " + problem.detail;
    const std::string which = "Error reading source state \"" + arguments[0] + "\": ";
    session.terminal().Error(diags.size() == 1 ? which + list.substr(3) + "\n"
                                               : which + std::to_string(diags.size()) +
                                                     " problems:\n" + list + "\n");
    return 1;
  }
  const auto state = OpenStateForChange(session, state_flags, diags);
  if (!state) return session.Finish(std::move(diags));
  if (const std::string refusal = force ? "" : Refusal(*pushed, *state.snapshot);
      !refusal.empty()) {
    session.terminal().Error("Failed to write state: " + refusal + "\n");
    return 1;
  }
  if (!state.store->Replace(*pushed, {.command = "state push"}, diags))
    return session.Finish(std::move(diags));
  return session.Finish(std::move(diags));
}

}  // namespace tkn::cli
