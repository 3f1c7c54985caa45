#include "engine/value/node_pool.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

#include "engine/value/per_thread.h"
#include "parser/large_pages.h"

namespace tkn::node_pool {
namespace {

// Class c holds blocks of 16 * c bytes; 0 is what operator new gave.
constexpr std::size_t kGrain = 16;
#if defined(TKN_ADDRESS_SANITIZER)
constexpr std::size_t kClasses = 1;  // a sanitizer is to see each node on its own
#else
constexpr std::size_t kClasses = 9;
#endif
constexpr std::size_t kBatch = 256;

struct FreeBlock {
  FreeBlock* next;
};

struct List {
  FreeBlock* first = nullptr;
  std::size_t count = 0;

  void Push(void* at) {
    first = new (at) FreeBlock{first};
    ++count;
  }
  void* Pop() {
    FreeBlock* const block = first;
    first = block->next;
    --count;
    return block;
  }
};

// What no thread holds. Is never destroyed: values outlive everything.
class Depot {
 public:
  static Depot& Get() {
    static Depot& depot = *new Depot;
    return depot;
  }

  List TakeBatch(std::size_t size_class) {
    const std::lock_guard lock(mutex_);
    std::vector<List>& batches = batches_[size_class];
    if (!batches.empty()) {
      const List batch = batches.back();
      batches.pop_back();
      return batch;
    }
    const std::size_t bytes = size_class * kGrain;
    std::byte* at = Carve(bytes * kBatch);
    List made;
    for (std::size_t i = kBatch; i > 0; --i) made.Push(at + (i - 1) * bytes);
    return made;
  }

  // Without memory to note it in, the batch is lost.
  void GiveBatch(std::size_t size_class, List batch) {
    const std::lock_guard lock(mutex_);
    try {
      batches_[size_class].push_back(batch);
    } catch (const std::bad_alloc&) {
    }
  }

 private:
  // Chunks double up to a large page.
  std::byte* Carve(std::size_t bytes) {
    if (left_ < bytes) {
      chunk_ = std::min(std::max(chunk_ * 2, bytes), kLargePage);
      next_ = chunk_ == kLargePage ? AllocateLargePages(chunk_).release()
                                   : static_cast<std::byte*>(::operator new(chunk_));
      left_ = chunk_;
    }
    std::byte* const at = next_;
    next_ += bytes;
    left_ -= bytes;
    return at;
  }

  std::mutex mutex_;
  std::array<std::vector<List>, kClasses> batches_;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t chunk_ = 32 * 1024;
};

// The lists of one thread. Two batches at most stay here, so that a thread at the edge of one does
// not go to the depot each time.
struct Cache {
  std::array<List, kClasses> lists;
  std::array<List, kClasses> full;

  ~Cache();
};

Cache::~Cache() {
  for (std::size_t i = 1; i < kClasses; ++i) {
    for (const List& list : {lists[i], full[i]}) {
      if (list.count > 0) Depot::Get().GiveBatch(i, list);
    }
  }
}

// nullptr when the thread is ending, and values are dropped after its cache.
Cache* CacheOfThread() { return PerThread<Cache>(); }

}  // namespace

Block Allocate(std::size_t bytes) {
  const std::size_t size_class = (bytes + kGrain - 1) / kGrain;
  if (size_class >= kClasses || bytes == 0) return {::operator new(bytes), 0};
  Cache* const cache = CacheOfThread();
  if (cache == nullptr) return {::operator new(bytes), 0};
  List& list = cache->lists[size_class];
  if (list.count == 0) {
    if (cache->full[size_class].count > 0) {
      list = std::exchange(cache->full[size_class], {});
    } else {
      list = Depot::Get().TakeBatch(size_class);
    }
  }
  return {list.Pop(), static_cast<std::uint8_t>(size_class)};
}

void Free(void* at, std::uint8_t size_class) {
  if (size_class == 0) return ::operator delete(at);
  Cache* const cache = CacheOfThread();
  if (cache == nullptr) {
    List single;
    single.Push(at);
    return Depot::Get().GiveBatch(size_class, single);
  }
  List& list = cache->lists[size_class];
  if (list.count >= kBatch) {
    List& full = cache->full[size_class];
    if (full.count > 0) Depot::Get().GiveBatch(size_class, full);
    full = std::exchange(list, {});
  }
  list.Push(at);
}

}  // namespace tkn::node_pool
