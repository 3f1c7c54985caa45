#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

// How two sequences line up: what was kept, what went, what came.
namespace tkn::render {

// Indices into `before` of one longest common subsequence. Quadratic in time and memory; what both
// begin and end with is taken off first, and of sequences too long for that what is left counts as
// all different.
std::vector<std::size_t> CommonSubsequence(std::span<const std::string> before,
                                           std::span<const std::string> after);

// As many as before, and one is nowhere to be found any more: elements were changed in their
// places.
bool ChangedInPlace(std::span<const std::string> before, std::span<const std::string> after);

// Calls `emit(i, j)` for every pair that belongs together, in order: i == before.size() for an
// element that came, j == after.size() for one that went. Of two that are neither kept, and
// `both_objects(i, j)`, one becomes the other; so does every element of what ChangedInPlace().
template <typename BothObjects, typename Emit>
void AlignSequences(std::span<const std::string> before, std::span<const std::string> after,
                    const BothObjects& both_objects, const Emit& emit) {
  std::size_t i = 0;
  std::size_t j = 0;
  if (ChangedInPlace(before, after)) {
    while (i < before.size()) emit(i++, j++);
    return;
  }
  const std::vector<std::size_t> common = CommonSubsequence(before, after);
  for (std::size_t next = 0; i < before.size() || j < after.size();) {
    const bool more = next < common.size();
    const auto is_next = [&](const std::string& element) {
      return more && element == before[common[next]];
    };
    while (i < before.size() && !is_next(before[i])) {
      if (j < after.size() && !is_next(after[j]) && both_objects(i, j)) {
        emit(i++, j++);
      } else {
        emit(i++, after.size());
      }
    }
    while (j < after.size() && !is_next(after[j])) emit(before.size(), j++);
    if (more) {
      emit(i++, j++);
      ++next;
    }
  }
}

}  // namespace tkn::render
