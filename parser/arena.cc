#include "parser/arena.h"

#include <algorithm>

namespace tkn::parser {

// Chunks double up to a large page, so that a small file costs little and a large one few
// allocations and page faults.
void* Arena::AllocateChunk(std::size_t size, std::size_t alignment) {
  const std::size_t wanted = std::max(chunk_size_, size + alignment);
  std::byte* begin = nullptr;
  if (wanted == kLargePage) {
    large_chunks_.push_back(AllocateLargePages(wanted));
    begin = large_chunks_.back().get();
  } else {
    chunks_.push_back(std::unique_ptr<std::byte[]>(new std::byte[wanted]));
    begin = chunks_.back().get();
  }
  bytes_ += wanted;
  std::byte* const at = Align(begin, alignment);
  if (wanted > chunk_size_ && next_ != nullptr)
    return at;  // a large one for itself: keep filling the last
  next_ = at + size;
  end_ = begin + wanted;
  chunk_size_ = std::min(chunk_size_ * 2, kLargePage);
  return at;
}

}  // namespace tkn::parser
