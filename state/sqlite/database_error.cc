#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <cerrno>
#include <cstring>

#include "state/sqlite/connection.h"

namespace tkn::state {
namespace {

bool IsFull(int code, int system_errno) {
  if (code == SQLITE_FULL) return true;
  if (code != SQLITE_IOERR && code != SQLITE_CANTOPEN) return false;
  return system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EFBIG;
}

std::string Cause(const SQLite::Exception& error, int system_errno, Doing doing) {
  const int code = error.getErrorCode() & 0xff;
  if (IsFull(code, system_errno)) {
    return "there is no room left on the disk (or a quota or a limit on file sizes is reached). "
           "Make room and run the "
           "command again";
  }
  switch (code) {
    case SQLITE_CORRUPT:
      return "the file is damaged. Keep a copy of it, then restore a backup, or save what is left "
             "of it with "
             "\"sqlite3 FILE .recover\"";
    case SQLITE_NOTADB:
      return "the file is not a tkn state: it is no SQLite database. Perhaps another file has been "
             "put in its place; "
             "restore the right one, or name the right one with -state=FILE";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another program is writing to the file and did not finish within 5 seconds";
    case SQLITE_READONLY:
      return "the file, or the directory it lies in, can't be written";
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return "its permissions don't allow it, and they could not be changed";
    case SQLITE_CANTOPEN:
      if (doing == Doing::kReading) {
        return "the file can't be opened. Its permissions must let you read it, and the -wal file "
               "beside it, which holds "
               "the last changes, can only be read where its directory can be written or a -shm "
               "file lies there";
      }
      return "the file can't be opened or created. Its directory must exist and be writable: "
             "SQLite keeps two more files "
             "beside it";
    case SQLITE_NOMEM:
      return "there is not enough memory";
    case SQLITE_TOOBIG:
      return "a value is larger than the file format can hold (1 GB)";
    case SQLITE_IOERR:
      return "the file system reported an error";
    case SQLITE_SCHEMA:
    case SQLITE_ERROR:
      return "its tables are not as tkn made them. Restore a backup";
    default:
      return "SQLite reported an error";
  }
}

}  // namespace

int SystemErrno(const SQLite::Database& database) {
  const int last = errno;
  const int reported = sqlite3_system_errno(database.getHandle());
  if (reported != 0) return reported;
  // A failed write leaves its reason nowhere else.
  return last == EFBIG || last == EDQUOT || last == ENOSPC ? last : 0;
}

Diagnostic DatabaseFailed(const SQLite::Exception& error, int system_errno, const std::string& path,
                          Doing doing) {
  std::string detail =
      doing == Doing::kReading ? "The state in \"" : "The state could not be written to \"";
  detail += path;
  detail += doing == Doing::kReading ? "\" could not be read: " : "\": ";
  detail += Cause(error, system_errno, doing);
  const int code =
      error.getExtendedErrorCode() > 0 ? error.getExtendedErrorCode() : error.getErrorCode();
  detail += ". (SQLite: " + std::string(sqlite3_errstr(code)) + ", code " + std::to_string(code);
  const bool system_matters = (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;
  if (system_matters && system_errno != 0)
    detail += std::string("; ") + std::strerror(system_errno);
  detail += ".)";
  if (doing == Doing::kWriting) detail += " What was saved before is untouched.";
  return {.summary = doing == Doing::kReading ? "Failed to load state" : "Failed to save state",
          .detail = std::move(detail)};
}

}  // namespace tkn::state
