#pragma once

#include <cstddef>
#include <memory>

// Memory that the kernel is asked to back with pages of 2 MiB. The first touch of a page costs a
// fault: under virtualisation as much as 9 us, more than it takes to parse what fits on a page of 4
// KiB. Where the kernel does not grant it (transparent_hugepage = never, not Linux) the memory is
// as any other.
namespace tkn {

inline constexpr std::size_t kLargePage = std::size_t{2} << 20;

// Asks for large pages within [at, at + bytes), which is allocated and not touched yet, and will be
// filled for the most part. Nothing happens below the size of one.
void PreferLargePages(void* at, std::size_t bytes);

// The same for what malloc gives from now on, of all threads. For the start of a program: before
// there are threads, and once. Takes address space, of memory only what is touched. Nothing happens
// where the C library is not glibc, or where an address sanitizer brings its own malloc.
void PreferLargePagesForHeap();

// Much is going to be allocated: goes on at the heap's next large page, since what lies before it
// would be touched in small ones. Any thread may call; does it once. Only after
// PreferLargePagesForHeap.
void SkipToLargePageOfHeap();

struct FreeLargePages {
  std::size_t bytes = 0;
  void operator()(std::byte* at) const;
};
using LargePages = std::unique_ptr<std::byte[], FreeLargePages>;

// `bytes`, a multiple of kLargePage, aligned to it: a mapping of its own. Throws std::bad_alloc.
LargePages AllocateLargePages(std::size_t bytes);

}  // namespace tkn
