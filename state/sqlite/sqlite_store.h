#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "state/sqlite/commit_queue.h"
#include "state/sqlite/connection.h"
#include "state/sqlite/file_lock.h"
#include "state/sqlite/row_writer.h"
#include "state/store.h"

namespace tkn::state {

// StateStore over one file. The connection is opened with the first need: for writing, that creates
// the file. Writes of several threads that come together share one transaction: whoever comes first
// carries out all that wait.
class SqliteStore final : public StateStore {
 public:
  SqliteStore(std::string path, OpenOptions options);
  ~SqliteStore() override;

  // Opens what is there. False after an error; having no file is none.
  [[nodiscard]] bool OpenIfPresent(Diagnostics& diags);
  // Closes the file and removes it with what lies beside it, the lock file excepted: the lock stays
  // held.
  [[nodiscard]] bool Discard(Diagnostics& diags);
  // The next need opens what then lies there.
  void Close();
  // Durable on return; "" where there is none.
  [[nodiscard]] bool SetNote(const std::string& name, const std::string& value, Diagnostics& diags);
  std::optional<std::string> Note(const std::string& name, Diagnostics& diags);

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
  bool IsAsRead() override;
  std::shared_ptr<const Snapshot> ReadPart(const std::vector<TargetAddress>& wanted,
                                           Diagnostics& diags) override;
  std::optional<std::vector<Address>> Addresses(Diagnostics& diags) override;
  std::vector<Intent> OpenIntents(Diagnostics& diags) override;

  [[nodiscard]] bool BeginOperation(const OperationInfo& info, Diagnostics& diags) override;
  [[nodiscard]] bool RecordIntent(Intent& intent, Diagnostics& diags) override;
  [[nodiscard]] bool Commit(const Change& change, Diagnostics& diags) override;
  [[nodiscard]] bool CommitOutputs(const std::vector<StoredOutput>& outputs,
                                   const StoredChecks& checks, Diagnostics& diags) override;
  [[nodiscard]] bool FinishOperation(Diagnostics& diags) override;
  [[nodiscard]] bool Replace(const Snapshot& snapshot, const OperationInfo& info,
                             Diagnostics& diags) override;

  std::optional<std::vector<HistoryEntry>> History(Diagnostics& diags) override;
  std::shared_ptr<const Snapshot> ReadAt(std::uint64_t serial, Diagnostics& diags) override;
  std::optional<std::int64_t> PruneHistory(std::int64_t keep, Diagnostics& diags) override;

 private:
  struct Pending;
  using Work = std::function<void()>;

  // Runs `work` in a durable transaction, after the fence; it may run twice, when the first
  // transaction was undone. `patience`: how long it may wait for other writes to go along with.
  [[nodiscard]] bool Write(Work work, Diagnostics& diags, std::chrono::nanoseconds patience = {});
  void RunBatch(std::span<Pending* const> batch);
  void Undo(OperationRow before, bool lock_row_before) noexcept;
  static void Fail(Pending& pending, std::exception_ptr error, const SqliteStore& store);
  bool EnsureOpen(bool create, Diagnostics& diags);
  void CheckFence();
  void AbandonRead() noexcept;
  std::shared_ptr<const Snapshot> ReadWith(const std::function<std::shared_ptr<Snapshot>()>& reader,
                                           Diagnostics& diags);
  bool ReadInTransaction(const std::function<void()>& read, Diagnostics& diags);
  [[nodiscard]] bool BeginLocked(const OperationInfo& info, Diagnostics& diags);

  const std::string path_;
  const OpenOptions options_;

  CommitQueue<Pending> queue_;

  std::mutex mutex_;  // guards all below
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<RowWriter> writer_;
  OperationRow operation_;
  std::optional<std::uint64_t> read_serial_;  // of the last Read()
  FileLock lock_;
  std::optional<LockInfo> lock_info_;  // while we hold it
  bool lock_row_written_ = false;
};

}  // namespace tkn::state
