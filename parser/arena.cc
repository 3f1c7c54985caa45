#include "parser/arena.h"

#include <algorithm>

namespace tkn::parser {
namespace {

// Chunks double up to here, so that a small file costs little and a large one few allocations.
constexpr std::size_t kLargestChunk = 1 << 20;

}  // namespace

void* Arena::AllocateChunk(std::size_t size, std::size_t alignment) {
  const std::size_t wanted = std::max(chunk_size_, size + alignment);
  chunks_.push_back(std::unique_ptr<std::byte[]>(new std::byte[wanted]));
  bytes_ += wanted;
  std::byte* const begin = chunks_.back().get();
  std::byte* const at = Align(begin, alignment);
  if (wanted > chunk_size_ && next_ != nullptr)
    return at;  // a large one for itself: keep filling the last
  next_ = at + size;
  end_ = begin + wanted;
  chunk_size_ = std::min(chunk_size_ * 2, kLargestChunk);
  return at;
}

}  // namespace tkn::parser
