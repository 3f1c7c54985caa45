#include "parser/large_pages.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>

namespace tkn {
namespace {

// Whether the kernel was asked for large pages where `at` is ("hg" among the flags of its mapping).
bool IsAdvised(const void* at) {
  const auto address = reinterpret_cast<std::uintptr_t>(at);
  std::ifstream maps("/proc/self/smaps");
  bool inside = false;
  for (std::string line; std::getline(maps, line);) {
    std::istringstream fields(line);
    std::uintptr_t begin = 0, end = 0;
    char dash = 0;
    if (fields >> std::hex >> begin >> dash >> end && dash == '-') {
      inside = begin <= address && address < end;
    } else if (inside && line.starts_with("VmFlags:")) {
      return line.find(" hg") != std::string::npos;
    }
  }
  return false;
}

bool KernelHasLargePages() {
  return std::ifstream("/sys/kernel/mm/transparent_hugepage/enabled").good();
}

TEST_CASE("memory is asked for in large pages") {
  const LargePages pages = AllocateLargePages(2 * kLargePage);
  CHECK(reinterpret_cast<std::uintptr_t>(pages.get()) % kLargePage == 0);
  std::memset(pages.get(), 1, 2 * kLargePage);
  if (KernelHasLargePages()) CHECK(IsAdvised(pages.get()));
}

#if defined(__GLIBC__) && !defined(TKN_ADDRESS_SANITIZER) && !defined(__SANITIZE_THREAD__)
TEST_CASE("the heap is asked for in large pages, and goes on in one") {
  PreferLargePagesForHeap();
  SkipToLargePageOfHeap();
  SkipToLargePageOfHeap();
  // Below the size that is a mapping of its own, and more than was free before.
  constexpr std::size_t kBytes = 3 * kLargePage;
  auto* block = static_cast<char*>(std::malloc(kBytes));
  REQUIRE(block != nullptr);
  std::memset(block, 1, kBytes);
  if (KernelHasLargePages()) {
    CHECK(IsAdvised(block));
    CHECK(IsAdvised(block + kBytes - 1));
  }
  std::free(block);
}
#endif

}  // namespace
}  // namespace tkn
