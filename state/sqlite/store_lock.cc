#include <SQLiteCpp/SQLiteCpp.h>
#include <unistd.h>

#include <stdexcept>

#include "state/lock_info.h"
#include "state/sqlite/sqlite_store.h"

namespace tkn::state {

bool SqliteStore::Lock(const LockInfo& info, double timeout_seconds,
                       const std::function<void()>& on_wait, Diagnostics& diags) {
  {
    const std::lock_guard guard(mutex_);
    if (lock_.IsHeld()) throw std::logic_error("a state is locked twice");
  }
  const auto mode = options_.read_only ? FileLock::Mode::kShared : FileLock::Mode::kExclusive;
  const auto try_acquire = [this, mode](std::string* error) {
    const std::lock_guard guard(mutex_);
    return lock_.TryAcquire(mode, error);
  };
  if (!WaitForFileLock(lock_.path(), try_acquire, timeout_seconds, on_wait, diags)) return false;

  struct LetGo {
    SqliteStore& store;
    bool wanted = true;  // whatever fails or throws from here on
    ~LetGo() {
      if (!wanted) return;
      const std::lock_guard guard(store.mutex_);
      store.lock_.Release();
      store.lock_info_.reset();
    }
  } let_go{*this};
  bool has_file = false;
  {
    const std::lock_guard guard(mutex_);
    lock_info_ = info;
    lock_info_->path = path_;
    lock_row_written_ = false;
    std::string error;
    if (!lock_.WriteRecord(LockInfoToJson(*lock_info_), &error)) {
      diags.Add(LockRefused("the lock file \"" + lock_.path() + "\" can't be written: " + error,
                            std::nullopt));
      return false;
    }
    if (lock_.IsExclusive()) {
      Diagnostics more;
      has_file = EnsureOpen(false, more);
      const bool failed = more.HasErrors();
      diags.Append(std::move(more));
      if (failed) return false;
    }
  }
  // The fence of an empty transaction writes the row that later ones look for. Where there is no
  // file yet, the first transaction writes it.
  if (has_file && !Write([] {}, diags)) return false;
  let_go.wanted = false;
  return true;
}

bool SqliteStore::Unlock(Diagnostics& diags) {
  const std::lock_guard guard(mutex_);
  if (!lock_.IsHeld()) throw std::logic_error("a state is unlocked that was not locked");
  const LockInfo info = *lock_info_;
  bool ok = true;
  if (connection_ && lock_row_written_) {
    try {
      auto& remove = connection_->Prepare("DELETE FROM lock_holder WHERE lock_id = ?");
      remove.bind(1, info.id);
      remove.exec();
    } catch (const SQLite::Exception& error) {
      Diagnostic cause =
          DatabaseFailed(error, SystemErrno(connection_->database()), path_, Doing::kWriting);
      diags.Add({.summary = "Error releasing the state lock",
                 .detail = cause.detail + " The lock itself (ID " + info.id +
                           ") is let go: nobody has to remove it."});
      ok = false;
    }
  }
  if (!lock_.IsStillTheFile()) {
    diags.Add({.summary = "Error releasing the state lock",
               .detail = "The lock (ID " + info.id +
                         ") was removed by somebody else while it was held."});
    ok = false;
  }
  lock_.Release();
  lock_info_.reset();
  lock_row_written_ = false;
  return ok;
}

bool SqliteStore::ForceUnlock(const std::string& id, Diagnostics& diags) {
  const auto refuse = [&diags](const std::string& why) {
    diags.Add({.summary = "Failed to unlock state", .detail = why});
    return false;
  };
  const auto holder = CurrentLock();
  if (!holder)
    return refuse("The state is not locked. A lock goes away by itself with its process.");
  if (holder->id != id) {
    return refuse("The lock ID \"" + id + "\" does not match the existing lock, \"" + holder->id +
                  "\".");
  }
  {
    const std::lock_guard guard(mutex_);
    if (lock_info_ && lock_info_->id == id) return refuse("This very command holds the lock.");
  }
  // First the row: from here on the holder's commits are refused. Then the name: others can lock.
  bool has_file = false;
  {
    const std::lock_guard guard(mutex_);
    Diagnostics more;
    has_file = EnsureOpen(false, more);
    const bool failed = more.HasErrors();
    diags.Append(std::move(more));
    if (failed) return false;
  }
  const bool fenced = !has_file || Write(
                                       [this, &id] {
                                         auto& remove = connection_->Prepare(
                                             "DELETE FROM lock_holder WHERE lock_id = ?");
                                         remove.bind(1, id);
                                         remove.exec();
                                       },
                                       diags);
  if (!fenced) return false;
  std::string error;
  if (!FileLock::Break(lock_.path(), &error)) {
    return refuse("The lock file \"" + lock_.path() + "\" can't be removed: " + error + ".");
  }
  return true;
}

std::optional<LockInfo> SqliteStore::CurrentLock() {
  const std::lock_guard guard(mutex_);
  if (lock_info_) return lock_info_;
  if (!FileLock::IsHeldBySomebody(lock_.path())) return std::nullopt;
  const auto info = LockInfoFromJson(FileLock::ReadRecord(lock_.path()));
  return info ? info : LockInfo{};
}

}  // namespace tkn::state
