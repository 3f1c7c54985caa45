#include "cli/state_access.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

#include "cli/lock_record.h"
#include "engine/config/load.h"
#include "engine/schema/decode.h"
#include "state/open.h"

namespace tkn::cli {
namespace {

const BlockSchema& LocalBackendSchema() {
  static const BlockSchema schema = [] {
    BlockSchema s;
    s.attributes = {{.name = "path", .type = Type::String(), .optional = true},
                    {.name = "workspace_dir", .type = Type::String(), .optional = true}};
    s.Finish();
    return s;
  }();
  return schema;
}

// What the backend block says of where the state is. False: an error was added.
bool ReadBackend(const config::Module& root, state::StateLocation& location, Diagnostics& diags) {
  if (!root.backend) return true;
  if (root.backend->type != "local") {
    diags.Add(
        {.summary = "Unsupported backend type",
         .detail =
             "There is no backend type named \"" + std::string(root.backend->type) +
             "\" in tkn. The state is kept in a file: use backend \"local\", or no backend block.",
         .subject = root.backend->type_range});
    return false;
  }
  Diagnostics more;
  const Value value =
      DecodeBody(root.backend->body, LocalBackendSchema(), lang::EmptyScope(), more);
  const bool ok = !more.HasErrors();
  diags.Append(std::move(more));
  if (!ok) return false;
  const Value path = value.Attribute("path");
  const Value workspace_dir = value.Attribute("workspace_dir");
  if (!path.IsNull()) location.path = path.AsString();
  if (!workspace_dir.IsNull()) location.workspace_dir = workspace_dir.AsString();
  return true;
}

std::unique_ptr<state::StateStore> Open(const config::Module* root, const StateFlags& flags,
                                        const std::string& workspace, bool for_writing,
                                        Diagnostics& diags) {
  const auto location = LocateState(root, flags, diags);
  if (!location) return nullptr;
  return state::OpenState(*location, {.workspace = workspace, .read_only = !for_writing}, diags);
}

// The root module alone tells the backend; errors elsewhere are not this command's business, but
// one that keeps the block from being read is.
std::optional<config::ModuleTree> LoadRoot(Session& session, Diagnostics& diags) {
  if (!config::HasConfiguration(".")) return std::nullopt;
  config::LoadOptions options;
  options.data_directory = session.DataDirectory();
  // These commands of Terraform name files with their whole path.
  constexpr std::array<std::string_view, 6> kAbsolute = {
      "state mv", "state pull", "state push", "state replace-provider", "state rm", "taint"};
  const bool absolute = std::ranges::find(kAbsolute, session.command().name) != kAbsolute.end();
  std::error_code error;
  const std::string directory = absolute ? std::filesystem::current_path(error).string() : ".";
  return config::LoadModuleTree(error ? "." : directory, session.sources(), options, diags);
}

}  // namespace

std::optional<state::StateLocation> LocateState(const config::Module* root, const StateFlags& flags,
                                                Diagnostics& diags) {
  state::StateLocation location;
  if (root && !ReadBackend(*root, location, diags)) return std::nullopt;
  if (!flags.state.empty()) location.path = flags.state;
  return location;
}

std::unique_ptr<state::StateStore> OpenState(Session& session, const config::Module* root,
                                             const StateFlags& flags, bool for_writing,
                                             Diagnostics& diags) {
  return Open(root, flags, session.Workspace(), for_writing, diags);
}

std::unique_ptr<state::StateStore> OpenStateOfDirectory(Session& session, const StateFlags& flags,
                                                        bool for_writing, Diagnostics& diags) {
  return OpenStateOfWorkspace(session, session.Workspace(), for_writing, diags, flags);
}

std::unique_ptr<state::StateStore> OpenStateOfWorkspace(Session& session,
                                                        const std::string& workspace,
                                                        bool for_writing, Diagnostics& diags,
                                                        const StateFlags& flags) {
  Diagnostics more;
  const auto tree = LoadRoot(session, more);
  if (more.HasErrors()) {
    diags.Append(std::move(more));
    return nullptr;
  }
  return Open(tree ? tree->root().module : nullptr, flags, workspace, for_writing, diags);
}

bool ConfigurationCanBeRead(Session& session, Diagnostics& diags) {
  Diagnostics more;
  (void)LoadRoot(session, more);
  const bool failed = more.HasErrors();
  if (failed) diags.Append(std::move(more));
  return !failed;
}

std::optional<std::string> DatabaseOfDirectory(Session& session, const StateFlags& flags,
                                               Diagnostics& diags) {
  Diagnostics more;
  const auto tree = LoadRoot(session, more);
  const bool failed = more.HasErrors();
  diags.Append(std::move(more));
  if (failed) return std::nullopt;
  const auto location = LocateState(tree ? tree->root().module : nullptr, flags, diags);
  if (!location) return std::nullopt;
  auto path = state::DatabasePath(*location);
  if (!path) {
    diags.Add({.summary = "No database",
               .detail = "The state is kept in Terraform's own format here, and this command works "
                         "on tkn.db. The first command that changes something takes a "
                         "terraform.tfstate over."});
  }
  return path;
}

std::optional<Address> ParseAddressArgument(Session& session, const std::string& text,
                                            const std::string& name, Diagnostics& diags) {
  Diagnostics more;
  auto address = Address::Parse(text, more);
  for (Diagnostic& problem : more) {
    if (name.empty() || address) continue;
    problem.subject = {session.sources().Add(name, text), 0,
                       static_cast<std::uint32_t>(text.size())};
  }
  diags.Append(std::move(more));
  return address;
}

std::vector<TargetAddress> ParseTargetArguments(const std::vector<std::string>& arguments,
                                                Diagnostics& diags) {
  std::vector<TargetAddress> targets;
  for (const std::string& argument : arguments) {
    if (auto target = TargetAddress::Parse(argument, diags)) {
      targets.push_back(std::move(*target));
    }
  }
  return targets;
}

TargetAddress TargetOf(const Address& address) {
  return {address.module, address.resource, address.key};
}

StateForChange OpenStateForChange(Session& session, const StateFlags& flags, Diagnostics& diags,
                                  const std::vector<TargetAddress>& only) {
  StateForChange state;
  state.store = OpenStateOfDirectory(session, flags, true, diags);
  if (!state.store) return state;
  const auto on_wait = [&] {
    session.terminal().Out("Acquiring state lock. This may take a few moments...\n");
  };
  // The lock ends with the process, or with the store.
  if (flags.lock && !state.store->Lock(MakeLockRecord(session.command().name),
                                       flags.lock_timeout_seconds, on_wait, diags)) {
    return state;
  }
  state.snapshot = only.empty() ? state.store->Read(diags) : state.store->ReadPart(only, diags);
  return state;
}

bool ParseSerialArgument(const std::string& text, const state::Snapshot& current,
                         std::uint64_t* serial, Diagnostics& diags) {
  if (text == "current") {
    *serial = current.serial;
    return true;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *serial);
  if (!text.empty() && error == std::errc() && end == text.data() + text.size()) return true;
  diags.Add({.summary = "Invalid serial",
             .detail = "\"" + text +
                       "\" is no serial of the state: give a whole number, or \"current\". \"tkn "
                       "state history\" shows what there is."});
  return false;
}

bool ChangeState(Session& session, state::StateStore& store,
                 const state::StateStore::Change& change, Diagnostics& diags) {
  return store.BeginOperation({.command = std::string(session.command().name)}, diags) &&
         store.Commit(change, diags) && store.FinishOperation(diags);
}

}  // namespace tkn::cli
