#include "state/tfstate/tfstate_store.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <stdexcept>

#include "engine/crypto/crypto.h"
#include "state/sqlite/sqlite_store.h"
#include "state/tfstate/tfstate.h"

namespace tkn::state {
namespace {

constexpr const char* kBase = "tfstate digest";
constexpr const char* kExported = "exported tfstate digest";

std::string Digest(std::string_view text) { return crypto::ToHex(crypto::Digest("SHA256", text)); }

OpenOptions ForSidecar(OpenOptions options) {
  options.workspace = "default";  // a file per workspace, as the tfstate files are
  options.must_exist = false;
  return options;
}

class TfstateStore final : public StateStore {
 public:
  TfstateStore(TfstateLocation location, OpenOptions options)
      : location_(std::move(location)),
        options_(std::move(options)),
        path_(location_.PathOf(options_.workspace)),
        inner_(TfstateSidecar(path_), ForSidecar(options_)) {}

  // --- workspaces are directories
  std::vector<std::string> Workspaces() override { return TfstateWorkspaces(location_); }

  bool CreateWorkspace(const std::string& name, Diagnostics& diags) override {
    const std::vector<std::string> present = Workspaces();
    if (std::binary_search(present.begin(), present.end(), name)) {
      diags.Add({.summary = "Workspace already exists",
                 .detail = "There is a workspace \"" + name + "\" in this state already."});
      return false;
    }
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(location_.workspace_dir) / name,
                                        error);
    if (!error) return true;
    diags.Add({.summary = "Failed to save state",
               .detail = "The directory of workspace \"" + name +
                         "\" could not be made: " + error.message() + "."});
    return false;
  }

  bool DeleteWorkspace(const std::string& name, Diagnostics& diags) override {
    const std::vector<std::string> present = Workspaces();
    const bool exists = std::binary_search(present.begin(), present.end(), name);
    if (name == "default" || !exists) {
      diags.Add({.summary = "Failed to delete workspace",
                 .detail = exists ? "The workspace \"default\" always exists."
                                  : "There is no workspace \"" + name + "\" in this state."});
      return false;
    }
    std::error_code error;
    std::filesystem::remove_all(std::filesystem::path(location_.workspace_dir) / name, error);
    if (!error) return true;
    diags.Add({.summary = "Failed to delete workspace", .detail = error.message() + "."});
    return false;
  }

  const std::string& workspace() const override { return options_.workspace; }

  // --- the lock is the database's, whether that exists or not
  bool Lock(const LockInfo& info, double timeout_seconds, const std::function<void()>& on_wait,
            Diagnostics& diags) override {
    // Whoever had the lock may have removed the database that was open here.
    inner_.Close();
    return inner_.Lock(info, timeout_seconds, on_wait, diags);
  }
  bool Unlock(Diagnostics& diags) override { return inner_.Unlock(diags); }
  bool ForceUnlock(const std::string& id, Diagnostics& diags) override {
    return inner_.ForceUnlock(id, diags);
  }
  std::optional<LockInfo> CurrentLock() override { return inner_.CurrentLock(); }

  std::shared_ptr<const Snapshot> Read(Diagnostics& diags) override {
    const std::lock_guard guard(mutex_);
    const auto file = ReadTfstateFile(path_, diags);
    if (!file) return nullptr;
    const auto live = IsSidecarLive(file->text, diags);
    if (!live) return nullptr;
    if (*live) return inner_.Read(diags);
    read_text_ = file->text;
    return file->snapshot;
  }

  std::vector<Intent> OpenIntents(Diagnostics& diags) override {
    const std::lock_guard guard(mutex_);
    const auto file = ReadTfstateFile(path_, diags);
    if (!file) return {};
    const auto live = IsSidecarLive(file->text, diags);
    return live && *live ? inner_.OpenIntents(diags) : std::vector<Intent>{};
  }

