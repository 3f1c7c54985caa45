#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace tkn::state {

// What a thread in a CommitQueue waits for. std::atomic's own wait() gives the processor away
// several times before it sleeps; a commit takes longer than that, and others need the processor.
class CommitTurn {
 public:
  enum class What : std::uint32_t { kNothing, kLead, kDone };

  // What it was told; kNothing after `at_most`, unless that is 0: then it waits however long it
  // takes.
  What Wait(std::chrono::nanoseconds at_most);
  // The thread may go on before this returns, and its turn be gone: nothing of it is read any more.
  void Tell(What what);

  bool is_urgent = true;  // belongs to the queue

 private:
  std::atomic<std::uint32_t> what_{0};
};

}  // namespace tkn::state
