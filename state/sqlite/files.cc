#include "state/sqlite/files.h"

#include <SQLiteCpp/Exception.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace tkn::state {
namespace {

// Beside the file that it is to become; removed unless it got there. errno survives that.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& path)
      : name_(path + ".XXXXXX"), file_(mkostemp(name_.data(), O_CLOEXEC)) {
    if (file_ < 0) throw SQLite::Exception("mkstemp", SQLITE_CANTOPEN);
  }
  ~TemporaryFile() {
    const int error = errno;
    close(file_);
    if (!placed_) unlink(name_.c_str());
    errno = error;
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void Write(std::span<const unsigned char> content) {
    // The umask may have taken our own right to read it.
    if (fchmod(file_, kOwnerOnly) != 0) throw SQLite::Exception("chmod", SQLITE_PERM);
    while (!content.empty()) {
      const ssize_t written = write(file_, content.data(), content.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) throw SQLite::Exception("write", SQLITE_IOERR_WRITE);
      content = content.subspan(static_cast<std::size_t>(written));
    }
    if (fdatasync(file_) != 0) throw SQLite::Exception("fdatasync", SQLITE_IOERR_FSYNC);
  }

  // Not over another file, as far as the file system can promise that.
  void MoveTo(const std::string& path) {
    int moved = renameat2(AT_FDCWD, name_.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE);
    if (moved != 0 && (errno == EINVAL || errno == ENOSYS))
      moved = rename(name_.c_str(), path.c_str());
    if (moved != 0 && errno == EEXIST) return;  // somebody was quicker
    if (moved != 0) throw SQLite::Exception("rename", SQLITE_CANTOPEN);
    placed_ = true;
  }

 private:
  std::string name_;
  int file_;
  bool placed_ = false;
};

}  // namespace

std::string DirectoryOf(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  return parent.empty() ? "." : parent.string();
}

int SyncDirectoryOf(const std::string& path) {
  const int directory = open(DirectoryOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return errno;
  const int error = fsync(directory) == 0 ? 0 : errno;
  close(directory);
  return error;
}

void CreateFileAtOnce(const std::string& path, std::span<const unsigned char> content) {
  std::error_code ignored;  // making the file says what is wrong
  std::filesystem::create_directories(DirectoryOf(path), ignored);
  TemporaryFile file(path);
  file.Write(content);
  file.MoveTo(path);
  const int error = SyncDirectoryOf(path);
  if (error == 0 || error == EACCES) return;  // what may be written, but not read, can't be synced
  errno = error;
  throw SQLite::Exception("fsync", SQLITE_IOERR_DIR_FSYNC);
}

}  // namespace tkn::state
