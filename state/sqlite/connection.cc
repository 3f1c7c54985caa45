#include "state/sqlite/connection.h"

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "state/sqlite/files.h"
#include "state/sqlite/schema.h"

namespace tkn::state {
namespace {

constexpr int kBusyMilliseconds = 5000;
// Of the file's header: https://www.sqlite.org/fileformat2.html#the_database_header
constexpr std::size_t kWriteVersion = 18, kReadVersion = 19;
constexpr unsigned char kWal = 2;

void CloseToOthers(const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat info {};
    const std::string name = path + suffix;
    if (stat(name.c_str(), &info) != 0 || (info.st_mode & (S_IRWXG | S_IRWXO)) == 0) continue;
    // Somebody else's file that we may write: its owner decides who else reads it.
    if (chmod(name.c_str(), kOwnerOnly) != 0 && errno != EPERM) {
      throw SQLite::Exception("chmod", SQLITE_PERM);
    }
  }
}

bool MayWrite(const std::string& path) {
  return faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

std::string ImmutableUri(const std::string& path) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      const auto byte = static_cast<unsigned char>(c);
      uri += '%';
      uri += kHex[byte >> 4U];
      uri += kHex[byte & 15U];
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

std::int64_t Pragma(SQLite::Database& database, const std::string& name) {
  return database.execAndGet("PRAGMA " + name).getInt64();
}

}  // namespace

std::span<const std::string_view> Migrations() {
  static const std::array<std::string_view, 1> kMigrations = {kSchemaSql};
  return kMigrations;
}

Connection::Connection(std::unique_ptr<SQLite::Database> database)
    : database_(std::move(database)) {}

Connection::~Connection() { statements_.clear(); }

// For reading only: as a quiet writer where that is possible, since only such a connection clears
// away -wal and -shm when it is the last one; else as a reader; else, where the directory can't
// take a -shm file and nothing waits in a -wal file, as a file that nobody changes.
std::unique_ptr<SQLite::Database> Connection::OpenDatabase(const std::string& path,
                                                           const Options& options) {
  if (!options.read_only) {
    CloseToOthers(path);
    return std::make_unique<SQLite::Database>(path, SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX,
                                              kBusyMilliseconds);
  }
  const bool writable = MayWrite(path) && MayWrite(DirectoryOf(path));
  struct stat wal {};
  const bool has_wal = stat((path + "-wal").c_str(), &wal) == 0 && wal.st_size > 0;
  if (writable) {
    return std::make_unique<SQLite::Database>(path, SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX,
                                              kBusyMilliseconds);
  }
  if (has_wal) {
    return std::make_unique<SQLite::Database>(path, SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX,
                                              kBusyMilliseconds);
  }
  return std::make_unique<SQLite::Database>(
      ImmutableUri(path), SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX | SQLite::OPEN_URI,
      kBusyMilliseconds);
}

void Connection::Configure(bool read_only) {
  int on = 0;
  sqlite3_db_config(database_->getHandle(), SQLITE_DBCONFIG_DEFENSIVE, 1, &on);
  database_->exec("PRAGMA trusted_schema=OFF");
  database_->exec("PRAGMA temp_store=MEMORY");  // no rows in files whose mode isn't ours to choose
  database_->exec("PRAGMA cache_size=-16384");
  if (read_only) database_->exec("PRAGMA query_only=ON");
}

// Whether the file is ours to use; an empty one is.
bool Connection::Check(const std::string& path, const Options& options, bool* is_new,
                       Diagnostics& diags) {
  const std::int64_t application = Pragma(*database_, "application_id");
  const std::int64_t version = Pragma(*database_, "user_version");
  const auto newest = static_cast<std::int64_t>(options.migrations.size());
  const bool empty = database_->execAndGet("SELECT count(*) FROM sqlite_schema").getInt64() == 0;
  *is_new = empty && application == 0 && version == 0;
  if (*is_new) return true;
  if (application != kApplicationId || version < 1) {
    diags.Add({.summary = "Unsupported state file format",
               .detail = "\"" + path +
                         "\" is an SQLite database, but not one that tkn made. Nothing was changed "
                         "in it. If another "
                         "program owns it, keep the state elsewhere with -state=FILE."});
    return false;
  }
  if (version > newest) {
    diags.Add({.summary = "Unsupported state file format",
               .detail = "\"" + path + "\" was written by a newer tkn: its format is version " +
                         std::to_string(version) + ", and this program knows versions up to " +
                         std::to_string(newest) +
                         ". Nothing was changed in it. Use the newer tkn."});
    return false;
  }
  return true;
}

void Connection::Migrate(const Options& options) {
  for (std::size_t step = 0; step < options.migrations.size(); ++step) {
    Begin();
    // Another process may have been quicker.
    const bool wanted = Pragma(*database_, "user_version") == static_cast<std::int64_t>(step);
    if (wanted) {
      database_->exec(std::string(options.migrations[step]));
      database_->exec("PRAGMA application_id=" + std::to_string(kApplicationId));
      database_->exec("PRAGMA user_version=" + std::to_string(step + 1));
    }
    Commit();
  }
}

// Made in memory, so that it needs neither a journal nor a wait for each of its parts. SQLite gives
// -wal and -shm the mode of the database, so this one file decides.
void Connection::Create(const std::string& path, const Options& options) {
  Connection made(std::make_unique<SQLite::Database>(":memory:", SQLite::OPEN_READWRITE));
  made.Migrate(options);
  sqlite3_int64 size = 0;
  const std::unique_ptr<unsigned char, decltype(&sqlite3_free)> image(
      sqlite3_serialize(made.database().getHandle(), "main", &size, 0), &sqlite3_free);
  if (image == nullptr) throw SQLite::Exception("serialize", SQLITE_NOMEM);
  image.get()[kWriteVersion] = image.get()[kReadVersion] = kWal;
  CreateFileAtOnce(path, {image.get(), static_cast<std::size_t>(size)});
}

std::unique_ptr<Connection> Connection::Open(const std::string& path, const Options& options,
                                             Diagnostics& diags) {
  const Doing doing = options.create ? Doing::kWriting : Doing::kReading;
  std::unique_ptr<Connection> connection;
  try {
    struct stat info {};
    const bool exists = stat(path.c_str(), &info) == 0;
    if (!exists && errno != ENOENT && errno != ENOTDIR) {
      throw SQLite::Exception(std::strerror(errno), SQLITE_CANTOPEN);
    }
    // Empty: left by a writer that died before its first transaction.
    if (!options.create && (!exists || info.st_size == 0)) return nullptr;
    if (!exists) Create(path, options);
    connection.reset(new Connection(OpenDatabase(path, options)));
    connection->Configure(options.read_only);
    bool is_new = false;
    if (!connection->Check(path, options, &is_new, diags)) return nullptr;
    if (is_new && options.read_only) return nullptr;
    if (options.read_only) {
      if (static_cast<std::size_t>(Pragma(connection->database(), "user_version")) <
          options.migrations.size()) {
        // An older file that must not be changed is read through a copy that is brought up to date.
        auto copy = std::make_unique<SQLite::Database>(":memory:", SQLite::OPEN_READWRITE);
        SQLite::Backup(*copy, connection->database()).executeStep();
        connection.reset(new Connection(std::move(copy)));
        connection->Configure(false);
        connection->Migrate(options);
        connection->Configure(true);
      }
      return connection;
    }
    connection->database().exec("PRAGMA journal_mode=WAL");
    connection->database().exec("PRAGMA synchronous=FULL");
    connection->database().exec("PRAGMA foreign_keys=ON");
    connection->Migrate(options);
    return connection;
  } catch (const SQLite::Exception& error) {
    const int system = connection ? SystemErrno(connection->database()) : errno;
    diags.Add(DatabaseFailed(error, system, path, doing));
    return nullptr;
  }
}

SQLite::Statement& Connection::Prepare(const char* sql) {
  auto& statement = statements_[sql];
  if (!statement) {
    try {
      statement = std::make_unique<SQLite::Statement>(*database_, sql);
    } catch (...) {
      statements_.erase(sql);
      throw;
    }
  }
  statement->tryReset();  // an error of its last run was reported then
  statement->clearBindings();
  return *statement;
}

std::int64_t Connection::LastRowId() const { return database_->getLastInsertRowid(); }
int Connection::Changes() const { return database_->getChanges(); }

void Connection::Begin() { Prepare("BEGIN IMMEDIATE").exec(); }
Connection::Content Connection::CurrentContent() {
  SQLite::Statement& version = Prepare("PRAGMA data_version");
  version.executeStep();
  const Content content{version.getColumn(0).getInt64(),
                        sqlite3_total_changes(database_->getHandle())};
  version.tryReset();
  return content;
}

void Connection::NoteContent() { noted_ = CurrentContent(); }

bool Connection::HoldsWhatWasNoted() { return noted_ && *noted_ == CurrentContent(); }

void Connection::Commit() { Prepare("COMMIT").exec(); }

bool Connection::Rollback() noexcept {
  for (auto& [sql, statement] : statements_) statement->tryReset();
  if (sqlite3_get_autocommit(database_->getHandle()) != 0) return true;  // SQLite did it itself
  return database_->tryExec("ROLLBACK") == SQLITE_OK;
}

}  // namespace tkn::state
