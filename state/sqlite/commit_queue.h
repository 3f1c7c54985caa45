#pragma once

#include <algorithm>
#include <chrono>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "state/sqlite/commit_turn.h"

namespace tkn::state {

// Threads that each want something written meet here, so that one commit serves all who came while
// the one before was under way. Entry: what a thread brings, with a `CommitTurn turn`.
template <typename Entry>
class CommitQueue {
 public:
  // Returns once `entry` was in a batch, in order of arrival, that `run` was called for: by one of
  // the threads in it, one batch at a time. `run` is the same for all and must not throw. For up to
  // `patience` the entry waits for others to be written with, when it would begin a batch. Throws
  // std::bad_alloc when there is no room to wait in; then nothing has happened.
  template <typename Run>
  void Submit(Entry& entry, std::chrono::nanoseconds patience, const Run& run) {
    if (!Enter(entry, patience.count() == 0)) {
      CommitTurn::What what = entry.turn.Wait(patience);
      if (what == CommitTurn::What::kNothing) {
        what = Hurry(entry) ? CommitTurn::What::kLead : entry.turn.Wait({});
      }
      if (what == CommitTurn::What::kDone) return;
    }
    std::vector<Entry*> batch;
    {
      const std::lock_guard lock(mutex_);
      batch.swap(waiting_);
    }
    run(std::span<Entry* const>(batch));
    // The next batch goes first, so that it is under way while this one's threads wake up.
    if (Entry* const next = Next(); next != nullptr) next->turn.Tell(CommitTurn::What::kLead);
    for (Entry* const other : batch) {
      if (other != &entry) other->turn.Tell(CommitTurn::What::kDone);
    }
  }

 private:
  // Whether the one who comes leads: nobody does, and it is in a hurry.
  bool Enter(Entry& entry, bool is_urgent) {
    const std::lock_guard lock(mutex_);
    entry.turn.is_urgent = is_urgent;
    waiting_.push_back(&entry);
    return is_urgent && !std::exchange(somebody_leads_, true);
  }
  // Its patience is over. Whether it leads; otherwise it is being written, or comes next.
  bool Hurry(Entry& entry) {
    const std::lock_guard lock(mutex_);
    entry.turn.is_urgent = true;
    const bool is_taken = std::find(waiting_.begin(), waiting_.end(), &entry) == waiting_.end();
    return !is_taken && !std::exchange(somebody_leads_, true);
  }
  // Who leads next: the first in a hurry.
  Entry* Next() {
    const std::lock_guard lock(mutex_);
    const auto next = std::find_if(waiting_.begin(), waiting_.end(),
                                   [](const Entry* entry) { return entry->turn.is_urgent; });
    somebody_leads_ = next != waiting_.end();
    return somebody_leads_ ? *next : nullptr;
  }

  std::mutex mutex_;
  std::vector<Entry*> waiting_;  // guarded by mutex_, as what follows and every turn's is_urgent
  bool somebody_leads_ = false;
};

}  // namespace tkn::state
