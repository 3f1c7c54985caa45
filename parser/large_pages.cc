#include "parser/large_pages.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <new>

namespace tkn {

void PreferLargePages(void* at, std::size_t bytes) {
  const auto begin = (reinterpret_cast<std::uintptr_t>(at) + kLargePage - 1) & ~(kLargePage - 1);
  const auto end = (reinterpret_cast<std::uintptr_t>(at) + bytes) & ~(kLargePage - 1);
  // A wish: a refusal changes the speed alone.
  if (begin < end) (void)madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}

void FreeLargePages::operator()(std::byte* at) const { std::free(at); }

LargePages AllocateLargePages(std::size_t bytes) {
  auto* at = static_cast<std::byte*>(std::aligned_alloc(kLargePage, bytes));
  if (at == nullptr) throw std::bad_alloc();
  PreferLargePages(at, bytes);
  return LargePages(at);
}

}  // namespace tkn
