#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

#include "parser/diagnostic.h"

namespace tkn::state {

// An operating system's lock on a file that exists for nothing else, with a readable record in it.
// It belongs to the open file (F_OFD_SETLK), so it dies with the process, is not lost when some
// other descriptor of the file is closed, and holds between threads; O_CLOEXEC keeps provisioners
// from inheriting it. One writer or many readers. Not for sharing.
class FileLock {
 public:
  explicit FileLock(std::string path) : path_(std::move(path)) {}
  ~FileLock() { Release(); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  enum class Mode { kShared, kExclusive };
  enum class Outcome { kAcquired, kHeldByOther, kFailed };
  // Does not wait. A reader who may not create the file, and finds none, needs no lock: there is no
  // writer. `error` says why it failed.
  Outcome TryAcquire(Mode mode, std::string* error);
  [[nodiscard]] bool WriteRecord(const std::string& text, std::string* error);
  // Removes the file where nobody else holds it. True when it was not held, too.
  void Release();

  bool IsHeld() const { return held_; }
  bool IsExclusive() const { return held_ && exclusive_; }
  // False once somebody removed or replaced the file (force-unlock): then others may hold "the"
  // lock, too.
  bool IsStillTheFile() const;
  const std::string& path() const { return path_; }

  // What lies in the file, "" if there is none.
  static std::string ReadRecord(const std::string& path);
  // Whether some process (this one included, if through another object) holds it.
  static bool IsHeldBySomebody(const std::string& path);
  // Takes the name away from whoever holds the lock.
  [[nodiscard]] static bool Break(const std::string& path, std::string* error);

 private:
  std::string path_;
  int file_ = -1;
  bool held_ = false;  // with file_ == -1: a reader without a file
  bool exclusive_ = false;
};

// Repeats `try_acquire`, which asks for the lock at `path` once, for up to `timeout_seconds`, and
// calls `on_wait` once before it waits. False with "Error acquiring the state lock", which says who
// holds it.
[[nodiscard]] bool WaitForFileLock(
    const std::string& path, const std::function<FileLock::Outcome(std::string*)>& try_acquire,
    double timeout_seconds, const std::function<void()>& on_wait, Diagnostics& diags);

}  // namespace tkn::state
