#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "parser/large_pages.h"

namespace tkn::parser {

// Where one tree lives: hands out memory in bumps and frees it all at once, so it holds only what
// needs no destructor. Not for several threads at a time; who adds nodes after the parse holds
// `mutex()`.
class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  void* Allocate(std::size_t size, std::size_t alignment) {
    std::byte* at = Align(next_, alignment);
    if (at == nullptr || static_cast<std::size_t>(end_ - at) < size || at > end_) {
      return AllocateChunk(size, alignment);
    }
    next_ = at + size;
    return at;
  }

  template <typename T, typename... Args>
  T* New(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (Allocate(sizeof(T), alignof(T))) T{std::forward<Args>(args)...};
  }

  template <typename T>
  std::span<const T> Copy(std::span<const T> from) {
    static_assert(std::is_trivially_destructible_v<T> && std::is_trivially_copyable_v<T>);
    if (from.empty()) return {};
    T* to = static_cast<T*>(Allocate(from.size_bytes(), alignof(T)));
    std::memcpy(static_cast<void*>(to), from.data(), from.size_bytes());
    return {to, from.size()};
  }

  std::string_view Copy(std::string_view from) {
    if (from.empty()) return {};
    char* to = static_cast<char*>(Allocate(from.size(), 1));
    std::memcpy(to, from.data(), from.size());
    return {to, from.size()};
  }

  // Taken from the system so far.
  std::size_t bytes() const { return bytes_; }
  std::mutex& mutex() { return mutex_; }

 private:
  static std::byte* Align(std::byte* at, std::size_t alignment) {
    const auto address = reinterpret_cast<std::uintptr_t>(at);
    return at + ((alignment - address % alignment) % alignment);
  }
  void* AllocateChunk(std::size_t size, std::size_t alignment);

  std::byte* next_ = nullptr;
  std::byte* end_ = nullptr;
  std::size_t chunk_size_ = 2048;
  std::size_t bytes_ = 0;
  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::vector<LargePages> large_chunks_;
  std::mutex mutex_;
};

}  // namespace tkn::parser
