#include "state/tfstate/takeover.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <stdexcept>

#include "state/sqlite/open.h"
#include "state/sqlite/sqlite_store.h"

namespace tkn::state {
namespace {

// The state before, as Terraform keeps it beside the file. None when it is of another history or
// can't be read: it is a spare part, and stays where it is.
std::shared_ptr<const Snapshot> ReadBackup(const std::string& path, const Snapshot& present) {
  Diagnostics ignored;
  const auto file = ReadTfstateFile(path, ignored);
  if (!file || file->text.empty()) return nullptr;
  const bool earlier =
      file->snapshot->lineage == present.lineage && file->snapshot->serial < present.serial;
  return earlier ? file->snapshot : nullptr;
}

// What the file holds, as the serial that it has; its backup is the serial before.
bool FillWorkspace(StateStore& store, const std::string& file_path, const TfstateFile& file,
                   Diagnostics& diags) {
  const std::string backup_path = file_path + ".backup";
  const auto backup = ReadBackup(backup_path, *file.snapshot);
  if (backup && !store.Replace(*backup, {.command = "taken over from " + backup_path}, diags))
    return false;
  return store.Replace(*file.snapshot, {.command = "taken over from " + file_path}, diags);
}

bool Fill(const TfstateLocation& location, const std::string& path, const OpenOptions& options,
          Diagnostics& diags) {
  for (const std::string& workspace : TfstateWorkspaces(location)) {
    const auto file = ReadTfstateFile(location.PathOf(workspace), diags);
    if (!file) return false;
    OpenOptions with_workspace = options;
    with_workspace.workspace = workspace;
    with_workspace.must_exist = false;
    // What Terraform wrote stays Terraform's until the first change.
    if (!file->text.empty()) with_workspace.terraform_version = file->snapshot->terraform_version;
    const auto store = OpenSqlite(path, with_workspace, diags);
    if (!store) return false;
    const bool ok = file->text.empty()
                        ? workspace == "default" || store->CreateWorkspace(workspace, diags)
                        : FillWorkspace(*store, location.PathOf(workspace), *file, diags);
    if (!ok) return false;
  }
  return true;
}

// link() and not rename(): a database that appeared meanwhile is not overwritten.
bool Publish(const std::string& from, const std::string& to, Diagnostics& diags) {
  int error = link(from.c_str(), to.c_str()) == 0 ? 0 : errno;
  // File systems without hard links.
  if (error != 0 && error != EEXIST && access(to.c_str(), F_OK) != 0) {
    error = rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
  }
  if (error == 0) {
    const auto parent = std::filesystem::path(to).parent_path();
    const int directory =
        open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0 || fsync(directory) != 0) error = errno;
    if (directory >= 0) close(directory);
  }
  if (error == 0) return true;
  diags.Add({.summary = "Failed to save state",
             .detail = "The state could not be taken over into \"" + to +
                       "\": " + std::strerror(error) + "."});
  return false;
}

class TakeoverStore final : public StateStore {
 public:
  TakeoverStore(TfstateLocation location, const std::string& path, OpenOptions options)
      : location_(std::move(location)),
        path_(path),
        options_(std::move(options)),
        inner_(path, options_) {}

  std::vector<std::string> Workspaces() override {
    return IsTaken() ? inner_.Workspaces() : TfstateWorkspaces(location_);
  }
  bool CreateWorkspace(const std::string& name, Diagnostics& diags) override {
    return Take(diags) && inner_.CreateWorkspace(name, diags);
  }
  bool DeleteWorkspace(const std::string& name, Diagnostics& diags) override {
    return Take(diags) && inner_.DeleteWorkspace(name, diags);
  }
  const std::string& workspace() const override { return options_.workspace; }

  bool Lock(const LockInfo& info, double timeout_seconds, const std::function<void()>& on_wait,
            Diagnostics& diags) override {
    return inner_.Lock(info, timeout_seconds, on_wait, diags);
  }
  bool Unlock(Diagnostics& diags) override { return inner_.Unlock(diags); }
  bool ForceUnlock(const std::string& id, Diagnostics& diags) override {
    return inner_.ForceUnlock(id, diags);
  }
  std::optional<LockInfo> CurrentLock() override { return inner_.CurrentLock(); }

