#include "state/open.h"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <filesystem>

#include "state/sqlite/open.h"
#include "state/tfstate/takeover.h"
#include "state/tfstate/tfstate_store.h"

namespace tkn::state {
namespace {

constexpr const char* kDatabase = "tkn.db";
constexpr const char* kTfstate = "terraform.tfstate";

bool Exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

// Looks into a file only if its name leaves it open: a database that this process has open must not
// be opened and closed beside SQLite, whose locks would go.
bool IsTfstate(const std::string& path) {
  const std::string_view name = path;
  if (name.ends_with(".tfstate") || name.ends_with(".json")) return true;
  if (name.ends_with(".db") || name.ends_with(".sqlite")) return false;
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  std::string start(16, '\0');
  const ssize_t size = read(file, start.data(), start.size());
  close(file);
  start.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  const auto first = start.find_first_not_of(" \t\r\n");
  return first != std::string::npos && start[first] == '{';
}

OpenOptions WithEnvironment(OpenOptions options) {
  const char* depth = std::getenv("TKN_STATE_HISTORY");
  if (!depth) return options;
  const std::string_view text = depth;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && number >= 0)
    options.history_depth = number;
  return options;
}

// Two states of one configuration: the later one counts. Files that have nothing to do with each
// other don't compete.
std::optional<std::vector<StoredOutput>> ReadTfstateOutputs(const TfstateLocation& location,
                                                            const std::string& workspace,
                                                            Diagnostics& diags) {
  const auto store = OpenTfstateStore(location, {.workspace = workspace, .read_only = true}, diags);
  const auto snapshot = store ? store->Read(diags) : nullptr;
  if (!snapshot) return std::nullopt;
  const std::string path = location.PathOf(workspace);
  if (!Exists(path) && !Exists(TfstateSidecar(path))) return std::nullopt;
  return snapshot->outputs;
}

struct Identity {
  std::string lineage;
  std::uint64_t serial = 0;
};

std::optional<Identity> IdentityOf(const std::unique_ptr<StateStore>& store, Diagnostics& diags) {
  const auto snapshot = store ? store->Read(diags) : nullptr;
  if (!snapshot) return std::nullopt;
  return Identity{snapshot->lineage, snapshot->serial};
}

}  // namespace

std::unique_ptr<StateStore> OpenState(const StateLocation& location, const OpenOptions& given,
                                      Diagnostics& diags) {
  const OpenOptions options = WithEnvironment(given);
  if (!location.path.empty()) {
    if (!IsTfstate(location.path)) return OpenSqlite(location.path, options, diags);
    return OpenTfstateStore({location.path, location.workspace_dir}, options, diags);
  }
  const TfstateLocation tfstate{kTfstate, location.workspace_dir};
  if (Exists(kDatabase) || (!Exists(kTfstate) && !Exists(tfstate.workspace_dir))) {
    return OpenSqlite(kDatabase, options, diags);
  }
  return OpenForTakeover(tfstate, kDatabase, options, diags);
}

std::optional<std::string> DatabasePath(const StateLocation& location) {
  if (!location.path.empty()) {
    if (IsTfstate(location.path)) return std::nullopt;
    return location.path;
  }
  const bool has_tfstate = Exists(kTfstate) || Exists(location.workspace_dir);
  if (!Exists(kDatabase) && has_tfstate) return std::nullopt;
  return kDatabase;
}

std::optional<std::vector<StoredOutput>> ReadOutputs(const std::string& path,
                                                     const std::string& workspace,
                                                     const std::string& workspace_dir,
                                                     Diagnostics& diags) {
  if (!IsTfstate(path)) return ReadSqliteOutputs(path, workspace, diags);
  const TfstateLocation tfstate{path, workspace_dir};
  const std::filesystem::path file(path);
  const std::string database = (file.parent_path() / kDatabase).string();
  if (file.filename() != kTfstate || !Exists(database))
    return ReadTfstateOutputs(tfstate, workspace, diags);
  const std::string workspace_file = tfstate.PathOf(workspace);
  if (!Exists(workspace_file)) return ReadSqliteOutputs(database, workspace, diags);
  const OpenOptions reading{.workspace = workspace, .read_only = true};
  const auto ours = IdentityOf(OpenSqlite(database, reading, diags), diags);
  const auto theirs = IdentityOf(OpenTfstateStore(tfstate, reading, diags), diags);
  if (!ours || !theirs) return std::nullopt;
  const bool file_is_newer = ours->lineage != theirs->lineage || theirs->serial > ours->serial;
  return file_is_newer ? ReadTfstateOutputs(tfstate, workspace, diags)
                       : ReadSqliteOutputs(database, workspace, diags);
}

}  // namespace tkn::state
