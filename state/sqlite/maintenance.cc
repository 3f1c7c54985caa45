#include "state/sqlite/maintenance.h"

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <map>

#include "state/lock_info.h"
#include "state/sqlite/connection.h"
#include "state/sqlite/files.h"
#include "state/sqlite/open.h"
#include "state/sqlite/snapshot_reader.h"

namespace tkn::state {
namespace {

constexpr int kMostProblems = 20;

std::nullopt_t NoState(const std::string& path, Diagnostics& diags) {
  diags.Add(
      {.summary = "Failed to load state", .detail = "There is no state at \"" + path + "\" yet."});
  return std::nullopt;
}

std::vector<std::string> WorkspaceNames(Connection& connection) {
  std::vector<std::string> names;
  auto& rows = connection.Prepare("SELECT name FROM workspace ORDER BY name");
  while (rows.executeStep()) names.push_back(rows.getColumn(0).getString());
  rows.tryReset();
  return names;
}

void FindDamagedPages(Connection& connection, std::vector<std::string>& problems) {
  SQLite::Statement pages(connection.database(),
                          "PRAGMA integrity_check(" + std::to_string(kMostProblems) + ")");
  while (pages.executeStep()) {
    const std::string line = pages.getColumn(0).getString();
    if (line != "ok") problems.push_back("integrity_check: " + line);
  }
  SQLite::Statement references(connection.database(), "PRAGMA foreign_key_check");
  for (int i = 0; i < kMostProblems && references.executeStep(); ++i) {
    problems.push_back("A row of \"" + references.getColumn(0).getString() +
                       "\" refers to one of \"" + references.getColumn(2).getString() +
                       "\" that does not exist.");
  }
}

Diagnostic CopyFailed(const std::string& what, int error) {
  return {.summary = "Failed to save state", .detail = what + ": " + std::strerror(error) + "."};
}

// A copy that is one file: without a journal beside it.
bool CopyTo(SQLite::Database& from, const std::string& to, Diagnostics& diags) {
  const int file = open(to.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly);
  if (file < 0) {
    diags.Add(CopyFailed("\"" + to + "\" can't be made", errno));
    return false;
  }
  const bool private_file = fchmod(file, kOwnerOnly) == 0;
  close(file);
  if (!private_file) {
    diags.Add(CopyFailed("\"" + to + "\" can't be closed to others", errno));
    return false;
  }
  try {
    SQLite::Database copy(to, SQLite::OPEN_READWRITE);
    copy.exec("PRAGMA synchronous=FULL");
    SQLite::Backup(copy, from).executeStep();
    copy.exec("PRAGMA journal_mode=DELETE");
    return true;
  } catch (const SQLite::Exception& error) {
    diags.Add(DatabaseFailed(error, errno, to, Doing::kWriting));
    return false;
  }
}

struct WorkspaceSerial {
  std::string lineage;
  std::int64_t serial = 0;
};

std::map<std::string, WorkspaceSerial> SerialsOf(Connection& connection) {
  std::map<std::string, WorkspaceSerial> serials;
  auto& rows = connection.Prepare("SELECT name, lineage, serial FROM workspace");
  while (rows.executeStep()) {
    serials.emplace(rows.getColumn(0).getString(),
                    WorkspaceSerial{rows.getColumn(1).getString(), rows.getColumn(2).getInt64()});
  }
  rows.tryReset();
  return serials;
}

// One operation in each workspace, whose serial is above both what the copy and what the present
// file has.
void TakeNextSerials(Connection& copy, const std::map<std::string, WorkspaceSerial>& present,
                     const RestoreOptions& options) {
  copy.Begin();
  for (const auto& [name, restored] : SerialsOf(copy)) {
    const auto found = present.find(name);
    const std::int64_t newest =
        found == present.end() ? restored.serial : std::max(restored.serial, found->second.serial);
    if (newest == 0) continue;
    auto& insert = copy.Prepare(
        "INSERT INTO operation (workspace, serial, command, who, version, started, finished,"
        " before_serial, before_lineage, before_terraform_version, before_checks)"
        " SELECT id, ?, ?, ?, ?, ?6, ?6, serial, lineage, terraform_version, checks"
        " FROM workspace WHERE name = ?5");
    const std::int64_t now = std::time(nullptr);
    insert.bind(1, newest + 1);
    insert.bind(2, options.operation.command);
    insert.bind(3, UserAtHost());
    insert.bind(4, options.open.program_version);
    insert.bind(5, name);
    insert.bind(6, now);
    insert.exec();
    auto& update = copy.Prepare("UPDATE workspace SET serial = ? WHERE name = ?");
    update.bind(1, newest + 1);
    update.bind(2, name);
    update.exec();
  }
  copy.Prepare("DELETE FROM lock_holder").exec();
  copy.Commit();
}

// The present file, if it can be used: what is damaged is no destination.
std::unique_ptr<Connection> OpenSound(const std::string& path, std::string& why) {
  Diagnostics unused;
  auto connection = Connection::Open(path, {}, unused);
  if (!connection) {
    if (unused.HasErrors()) why = unused[0].detail;
    return nullptr;
  }
  try {
    std::vector<std::string> problems;
    FindDamagedPages(*connection, problems);
    if (problems.empty()) return connection;
    why = problems[0];
  } catch (const SQLite::Exception& error) {
    why = error.what();
  }
  return nullptr;
}

bool SetAside(const std::string& path, const std::string& why, Diagnostics& diags) {
  const std::string aside = path + ".damaged-" + std::to_string(std::time(nullptr));
  for (const char* suffix : {"", "-wal", "-shm"}) {
    if (rename((path + suffix).c_str(), (aside + suffix).c_str()) != 0 && errno != ENOENT) {
      diags.Add(CopyFailed("\"" + path + suffix + "\" can't be set aside", errno));
      return false;
    }
  }
  diags.Add({.severity = Severity::kWarning,
             .summary = "A damaged state was set aside",
             .detail = "The file that was there could not be used (" + why + "). It is kept as \"" +
                       aside + "\"."});
  return true;
}

}  // namespace

std::optional<std::vector<std::string>> FindDamage(const std::string& path, Diagnostics& diags) {
  Diagnostics more;
  const auto connection = Connection::Open(path, {.read_only = true}, more);
  const bool failed = more.HasErrors();
  diags.Append(std::move(more));
  if (failed) return std::nullopt;
  if (!connection) return NoState(path, diags);
  std::vector<std::string> problems;
  try {
    FindDamagedPages(*connection, problems);
    for (const std::string& workspace : WorkspaceNames(*connection)) {
      try {
        static_cast<void>(ReadSnapshot(*connection, workspace));
        static_cast<void>(ReadIntents(*connection, FindWorkspace(*connection, workspace)));
      } catch (const BadRow& row) {
        problems.push_back("Workspace \"" + workspace + "\": the " + row.what +
                           " is not as tkn writes it.");
      }
    }
  } catch (const SQLite::Exception& error) {
    problems.emplace_back(error.what());
  }
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat info {};
    const std::string name = path + suffix;
    if (stat(name.c_str(), &info) == 0 && (info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
      problems.push_back("\"" + name +
                         "\" can be used by others than its owner, and holds secrets: chmod 600.");
    }
  }
  return problems;
}

bool BackupDatabase(const std::string& path, const std::string& to, Diagnostics& diags) {
  Diagnostics more;
  const auto connection = Connection::Open(path, {.read_only = true}, more);
  const bool failed = more.HasErrors();
  diags.Append(std::move(more));
  if (failed) return false;
  if (!connection) {
    NoState(path, diags);
    return false;
  }
  const std::string temporary = to + ".new" + std::to_string(getpid());
  Diagnostics copying;
  bool ok = CopyTo(connection->database(), temporary, copying);
  // link() and not rename(): what is there stays.
  if (ok && link(temporary.c_str(), to.c_str()) != 0) {
    copying.Add(CopyFailed("\"" + to + "\" can't be made", errno));
    ok = false;
  }
  diags.Append(std::move(copying));
  if (!RemoveSqliteFiles(temporary, diags)) return false;
  if (const int error = ok ? SyncDirectoryOf(to) : 0; error != 0) {
    diags.Add(CopyFailed("\"" + to + "\" may not be durable", error));
    return false;
  }
  return ok;
}

bool RestoreDatabase(const std::string& from, const std::string& path,
                     const RestoreOptions& options, Diagnostics& diags) {
  Diagnostics checking;
  const auto problems = FindDamage(from, checking);
  if (!problems || std::ranges::any_of(*problems, [](const std::string& problem) {
        return problem.starts_with("integrity_check") || problem.starts_with("A row of") ||
               problem.starts_with("Workspace");
      })) {
    const std::string why = problems ? (*problems)[0] : checking[0].detail;
    diags.Add({.summary = "Failed to restore state",
               .detail = "\"" + from + "\" is no backup that can be used. " + why +
                         " Nothing was changed."});
    return false;
  }
  const std::string temporary = path + ".restore" + std::to_string(getpid());
  if (!RemoveSqliteFiles(temporary, diags)) return false;
  bool ok = false;
  {
    const auto source = Connection::Open(from, {.read_only = true}, diags);
    ok = source && CopyTo(source->database(), temporary, diags);
  }
  std::string why;
  auto present = ok ? OpenSound(path, why) : nullptr;
  try {
    if (ok) {
      const auto copy = Connection::Open(temporary, {}, diags);  // brings it up to date
      ok = copy != nullptr;
      if (ok) {
        TakeNextSerials(*copy,
                        present ? SerialsOf(*present) : std::map<std::string, WorkspaceSerial>{},
                        options);
        if (present) {
          // One transaction of the file in use: others read what was, then what is.
          SQLite::Backup(present->database(), copy->database()).executeStep();
        } else {
          copy->database().exec("PRAGMA journal_mode=DELETE");
        }
      }
    }
  } catch (const SQLite::Exception& error) {
    diags.Add(DatabaseFailed(error, errno, path, Doing::kWriting));
    ok = false;
  }
  if (ok && !present) {
    ok = why.empty() || SetAside(path, why, diags);
    if (ok && rename(temporary.c_str(), path.c_str()) != 0) {
      diags.Add(CopyFailed("\"" + path + "\" can't be made", errno));
      ok = false;
    }
    if (const int error = ok ? SyncDirectoryOf(path) : 0; error != 0) {
      diags.Add(CopyFailed("\"" + path + "\" may not be durable", error));
      ok = false;
    }
  }
  present.reset();
  return RemoveSqliteFiles(temporary, diags) && ok;
}

}  // namespace tkn::state
