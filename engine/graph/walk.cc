#include "engine/graph/walk.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "engine/graph/crew.h"
#include "engine/graph/thread_state.h"

namespace tkn::graph {
namespace {

// A queue this long per working thread is worth waking another thread for; shorter ones are left to
// the threads at work, and to the watcher when those are stuck in a call.
constexpr std::size_t kQueuePerThread = 8;
constexpr auto kStuckAfter = std::chrono::microseconds(500);
// So often in a row before threads are added while some of those at work compute.
constexpr int kDoubts = 6;
constexpr auto kMostPatience = std::chrono::milliseconds(8);

}  // namespace

// One walk. The calling thread watches: when nothing was finished for a while though work is
// queued, and the threads at work do not compute, they must be waiting for something, and others
// are added.
class Walker {
 public:
  Walker(const Graph& graph, const WalkOptions& options,
         const std::function<Outcome(Vertex, FanOut&)>& visit)
      : graph_(graph),
        options_(options),
        visit_(visit),
        states_(graph.size(), VertexState::kWaiting),
        waiting_for_(graph.size()),
        upstream_failed_(graph.size()),
        unfinished_(graph.size()) {
    const unsigned processors = std::max(1U, std::thread::hardware_concurrency());
    most_threads_ = static_cast<std::size_t>(std::max(1, options.parallelism));
    computing_threads_ = std::min<std::size_t>(most_threads_, processors);
  }

  std::vector<VertexState> Run() {
    if (graph_.size() == 0) return {};
    for (Vertex v = 0; v < graph_.size(); ++v) {
      const auto count = static_cast<std::uint32_t>(graph_.DependenciesOf(v).size());
      waiting_for_[v].store(count, std::memory_order_relaxed);
      if (count == 0) queue_.push_back({v, nullptr});
    }
    if (queue_.empty()) throw std::logic_error("walk: the graph has a cycle");
    {
      std::unique_lock lock(mutex_);
      StartThread(lock);
      Watch(lock);
      watch_.wait(lock, [this] { return at_work_ == 0; });
    }
    if (exception_) std::rethrow_exception(exception_);
    return std::move(states_);
  }

 private:
  struct Batch {
    Vertex vertex = 0;
    FanOut parts;
    std::size_t next = 0;  // guarded by mutex_
    std::atomic<std::size_t> left{0};
    std::atomic<bool> failed{false};
  };
  struct Item {
    Vertex vertex;
    std::shared_ptr<Batch> batch;  // nullptr: the vertex itself
  };

  // Holds the mutex before and after, but not while the thread is made: that waits as long as some
  // library is being loaded. Those that are there must do when there is no other to be had.
  void StartThread(std::unique_lock<std::mutex>& lock) {
    ++at_work_;
    lock.unlock();
    try {
      Crew::Get().Run([this] {
        Work();
        const std::lock_guard done(mutex_);
        if (--at_work_ == 0) watch_.notify_one();
      });
      lock.lock();
    } catch (const std::system_error&) {
      lock.lock();
      if (--at_work_ == 0 && !over_) throw;
      most_threads_ = at_work_;
    }
  }

  // Holds the mutex before and after.
  std::size_t CountComputing(std::unique_lock<std::mutex>& lock) {
    const std::vector<int> threads = threads_;
    lock.unlock();
    const auto computing = std::ranges::count_if(threads, IsComputing);
    lock.lock();
    return static_cast<std::size_t>(computing);
  }

  // Holds the mutex except while it waits.
  void Watch(std::unique_lock<std::mutex>& lock) {
    // As long as that helps nothing, more at once each time: calls of 50 ms are not to begin one
    // after the other.
    std::size_t more = 1;
    // Threads that compute are at times kept from it, by others or by the machine, and then others
    // may wait for what they hold; more of them would only be in each other's way.
    std::chrono::microseconds patience = kStuckAfter;
    int doubts = 0;
    while (!over_) {
      if (queue_.empty() || at_work_ - idle_ >= most_threads_) {
        watcher_sleeps_ = true;
        watch_.wait(lock);
        watcher_sleeps_ = false;
        continue;
      }
      const std::uint64_t before = progress_.load(std::memory_order_relaxed);
      const bool crowded = queue_.size() > kQueuePerThread * (at_work_ - idle_) &&
                           at_work_ - idle_ < computing_threads_;
      if (!crowded) {
        watch_.wait_for(lock, patience);
        const bool has_progress = progress_.load(std::memory_order_relaxed) != before;
        if (has_progress) {
          more = 1;
          patience = kStuckAfter;
          doubts = 0;
        }
        if (over_ || queue_.empty() || has_progress) continue;
        const std::size_t computing = CountComputing(lock);
        if (computing >= computing_threads_) {
          patience = std::min<std::chrono::microseconds>(patience * 2, kMostPatience);
          continue;
        }
        patience = kStuckAfter;
        if (computing > 0 && ++doubts < kDoubts) continue;
        doubts = 0;
      }
      if (idle_ > 0) {
        work_.notify_one();
      } else {
        const std::size_t wanted = at_work_ + more;
        while (!over_ && at_work_ < std::min(wanted, most_threads_)) StartThread(lock);
        if (!crowded) more *= 2;
      }
      // Let them take their items before looking again.
      watch_.wait_for(lock, kStuckAfter);
    }
    work_.notify_all();
  }

