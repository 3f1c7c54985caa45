#pragma once

#include <cstdint>
#include <string>

// A file system for SQLite that fails when it is told to, and that forgets what was not synced, as
// a machine does that loses power. For tests; single-threaded. Syncs cost no time: nothing reaches
// the real disk. Names of files are not lost: the store and SQLite sync directories themselves.
namespace tkn::state {

enum class Fault : std::uint8_t {
  kReadError,   // a read fails; only reads are counted
  kIoError,     // the call fails, and nothing was done
  kFull,        // no room left
  kShortWrite,  // half of it was written, then the call fails
  kReadOnly,    // the file system was remounted read-only
  kPowerLoss,   // nothing happens from here on: see LosePower()
};

// Stands for the file system while it lives: connections opened meanwhile use it.
class FaultVfs {
 public:
  // `loses_power`: LosePower() will be called, for which all that is written is kept.
  explicit FaultVfs(bool loses_power = false);
  ~FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;
  // The nth call from now on that writes, syncs, truncates, creates or removes (or, as the fault
  // has it, reads) fails; 0: none. `lasting`: all that follow fail too. No connection may be open.
  void FailAt(int nth, Fault fault, bool lasting);
  // Such calls since FailAt().
  int calls() const;
  // Makes the files what a disk holds after a loss of power: what was synced, and of the rest any
  // part (chosen by `seed`), down to single sectors. All connections must be closed.
  void LosePower(unsigned seed);
};

}  // namespace tkn::state