  // --- an operation
  bool BeginOperation(const OperationInfo& info, Diagnostics& diags) override {
    const std::lock_guard guard(mutex_);
    return Seed(diags) && inner_.BeginOperation(info, diags);
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
  bool FinishOperation(Diagnostics& diags) override {
    const std::lock_guard guard(mutex_);
    return inner_.FinishOperation(diags) && Export(diags);
  }
  bool Replace(const Snapshot& snapshot, const OperationInfo& info, Diagnostics& diags) override {
    const std::lock_guard guard(mutex_);
    return Seed(diags) && inner_.Replace(snapshot, info, diags) && Export(diags);
  }

 private:
  // Whether the database beside the file holds the state; nullopt if that can't be decided.
  std::optional<bool> IsSidecarLive(const std::string& text, Diagnostics& diags) {
    if (access(TfstateSidecar(path_).c_str(), F_OK) != 0) inner_.Close();
    Diagnostics more;
    const auto base = inner_.Note(kBase, more);
    const auto exported = inner_.Note(kExported, more);
    const bool failed = more.HasErrors();
    diags.Append(std::move(more));
    if (failed || !base || !exported) return std::nullopt;
    if (base->empty()) return false;  // none, or one that was left while it was being filled
    const std::string digest = Digest(text);
    if (digest == *base || digest == *exported) return true;
    diags.Add({.summary = "Failed to load state",
               .detail = "A command that changed \"" + path_ +
                         "\" was killed, and what it did is in \"" + TfstateSidecar(path_) +
                         "\"; since then another program has changed the state file. Decide which "
                         "of the two is "
                         "right: put the file's .backup back in its place to go on with the "
                         "former, or remove the "
                         "former to go on with the file as it is."});
    return std::nullopt;
  }

  // Makes the database the truth. What is missing in it yet, in case of a kill: its note.
  bool Seed(Diagnostics& diags) {
    if (options_.read_only) throw std::logic_error("a state opened for reading is written to");
    const auto file = ReadTfstateFile(path_, diags);
    if (!file) return false;
    const auto live = IsSidecarLive(file->text, diags);
    if (!live) return false;
    if (*live) return true;
    if (read_text_ && *read_text_ != file->text) {
      diags.Add({.summary = "State lock lost",
                 .detail = "The state file \"" + path_ +
                           "\" was changed by another program after this command had read it. "
                           "Nothing was written; "
                           "run the command again."});
      return false;
    }
    if (!inner_.Discard(diags)) return false;
    const bool filled =
        file->text.empty() ||
        inner_.Replace(*file->snapshot, {.command = "taken over from " + path_}, diags);
    return filled && inner_.SetNote(kBase, Digest(file->text), diags);
  }

  bool Export(Diagnostics& diags) {
    const auto snapshot = inner_.Read(diags);
    if (!snapshot) return false;
    Diagnostics more;
    const bool intents = !inner_.OpenIntents(more).empty();
    const bool failed = more.HasErrors();
    diags.Append(std::move(more));
    if (failed) return false;
    const bool ever_written = snapshot->serial > 0;
    const std::string text = ever_written ? WriteTfstate(*snapshot) : std::string();
    if (ever_written) {
      const auto file = ReadTfstateFile(path_, diags);
      if (!file) return false;
      // Not written anew for nothing: the same state may be laid out otherwise.
      const bool same = file->snapshot->serial == snapshot->serial &&
                        file->snapshot->lineage == snapshot->lineage;
      const bool written = same || (inner_.SetNote(kExported, Digest(text), diags) &&
                                    WriteTfstateFile(path_, text, diags));
      if (!written) return false;
    }
    read_text_.reset();
    // Open intents have no place in a tfstate file.
    return intents || inner_.Discard(diags);
  }

  const TfstateLocation location_;
  const OpenOptions options_;
  const std::string path_;
  SqliteStore inner_;
  std::mutex mutex_;  // guards the road between file and database
  std::optional<std::string> read_text_;
};

}  // namespace

std::string TfstateSidecar(const std::string& tfstate_path) { return tfstate_path + ".tkn.db"; }

std::unique_ptr<StateStore> OpenTfstateStore(const TfstateLocation& location,
                                             const OpenOptions& options, Diagnostics& diags) {
  auto store = std::make_unique<TfstateStore>(location, options);
  const std::string path = location.PathOf(options.workspace);
  const bool exists =
      access(path.c_str(), F_OK) == 0 || access(TfstateSidecar(path).c_str(), F_OK) == 0;
  if (!exists && options.must_exist) {
    diags.Add(
        {.summary = "Failed to load state", .detail = "There is no state at \"" + path + "\"."});
    return nullptr;
  }
  if (exists && !store->Read(diags)) return nullptr;
  return store;
}

}  // namespace tkn::state
