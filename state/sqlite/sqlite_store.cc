#include "state/sqlite/sqlite_store.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <stdexcept>

#include "state/sqlite/history_reader.h"
#include "state/sqlite/open.h"
#include "state/sqlite/snapshot_reader.h"

namespace tkn::state {
namespace {

// Why a write may not take place, thrown inside a transaction.
struct Refused {
  Diagnostic diagnostic;
};

Refused LockLost(const std::string& why) {
  return {{.summary = "State lock lost",
           .detail = why + " Nothing more is written by this command, so that the other's work is "
                           "not overwritten. What it "
                           "finished before is saved; run it again when the other one is done."}};
}

Diagnostic BadRowFound(const BadRow& row, const std::string& path) {
  return {
      .summary = "Failed to load state",
      .detail = "The state in \"" + path + "\" could not be read: the " + row.what +
                " is not as tkn writes it. Somebody may have edited the file; restore a backup."};
}

}  // namespace

struct SqliteStore::Pending {
  Work work;
  Diagnostics* diags = nullptr;
  bool ok = false;
  CommitTurn turn{};
  std::exception_ptr bug{};  // goes back to the thread that asked
};

SqliteStore::SqliteStore(std::string path, OpenOptions options)
    : path_(std::move(path)), options_(std::move(options)), lock_(path_ + ".lock") {}

SqliteStore::~SqliteStore() {
  if (!lock_info_ || !lock_.IsExclusive()) return;
  try {
    Diagnostics ignored;  // nobody is left to be told, and the row alone keeps nobody out
    static_cast<void>(Unlock(ignored));
  } catch (const std::exception&) {
    // No memory. The lock itself goes with its file.
  }
}

bool SqliteStore::EnsureOpen(bool create, Diagnostics& diags) {
  if (connection_) return true;
  auto connection = Connection::Open(
      path_, {.read_only = options_.read_only, .create = create && !options_.read_only}, diags);
  if (!connection) return false;
  writer_ = std::make_unique<RowWriter>(*connection, options_, operation_);
  connection_ = std::move(connection);  // last: whoever sees one of the two may use both
  return true;
}

bool SqliteStore::OpenIfPresent(Diagnostics& diags) {
  const std::lock_guard guard(mutex_);
  Diagnostics more;
  const bool open = EnsureOpen(false, more);
  const bool failed = more.HasErrors();
  diags.Append(std::move(more));
  if (!open && !failed && options_.must_exist) {
    diags.Add(
        {.summary = "Failed to load state", .detail = "There is no state at \"" + path_ + "\"."});
    return false;
  }
  return !failed;
}

void SqliteStore::Close() {
  const std::lock_guard guard(mutex_);
  writer_.reset();
  connection_.reset();
  operation_ = {};
  read_serial_.reset();
  lock_row_written_ = false;
}

bool SqliteStore::Discard(Diagnostics& diags) {
  Close();
  return RemoveSqliteFiles(path_, diags);
}

bool SqliteStore::SetNote(const std::string& name, const std::string& value, Diagnostics& diags) {
  return Write(
      [this, &name, &value] {
        auto& set = connection_->Prepare("INSERT OR REPLACE INTO note (name, value) VALUES (?, ?)");
        set.bind(1, name);
        set.bind(2, value);
        set.exec();
      },
      diags);
}

std::optional<std::string> SqliteStore::Note(const std::string& name, Diagnostics& diags) {
  const std::lock_guard guard(mutex_);
  std::string value;
  const auto read = [&] {
    auto& row = connection_->Prepare("SELECT value FROM note WHERE name = ?");
    row.bind(1, name);
    if (row.executeStep()) value = row.getColumn(0).getString();
    row.tryReset();
  };
  if (!ReadInTransaction(read, diags)) return std::nullopt;
  return value;
}

// --- transactions

bool SqliteStore::Write(Work work, Diagnostics& diags, std::chrono::nanoseconds patience) {
  if (options_.read_only) throw std::logic_error("a state opened for reading is written to");
  Pending mine{.work = std::move(work), .diags = &diags};
  queue_.Submit(mine, patience, [this](std::span<Pending* const> batch) {
    try {
      const std::lock_guard guard(mutex_);
      RunBatch(batch);
    } catch (...) {
      // Undoing what failed failed too. Nobody may be left waiting for it.
      for (Pending* pending : batch) {
        pending->ok = false;
        pending->bug = std::current_exception();
      }
      const std::lock_guard guard(mutex_);
      writer_.reset();
      connection_.reset();
    }
  });
  if (mine.bug) std::rethrow_exception(mine.bug);
  return mine.ok;
}

void SqliteStore::RunBatch(std::span<Pending* const> batch) {
  OperationRow before = operation_;
  const bool lock_row_before = lock_row_written_;
  std::exception_ptr error;
  try {
    Diagnostics diags;
    if (!EnsureOpen(true, diags)) {
      for (Pending* pending : batch) pending->diags->Append(diags);
      return;
    }
    connection_->Begin();
    CheckFence();
    for (Pending* pending : batch) pending->work();
    connection_->Commit();
    for (Pending* pending : batch) pending->ok = true;
    return;
  } catch (...) {
    error = std::current_exception();
  }
  // Described before the rollback, which is another call with an outcome of its own.
  if (batch.size() == 1) Fail(*batch.front(), error, *this);
  Undo(std::move(before), lock_row_before);
  if (batch.size() == 1) return;
  // One of them spoiled it: each by itself, so that the others' results are kept.
  for (std::size_t i = 0; i < batch.size(); ++i) RunBatch(batch.subspan(i, 1));
}

// Allocates nothing: it may be for want of memory that it is called.
void SqliteStore::Undo(OperationRow before, bool lock_row_before) noexcept {
  operation_ = std::move(before);
  lock_row_written_ = lock_row_before;
  if (!connection_) return;
  writer_->Forget();
  if (connection_->Rollback()) return;
  writer_.reset();
  connection_.reset();
}

void SqliteStore::Fail(Pending& pending, std::exception_ptr error, const SqliteStore& store) {
  try {
    std::rethrow_exception(std::move(error));
  } catch (const SQLite::Exception& failure) {
    const int system = store.connection_ ? SystemErrno(store.connection_->database()) : 0;
    pending.diags->Add(DatabaseFailed(failure, system, store.path_, Doing::kWriting));
  } catch (const Refused& refused) {
    pending.diags->Add(refused.diagnostic);
  } catch (const BadRow& row) {
    pending.diags->Add(BadRowFound(row, store.path_));
  } catch (...) {
    pending.bug = std::current_exception();
  }
}

// Inside each transaction: do we still hold what we started under?
void SqliteStore::CheckFence() {
  if (lock_info_ && lock_.IsExclusive()) {
    if (!lock_.IsStillTheFile()) {
      throw LockLost("The lock of this command was removed, and another command may hold it now.");
    }
    if (!lock_row_written_) {
      auto& write =
          connection_->Prepare("INSERT OR REPLACE INTO lock_holder (id, lock_id) VALUES (1, ?)");
      write.bind(1, lock_info_->id);
      write.exec();
      lock_row_written_ = true;
    } else {
      auto& check = connection_->Prepare("SELECT 1 FROM lock_holder WHERE lock_id = ?");
      check.bind(1, lock_info_->id);
      const bool ours = check.executeStep();
      check.tryReset();
      if (!ours) throw LockLost("The lock of this command was given to another one.");
    }
  }
  if (!operation_.active) return;
  auto& check = connection_->Prepare("SELECT id, serial FROM workspace WHERE name = ?");
  check.bind(1, options_.workspace);
  const bool exists = check.executeStep();
  const std::int64_t id = exists ? check.getColumn(0).getInt64() : 0;
  const auto serial = exists ? static_cast<std::uint64_t>(check.getColumn(1).getInt64()) : 0;
  check.tryReset();
  if (serial != operation_.serial || (operation_.workspace != 0 && id != operation_.workspace)) {
    throw LockLost("The state was changed by another command while this one was at work (serial " +
                   std::to_string(serial) + " where " + std::to_string(operation_.serial) +
                   " was expected).");
  }
}

// --- reading

// A transaction that stayed open would be in the way of the next one.
void SqliteStore::AbandonRead() noexcept {
  if (connection_->Rollback()) return;
  writer_.reset();
  connection_.reset();
}

bool SqliteStore::ReadInTransaction(const std::function<void()>& read, Diagnostics& diags) {
  Diagnostics more;
  const bool open = EnsureOpen(false, more);
  const bool failed = more.HasErrors();
  diags.Append(std::move(more));
  if (!open) return !failed;
  struct Abandon {
    SqliteStore& store;
    bool wanted = true;
    ~Abandon() {
      if (wanted) store.AbandonRead();
    }
  } abandon{*this};
  try {
    connection_->Prepare("BEGIN").exec();
    read();
    connection_->Commit();
    abandon.wanted = false;
    return true;
  } catch (const SQLite::Exception& error) {
    diags.Add(DatabaseFailed(error, SystemErrno(connection_->database()), path_, Doing::kReading));
  } catch (const BadRow& row) {
    diags.Add(BadRowFound(row, path_));
  }
  return false;
}

std::shared_ptr<const Snapshot> SqliteStore::ReadWith(
    const std::function<std::shared_ptr<Snapshot>()>& reader, Diagnostics& diags) {
  const std::lock_guard guard(mutex_);
  auto snapshot = std::make_shared<Snapshot>();
  const auto read = [&] { snapshot = reader(); };
  if (!ReadInTransaction(read, diags)) return nullptr;
  read_serial_ = snapshot->serial;
  return snapshot;
}

std::shared_ptr<const Snapshot> SqliteStore::Read(Diagnostics& diags) {
  return ReadWith(
      [this] {
        connection_->NoteContent();
        return ReadSnapshot(*connection_, options_.workspace);
      },
      diags);
}

bool SqliteStore::IsAsRead() {
  const std::lock_guard guard(mutex_);
  try {
    return connection_ && connection_->HoldsWhatWasNoted();
  } catch (const SQLite::Exception&) {
    return false;  // reading tells what is wrong
  }
}

std::shared_ptr<const Snapshot> SqliteStore::ReadPart(const std::vector<TargetAddress>& wanted,
                                                      Diagnostics& diags) {
  return ReadWith([&] { return ReadSnapshotPart(*connection_, options_.workspace, wanted); },
                  diags);
}

std::optional<std::vector<Address>> SqliteStore::Addresses(Diagnostics& diags) {
  const std::lock_guard guard(mutex_);
  std::vector<Address> addresses;
  const auto read = [&] {
    const std::int64_t workspace = FindWorkspace(*connection_, options_.workspace);
    if (workspace != 0) addresses = ReadAddresses(*connection_, workspace);
  };
  if (!ReadInTransaction(read, diags)) return std::nullopt;
  return addresses;
}

std::vector<Intent> SqliteStore::OpenIntents(Diagnostics& diags) {
  const std::lock_guard guard(mutex_);
  std::vector<Intent> intents;
  static_cast<void>(ReadInTransaction(
      [&] {
        const std::int64_t workspace = FindWorkspace(*connection_, options_.workspace);
        if (workspace != 0) intents = ReadIntents(*connection_, workspace);
      },
      diags));
  return intents;
}

// --- an operation

bool SqliteStore::BeginLocked(const OperationInfo& info, Diagnostics& diags) {
  if (operation_.active) throw std::logic_error("an operation begins inside another one");
  OperationRow row{.active = true, .command = info.command, .started = std::time(nullptr)};
  const auto read = [&] {
    auto& state = connection_->Prepare("SELECT id, serial FROM workspace WHERE name = ?");
    state.bind(1, options_.workspace);
    if (state.executeStep()) {
      row.workspace = state.getColumn(0).getInt64();
      row.serial = static_cast<std::uint64_t>(state.getColumn(1).getInt64());
    }
    state.tryReset();
  };
  if (!ReadInTransaction(read, diags)) return false;
  if (read_serial_ && *read_serial_ != row.serial) {
    diags.Add(
        {.summary = "State lock lost",
         .detail = "The state was changed by another command after this one had read it (serial " +
                   std::to_string(row.serial) + " where " + std::to_string(*read_serial_) +
                   " was read). Nothing was written; run the command again."});
    return false;
  }
  operation_ = std::move(row);
  return true;
}

bool SqliteStore::BeginOperation(const OperationInfo& info, Diagnostics& diags) {
  if (options_.read_only) throw std::logic_error("a state opened for reading is written to");
  const std::lock_guard guard(mutex_);
  return BeginLocked(info, diags);
}

namespace {
void MustBeActive(const OperationRow& operation) {
  if (!operation.active) throw std::logic_error("a change of the state outside an operation");
}
}  // namespace

bool SqliteStore::RecordIntent(Intent& intent, Diagnostics& diags) {
  return Write(
      [this, &intent] {
        MustBeActive(operation_);
        if (intent.started_unix_seconds == 0) intent.started_unix_seconds = std::time(nullptr);
        intent.serial = operation_.id ? operation_.serial : operation_.serial + 1;
        intent.id = writer_->AddIntent(intent);
      },
      diags, intent.patience);
}

bool SqliteStore::Commit(const Change& change, Diagnostics& diags) {
  return Write(
      [this, &change] {
        MustBeActive(operation_);
        if (change.ends_intent) writer_->EndIntent(*change.ends_intent);
        for (const ObjectKey& key : change.remove) writer_->Remove(key);
        for (const StoredObject& object : change.put) {
          writer_->Put(object);
          writer_->MarkStored({object.address, object.deposed_key});
        }
      },
      diags, change.patience);
}

bool SqliteStore::CommitOutputs(const std::vector<StoredOutput>& outputs,
                                const StoredChecks& checks, Diagnostics& diags) {
  return Write(
      [this, &outputs, &checks] {
        MustBeActive(operation_);
        writer_->PutOutputs(outputs, checks);
      },
      diags);
}

bool SqliteStore::FinishOperation(Diagnostics& diags) {
  bool changed = false;
  {
    const std::lock_guard guard(mutex_);
    MustBeActive(operation_);
    changed = operation_.id.has_value();
  }
  // The rows of the history's end are pruned in the same transaction. What was changed is durable
  // already.
  const bool ok = !changed || Write([this] { writer_->Finish(); }, diags);
  const std::lock_guard guard(mutex_);
  if (read_serial_ || changed) read_serial_ = operation_.serial;
  operation_ = {};
  return ok;
}

bool SqliteStore::Replace(const Snapshot& snapshot, const OperationInfo& info, Diagnostics& diags) {
  {
    const std::lock_guard guard(mutex_);
    if (!BeginLocked(info, diags)) return false;
  }
  const bool ok = Write(
      [this, &snapshot] {
        writer_->Replace(snapshot);
        writer_->Finish();
      },
      diags);
  const std::lock_guard guard(mutex_);
  if (ok) read_serial_ = operation_.serial;
  operation_ = {};
  return ok;
}

// --- history

std::optional<std::vector<HistoryEntry>> SqliteStore::History(Diagnostics& diags) {
  const std::lock_guard guard(mutex_);
  std::vector<HistoryEntry> entries;
  const auto read = [&] { entries = ReadHistory(*connection_, options_.workspace); };
  if (!ReadInTransaction(read, diags)) return std::nullopt;
  return entries;
}

std::shared_ptr<const Snapshot> SqliteStore::ReadAt(std::uint64_t serial, Diagnostics& diags) {
  const std::lock_guard guard(mutex_);
  std::shared_ptr<Snapshot> snapshot;
  const auto read = [&] { snapshot = ReadSnapshotAt(*connection_, options_.workspace, serial); };
  if (!ReadInTransaction(read, diags)) return nullptr;
  if (!snapshot) {
    diags.Add({.summary = "No such serial",
               .detail = "The history of this state has no serial " + std::to_string(serial) +
                         ": the state never was at it, or it is no longer kept. \"tkn state "
                         "history\" shows what there is."});
  }
  return snapshot;
}

std::optional<std::int64_t> SqliteStore::PruneHistory(std::int64_t keep, Diagnostics& diags) {
  std::int64_t pruned = 0;
  const auto prune = [this, keep, &pruned] {
    const std::int64_t workspace = FindWorkspace(*connection_, options_.workspace);
    if (workspace != 0) pruned = writer_->Prune(workspace, keep);
  };
  if (!Write(prune, diags)) return std::nullopt;
  return pruned;
}

// --- workspaces

std::vector<std::string> SqliteStore::Workspaces() {
  std::vector<std::string> names{"default"};
  const std::lock_guard guard(mutex_);
  Diagnostics ignored;  // a file that can't be read was reported when it was opened
  static_cast<void>(ReadInTransaction(
      [&] {
        auto& rows = connection_->Prepare("SELECT name FROM workspace WHERE name <> 'default'");
        while (rows.executeStep()) names.push_back(rows.getColumn(0).getString());
        rows.tryReset();
      },
      ignored));
  std::sort(names.begin(), names.end());
  return names;
}

bool SqliteStore::CreateWorkspace(const std::string& name, Diagnostics& diags) {
  return Write(
      [this, &name] {
        if (name == "default" || FindWorkspace(*connection_, name) != 0) {
          throw Refused{{.summary = "Workspace already exists",
                         .detail = "There is a workspace \"" + name + "\" in this state already."}};
        }
        auto& insert = connection_->Prepare("INSERT INTO workspace (name) VALUES (?)");
        insert.bind(1, name);
        insert.exec();
      },
      diags);
}

bool SqliteStore::DeleteWorkspace(const std::string& name, Diagnostics& diags) {
  if (name == "default") {
    diags.Add({.summary = "Failed to delete workspace",
               .detail = "The workspace \"default\" always exists."});
    return false;
  }
  return Write(
      [this, &name] {
        const std::int64_t id = FindWorkspace(*connection_, name);
        if (id == 0) {
          throw Refused{{.summary = "Failed to delete workspace",
                         .detail = "There is no workspace \"" + name + "\" in this state."}};
        }
        auto& remove = connection_->Prepare("DELETE FROM workspace WHERE id = ?");
        remove.bind(1, id);
        remove.exec();
        writer_->Forget();
      },
      diags);
}

}  // namespace tkn::state
