#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

namespace tkn::state {

// What a thread in a CommitQueue waits for.
class CommitTurn {
 public:
  enum class What : std::uint32_t { kNothing, kLead, kDone };

  What Wait() {
    what_.wait(What::kNothing, std::memory_order_acquire);
    return what_.load(std::memory_order_acquire);
  }
  // The thread may go on before this returns, and its turn be gone: nothing of it is read any more.
  void Tell(What what) {
    what_.store(what, std::memory_order_release);
    what_.notify_one();
  }

 private:
  std::atomic<What> what_{What::kNothing};
};

// Threads that each want something written meet here, so that one commit serves all who came while
// the one before was under way. Entry: what a thread brings, with a `CommitTurn turn`.
template <typename Entry>
class CommitQueue {
 public:
  // Returns once `entry` was in a batch, in order of arrival, that `run` was called for: by one of
  // the threads in it, one batch at a time. `run` is the same for all and must not throw. Throws
  // std::bad_alloc when there is no room to wait in; then nothing has happened.
  template <typename Run>
  void Submit(Entry& entry, const Run& run) {
    if (!Enter(entry) && entry.turn.Wait() == CommitTurn::What::kDone) return;
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
  // Whether nobody leads, so that the one who comes does.
  bool Enter(Entry& entry) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(&entry);
    return !std::exchange(somebody_leads_, true);
  }
  Entry* Next() {
    const std::lock_guard lock(mutex_);
    somebody_leads_ = !waiting_.empty();
    return somebody_leads_ ? waiting_.front() : nullptr;
  }

  std::mutex mutex_;
  std::vector<Entry*> waiting_;  // guarded by mutex_, as what follows
  bool somebody_leads_ = false;
};

}  // namespace tkn::state
