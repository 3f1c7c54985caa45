#include "state/sqlite/file_lock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>

#include "state/lock_info.h"
#include "state/sqlite/files.h"

namespace tkn::state {
namespace {

constexpr std::size_t kMaxRecord = 64 * 1024;

bool SetLock(int file, short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return fcntl(file, F_OFD_SETLK, &lock) == 0;
}

bool SameFile(int file, const std::string& path) {
  struct stat mine {};
  struct stat named {};
  return fstat(file, &mine) == 0 && stat(path.c_str(), &named) == 0 &&
         mine.st_dev == named.st_dev && mine.st_ino == named.st_ino;
}

}  // namespace

FileLock::Outcome FileLock::TryAcquire(Mode mode, std::string* error) {
  const bool exclusive = mode == Mode::kExclusive;
  // The holder removes the file when it lets go; whoever opened it before that locked a file
  // without a name.
  for (int attempt = 0; attempt < 100; ++attempt) {
    int file = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly);
    if (file < 0 && errno == ENOENT && exclusive) {
      std::error_code ignored;  // the second open says what is wrong
      std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), ignored);
      file = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly);
    }
    if (file < 0 && !exclusive) file = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0 && !exclusive && (errno == ENOENT || errno == ENOTDIR)) {
      held_ = true;
      exclusive_ = false;
      return Outcome::kAcquired;
    }
    if (file < 0) {
      *error = std::strerror(errno);
      return Outcome::kFailed;
    }
    struct stat info {};
    if (fstat(file, &info) == 0 && (info.st_mode & 0777) != kOwnerOnly &&
        info.st_uid == geteuid()) {
      static_cast<void>(
          fchmod(file, kOwnerOnly));  // the umask may have taken our own right to read it
    }
    if (!SetLock(file, exclusive ? F_WRLCK : F_RDLCK)) {
      const int reason = errno;
      close(file);
      if (reason == EAGAIN || reason == EACCES) return Outcome::kHeldByOther;
      *error = std::strerror(reason);
      return Outcome::kFailed;
    }
    if (SameFile(file, path_)) {
      file_ = file;
      held_ = true;
      exclusive_ = exclusive;
      return Outcome::kAcquired;
    }
    close(file);
  }
  return Outcome::kHeldByOther;
}

bool FileLock::WriteRecord(const std::string& text, std::string* error) {
  if (file_ < 0) return true;
  const bool ok = ftruncate(file_, 0) == 0 &&
                  pwrite(file_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
  if (!ok) *error = std::strerror(errno);
  // A reader that may not write the file holds it without a record.
  return ok || !exclusive_;
}

void FileLock::Release() {
  if (file_ >= 0) {
    // Other readers keep the file.
    const bool alone = exclusive_ || SetLock(file_, F_WRLCK);
    if (alone && SameFile(file_, path_)) unlink(path_.c_str());
    close(file_);
  }
  file_ = -1;
  held_ = false;
}

bool FileLock::IsStillTheFile() const { return file_ < 0 || SameFile(file_, path_); }

std::string FileLock::ReadRecord(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return "";
  std::string text(kMaxRecord, '\0');
  const ssize_t size = pread(file, text.data(), text.size(), 0);
  close(file);
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
}

bool FileLock::IsHeldBySomebody(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const bool held = fcntl(file, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  close(file);
  return held;
}

bool FileLock::Break(const std::string& path, std::string* error) {
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return true;
  *error = std::strerror(errno);
  return false;
}

bool WaitForFileLock(const std::string& path,
                     const std::function<FileLock::Outcome(std::string*)>& try_acquire,
                     double timeout_seconds, const std::function<void()>& on_wait,
                     Diagnostics& diags) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::duration<double>(timeout_seconds);
  std::chrono::duration<double> pause{0.02};
  for (bool waited = false;; waited = true) {
    std::string error;
    const FileLock::Outcome outcome = try_acquire(&error);
    if (outcome == FileLock::Outcome::kAcquired) return true;
    if (outcome == FileLock::Outcome::kFailed) {
      diags.Add(
          LockRefused("the lock file \"" + path + "\" can't be used: " + error, std::nullopt));
      return false;
    }
    if (Clock::now() >= deadline) {
      diags.Add(LockRefused("resource temporarily unavailable",
                            LockInfoFromJson(FileLock::ReadRecord(path))));
      return false;
    }
    if (!waited && on_wait) on_wait();
    std::this_thread::sleep_for(
        std::min<std::chrono::duration<double>>(pause, deadline - Clock::now()));
    pause = std::min(pause * 1.5, std::chrono::duration<double>(0.5));
  }
}

}  // namespace tkn::state