  void Work() {
    std::unique_lock lock(mutex_);
    threads_.push_back(ThreadNumber());
    while (true) {
      while (queue_.empty() && !over_) {
        ++idle_;
        work_.wait(lock);
        --idle_;
      }
      if (over_) return;
      Item& front = queue_.front();
      std::size_t part = 0;
      Item item{front.vertex, front.batch};
      if (item.batch == nullptr) {
        queue_.pop_front();
      } else {
        part = item.batch->next++;
        if (item.batch->next >= item.batch->parts.count_) queue_.pop_front();
      }
      lock.unlock();
      try {
        if (item.batch == nullptr) {
          Visit(item.vertex);
        } else {
          RunPart(*item.batch, part);
        }
      } catch (...) {
        lock.lock();
        if (!exception_) exception_ = std::current_exception();
        over_ = true;
        watch_.notify_one();
        work_.notify_all();
        return;
      }
      progress_.fetch_add(1, std::memory_order_relaxed);
      lock.lock();
    }
  }

  bool IsStopped() const { return options_.is_stopped && options_.is_stopped(); }

  void Visit(Vertex v) {
    if (upstream_failed_[v].load(std::memory_order_acquire) || IsStopped()) {
      Finish(v, VertexState::kSkipped);
      return;
    }
    FanOut parts;
    const Outcome outcome = visit_(v, parts);
    if (outcome == Outcome::kFailed) {
      Finish(v, VertexState::kFailed);
    } else if (!parts.is_set_) {
      Finish(v, VertexState::kDone);
    } else if (parts.count_ == 0) {
      const bool failed = parts.then_ && parts.then_() == Outcome::kFailed;
      Finish(v, failed ? VertexState::kFailed : VertexState::kDone);
    } else {
      auto batch = std::make_shared<Batch>();
      batch->vertex = v;
      batch->left.store(parts.count_, std::memory_order_relaxed);
      const bool many = parts.count_ > 1;
      batch->parts = std::move(parts);
      std::lock_guard lock(mutex_);
      // In front: what was begun is finished first, so that little is half done at any time.
      queue_.push_front({v, std::move(batch)});
      if (many && watcher_sleeps_) watch_.notify_one();
    }
  }

  void RunPart(Batch& batch, std::size_t part) {
    const bool stopped = IsStopped();
    if (stopped || batch.parts.each_(part) == Outcome::kFailed) {
      batch.failed.store(true, std::memory_order_release);
    }
    if (batch.left.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    bool failed = batch.failed.load(std::memory_order_acquire);
    if (!failed && batch.parts.then_) failed = batch.parts.then_() == Outcome::kFailed;
    Finish(batch.vertex, failed ? VertexState::kFailed : VertexState::kDone);
  }

  // Dependants whose last dependency this was go into the queue; skipped ones too, so that no call
  // chain grows deep.
  void Finish(Vertex v, VertexState state) {
    states_[v] = state;
    std::vector<Vertex> ready;
    for (const Vertex d : graph_.DependantsOf(v)) {
      if (state != VertexState::kDone) upstream_failed_[d].store(true, std::memory_order_release);
      if (waiting_for_[d].fetch_sub(1, std::memory_order_acq_rel) == 1) ready.push_back(d);
    }
    const bool last = unfinished_.fetch_sub(1, std::memory_order_acq_rel) == 1;
    if (ready.empty() && !last) return;
    std::lock_guard lock(mutex_);
    for (const Vertex d : ready) queue_.push_back({d, nullptr});
    if (last) over_ = true;
    // The thread that is here takes one of them itself.
    if (last || (queue_.size() > 1 && watcher_sleeps_)) watch_.notify_one();
  }

  const Graph& graph_;
  const WalkOptions& options_;
  const std::function<Outcome(Vertex, FanOut&)>& visit_;
  // Written by the thread that finishes the vertex; read by others only after they were told, by a
  // count going to zero.
  std::vector<VertexState> states_;
  std::vector<std::atomic<std::uint32_t>> waiting_for_;
  std::vector<std::atomic<bool>> upstream_failed_;
  std::atomic<std::size_t> unfinished_;
  std::atomic<std::uint64_t> progress_{0};
  std::size_t most_threads_ = 1;
  std::size_t computing_threads_ = 1;

  std::mutex mutex_;
  std::condition_variable work_;   // workers wait for items
  std::condition_variable watch_;  // the watcher waits for items and the end
  std::deque<Item> queue_;
  std::size_t at_work_ = 0;   // threads, idle ones included
  std::vector<int> threads_;  // their numbers
  std::size_t idle_ = 0;
  bool over_ = false;
  bool watcher_sleeps_ = false;  // until told; otherwise it looks again by itself
  std::exception_ptr exception_;
};

std::vector<VertexState> Walk(const Graph& graph, const WalkOptions& options,
                              const std::function<Outcome(Vertex, FanOut&)>& visit) {
  return Walker(graph, options, visit).Run();
}

void ForEachConcurrently(std::size_t count, const WalkOptions& options,
                         const std::function<void(std::size_t)>& each) {
  if (count == 0) return;
  Graph graph;
  graph.Add();
  graph.Freeze();
  Walk(graph, options, [&](Vertex, FanOut& parts) {
    parts.Set(count, [&](std::size_t i) {
      each(i);
      return Outcome::kDone;
    });
    return Outcome::kDone;
  });
}

}  // namespace tkn::graph
