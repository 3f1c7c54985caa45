#include "parser/large_pages.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <new>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace tkn {
namespace {

bool heap_is_on_large_pages = false;
// Allocated, never used and never given back. volatile: not to be optimised away.
void* volatile skipped = nullptr;

}  // namespace

void PreferLargePages(void* at, std::size_t bytes) {
  const auto begin = (reinterpret_cast<std::uintptr_t>(at) + kLargePage - 1) & ~(kLargePage - 1);
  const auto end = (reinterpret_cast<std::uintptr_t>(at) + bytes) & ~(kLargePage - 1);
  // A wish: a refusal changes the speed alone.
  if (begin < end) (void)madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}

void PreferLargePagesForHeap() {
#if defined(__GLIBC__) && !defined(TKN_ADDRESS_SANITIZER)
  // The heap grows in one step by more than most runs need, since advice is for what is mapped; an
  // eighth of the memory is not refused by a kernel that guesses what can be promised.
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page = sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page <= 0) return;
  const std::size_t memory = static_cast<std::size_t>(pages) * static_cast<std::size_t>(page);
  const std::size_t room = std::min(memory / 8, std::size_t{1} << 30);
  // One arena for all threads: others would be mappings of their own, without advice.
  constexpr int kMapped = 32 << 20;  // when the room is used up, a block of this size is a mapping
  if (mallopt(M_TOP_PAD, static_cast<int>(room)) == 0 ||
      mallopt(M_TRIM_THRESHOLD, static_cast<int>(room)) == 0 ||
      mallopt(M_MMAP_THRESHOLD, kMapped) == 0 || mallopt(M_ARENA_MAX, 1) == 0) {
    return;
  }
  constexpr std::size_t kSmallPage = 4096;
  // By no more than makes it grow: malloc writes behind what it gives, and where that is a large
  // page it would be a small one from then on. volatile: not to be optimised away.
  void* const before = sbrk(0);
  void* volatile probe = std::malloc(kSmallPage);
  const auto free_before =
      static_cast<std::size_t>(static_cast<char*>(before) - static_cast<char*>(probe));
  std::free(probe);
  if (free_before > kLargePage) return;  // not where malloc's heap is
  void* volatile grown = std::malloc(free_before + kSmallPage);
  std::free(grown);
  void* const after = sbrk(0);
  if (before < after) {
    PreferLargePages(
        before, static_cast<std::size_t>(static_cast<char*>(after) - static_cast<char*>(before)));
    heap_is_on_large_pages = true;
  }
#endif
}

void SkipToLargePageOfHeap() {
  static std::once_flag once;
  if (!heap_is_on_large_pages) return;
  std::call_once(once, [] {
    // Nothing of this size has been given back yet, so it comes from the end of what is used.
    constexpr std::size_t kHeader = sizeof(std::size_t);  // before each block of glibc's
    void* const end = std::malloc(kLargePage / 8);
    const auto at = reinterpret_cast<std::uintptr_t>(end);
    std::free(end);
    const std::uintptr_t rest = -at & (kLargePage - 1);
    if (at != 0 && rest > kHeader) skipped = std::malloc(rest - kHeader);
  });
}

void FreeLargePages::operator()(std::byte* at) const { (void)munmap(at, bytes); }

// Not malloc's: what that leaves before an aligned block would touch a large page of its own.
LargePages AllocateLargePages(std::size_t bytes) {
  void* const mapped =
      mmap(nullptr, bytes + kLargePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  auto* const begin = static_cast<std::byte*>(mapped);
  const std::size_t before = -reinterpret_cast<std::uintptr_t>(begin) & (kLargePage - 1);
  if (before > 0) (void)munmap(begin, before);
  (void)munmap(begin + before + bytes, kLargePage - before);
  PreferLargePages(begin + before, bytes);
  return LargePages(begin + before, FreeLargePages{bytes});
}

}  // namespace tkn
