#include "state/sqlite/open.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "state/sqlite/connection.h"
#include "state/sqlite/snapshot_reader.h"
#include "state/sqlite/sqlite_store.h"

namespace tkn::state {

std::unique_ptr<StateStore> OpenSqlite(const std::string& path, const OpenOptions& options,
                                       Diagnostics& diags) {
  auto store = std::make_unique<SqliteStore>(path, options);
  if (!store->OpenIfPresent(diags)) return nullptr;
  return store;
}

std::optional<std::vector<StoredOutput>> ReadSqliteOutputs(const std::string& path,
                                                           const std::string& workspace,
                                                           Diagnostics& diags) {
  const auto connection = Connection::Open(path, {.read_only = true}, diags);
  if (!connection) return std::nullopt;
  try {
    auto& row = connection->Prepare("SELECT id FROM workspace WHERE name = ? AND serial > 0");
    row.bind(1, workspace);
    const std::int64_t id = row.executeStep() ? row.getColumn(0).getInt64() : 0;
    row.tryReset();
    if (id == 0) return std::nullopt;
    return ReadOutputRows(*connection, id);
  } catch (const SQLite::Exception& error) {
    diags.Add(DatabaseFailed(error, SystemErrno(connection->database()), path, Doing::kReading));
    return std::nullopt;
  }
}

bool RemoveSqliteFiles(const std::string& path, Diagnostics& diags) {
  // The database first: a -wal file without one is nothing, a database without its -wal file has
  // lost something.
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    const std::string name = path + suffix;
    if (unlink(name.c_str()) == 0 || errno == ENOENT) continue;
    diags.Add({.summary = "Failed to save state",
               .detail = "\"" + name + "\" can't be removed: " + std::strerror(errno) + "."});
    return false;
  }
  return true;
}

}  // namespace tkn::state
