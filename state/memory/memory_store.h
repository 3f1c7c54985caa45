#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "state/store.h"

namespace tkn::state {

// What lies "on disk" of memory stores: shared by those that are opened on it, as processes share a
// file.
struct MemoryFile;
std::shared_ptr<MemoryFile> NewMemoryFile();

// A StateStore for tests: keeps everything in memory, records what it was asked, and fails when
// told to. Any thread may call.
class MemoryStore final : public StateStore {
 public:
  explicit MemoryStore(std::shared_ptr<MemoryFile> file = NewMemoryFile(),
                       OpenOptions options = {});
  ~MemoryStore() override;

  // The nth write from now on (1: the next) fails, as on a full disk; 0: none.
  void FailWrite(int nth);
  // "begin apply", "intent create linode_token.a", "commit +linode_token.a -linode_token.b",
  // "outputs", "finish", ...
  std::vector<std::string> asked() const;

  std::vector<std::string> Workspaces() override;
  [[nodiscard]] bool CreateWorkspace(const std::string& name, Diagnostics& diags) override;
  [[nodiscard]] bool DeleteWorkspace(const std::string& name, Diagnostics& diags) override;
  const std::string& workspace() const override { return options_.workspace; }

  [[nodiscard]] bool Lock(const LockInfo& info, double timeout_seconds,
                          const std::function<void()>& on_wait, Diagnostics& diags) override;
  [[nodiscard]] bool Unlock(Diagnostics& diags) override;
  [[nodiscard]] bool ForceUnlock(const std::string& id, Diagnostics& diags) override;
  std::optional<LockInfo> CurrentLock() override;

  std::shared_ptr<const Snapshot> Read(Diagnostics& diags) override;
  std::vector<Intent> OpenIntents(Diagnostics& diags) override;

  [[nodiscard]] bool BeginOperation(const OperationInfo& info, Diagnostics& diags) override;
  [[nodiscard]] bool RecordIntent(Intent& intent, Diagnostics& diags) override;
  [[nodiscard]] bool Commit(const Change& change, Diagnostics& diags) override;
  [[nodiscard]] bool CommitOutputs(const std::vector<StoredOutput>& outputs,
                                   const StoredChecks& checks, Diagnostics& diags) override;
  [[nodiscard]] bool FinishOperation(Diagnostics& diags) override;
  [[nodiscard]] bool Replace(const Snapshot& snapshot, const OperationInfo& info,
                             Diagnostics& diags) override;

 private:
  struct Operation {
    bool active = false;
    bool changed = false;
    std::uint64_t serial = 0;
  };
  [[nodiscard]] bool MayWrite(Diagnostics& diags);
  [[nodiscard]] bool PassesFence(Diagnostics& diags);
  [[nodiscard]] bool Begin(const OperationInfo& info, Diagnostics& diags);
  void Touch();
  void Put(const StoredObject& object);
  void Remove(const ObjectKey& key);
  void PutOutputs(std::vector<StoredOutput> outputs, const StoredChecks& checks);

  const std::shared_ptr<MemoryFile> file_;
  const OpenOptions options_;
  // All below is guarded by the file's mutex.
  std::vector<std::string> asked_;
  int fail_in_ = 0;
  Operation operation_;
  std::optional<std::uint64_t> read_serial_;
  std::string lock_id_;
};

}  // namespace tkn::state