  std::shared_ptr<const Snapshot> Read(Diagnostics& diags) override {
    if (IsTaken()) return inner_.Read(diags);
    const auto file = ReadTfstateFile(location_.PathOf(options_.workspace), diags);
    if (!file) return nullptr;
    const std::lock_guard guard(mutex_);
    read_text_ = file->text;
    return file->snapshot;
  }
  bool IsAsRead() override { return IsTaken() && inner_.IsAsRead(); }
  std::vector<Intent> OpenIntents(Diagnostics& diags) override {
    return IsTaken() ? inner_.OpenIntents(diags) : std::vector<Intent>{};
  }

  bool BeginOperation(const OperationInfo& info, Diagnostics& diags) override {
    return Take(diags) && inner_.BeginOperation(info, diags);
  }
  bool RecordIntent(Intent& intent, Diagnostics& diags) override {
    return inner_.RecordIntent(intent, diags);
  }
  bool Commit(const Change& change, Diagnostics& diags) override {
    return inner_.Commit(change, diags);
  }
  bool CommitOutputs(const std::vector<StoredOutput>& outputs, const StoredChecks& checks,
                     Diagnostics& diags) override {
    return inner_.CommitOutputs(outputs, checks, diags);
  }
  bool FinishOperation(Diagnostics& diags) override { return inner_.FinishOperation(diags); }
  bool Replace(const Snapshot& snapshot, const OperationInfo& info, Diagnostics& diags) override {
    return Take(diags) && inner_.Replace(snapshot, info, diags);
  }

  std::optional<std::vector<HistoryEntry>> History(Diagnostics& diags) override {
    return IsTaken() ? inner_.History(diags) : StateStore::History(diags);
  }
  std::shared_ptr<const Snapshot> ReadAt(std::uint64_t serial, Diagnostics& diags) override {
    return IsTaken() ? inner_.ReadAt(serial, diags) : StateStore::ReadAt(serial, diags);
  }
  std::optional<std::int64_t> PruneHistory(std::int64_t keep, Diagnostics& diags) override {
    return IsTaken() ? inner_.PruneHistory(keep, diags) : StateStore::PruneHistory(keep, diags);
  }

 private:
  bool IsTaken() const {
    std::error_code error;
    return std::filesystem::exists(path_, error);
  }

  bool Take(Diagnostics& diags) {
    if (options_.read_only) throw std::logic_error("a state opened for reading is written to");
    const std::lock_guard guard(mutex_);
    if (IsTaken()) return inner_.OpenIfPresent(diags);
    if (read_text_) {
      const auto file = ReadTfstateFile(location_.PathOf(options_.workspace), diags);
      if (!file) return false;
      if (file->text != *read_text_) {
        diags.Add(
            {.summary = "State lock lost",
             .detail =
                 "The state file \"" + location_.PathOf(options_.workspace) +
                 "\" was changed by another program after this command had read it. Nothing was "
                 "written; run the command again."});
        return false;
      }
    }
    return TakeOver(location_, path_, options_, diags) && inner_.OpenIfPresent(diags);
  }

  const TfstateLocation location_;
  const std::string path_;
  const OpenOptions options_;
  SqliteStore inner_;
  std::mutex mutex_;  // guards what was read, and the taking over
  std::optional<std::string> read_text_;
};

}  // namespace

bool TakeOver(const TfstateLocation& location, const std::string& path, const OpenOptions& options,
              Diagnostics& diags) {
  const std::string temporary = path + ".new";
  if (!RemoveSqliteFiles(temporary, diags)) return false;
  const bool ok = Fill(location, temporary, options, diags) && Publish(temporary, path, diags);
  if (!RemoveSqliteFiles(temporary, diags) || !ok) return false;
  diags.Add(
      {.severity = Severity::kWarning,
       .summary = "State taken over",
       .detail =
           "The state in \"" + location.path + "\" was taken over into \"" + path +
           "\", which tkn uses from now on. The file itself was left as it is and is no longer "
           "read or written; to go back to Terraform, write it anew with \"tkn state pull\"."});
  return true;
}

std::unique_ptr<StateStore> OpenForTakeover(const TfstateLocation& location,
                                            const std::string& path, const OpenOptions& options,
                                            Diagnostics& diags) {
  // A file that can't be read is found out now and not in the middle of an operation.
  if (!ReadTfstateFile(location.PathOf(options.workspace), diags)) return nullptr;
  return std::make_unique<TakeoverStore>(location, path, options);
}

}  // namespace tkn::state
