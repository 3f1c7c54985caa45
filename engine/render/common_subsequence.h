#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// How two sequences line up: what was kept, what went, what came.
namespace tkn::render {

// Indices into `before` of one longest common subsequence. Quadratic in time and memory; what both
// begin and end with is taken off first, and beyond kMostCells what is left counts as all
// different.
template <typename T, typename Same>
std::vector<std::size_t> CommonSubsequence(std::span<const T> before, std::span<const T> after,
                                           const Same& same) {
  constexpr std::size_t kMostCells = 25'000'000;
  std::vector<std::size_t> head;
  std::vector<std::size_t> tail;
  std::size_t begin = 0;
  std::size_t before_end = before.size();
  std::size_t after_end = after.size();
  while (begin < before_end && begin < after_end && same(before[begin], after[begin]))
    head.push_back(begin++);
  while (before_end > begin && after_end > begin &&
         same(before[before_end - 1], after[after_end - 1])) {
    tail.push_back(--before_end);
    --after_end;
  }
  const std::size_t n = before_end - begin;
  const std::size_t m = after_end - begin;
  std::vector<std::size_t> middle;
  if (n > 0 && m > 0 && n <= kMostCells / m) {
    // longest[x + 1][y + 1]: of the first x + 1 and y + 1 elements.
    std::vector<std::uint32_t> longest((n + 1) * (m + 1));
    const auto cell = [&](std::size_t x, std::size_t y) -> std::uint32_t& {
      return longest[x * (m + 1) + y];
    };
    for (std::size_t x = 1; x <= n; ++x) {
      for (std::size_t y = 1; y <= m; ++y) {
        cell(x, y) = same(before[begin + x - 1], after[begin + y - 1])
                         ? cell(x - 1, y - 1) + 1
                         : (cell(x - 1, y) > cell(x, y - 1) ? cell(x - 1, y) : cell(x, y - 1));
      }
    }
    for (std::size_t x = n, y = m; x > 0 && y > 0;) {
      if (same(before[begin + x - 1], after[begin + y - 1])) {
        middle.push_back(begin + x - 1);
        --x, --y;
      } else if (cell(x - 1, y) > cell(x, y - 1)) {
        --x;
      } else {
        --y;
      }
    }
  }
  head.insert(head.end(), middle.rbegin(), middle.rend());
  head.insert(head.end(), tail.rbegin(), tail.rend());
  return head;
}

// Calls `emit(i, j)` for every pair that belongs together, in order: i == before.size() for an
// element that came, j == after.size() for one that went. Of two that are neither kept, and both
// `is_object`, one becomes the other.
template <typename T, typename Same, typename IsObject, typename Emit>
void AlignSequences(std::span<const T> before, std::span<const T> after, const Same& same,
                    const IsObject& is_object, const Emit& emit) {
  const std::vector<std::size_t> common = CommonSubsequence<T>(before, after, same);
  std::size_t i = 0;
  std::size_t j = 0;
  for (std::size_t next = 0; i < before.size() || j < after.size();) {
    const bool more = next < common.size();
    const auto is_next = [&](const T& element) {
      return more && same(element, before[common[next]]);
    };
    while (i < before.size() && !is_next(before[i])) {
      if (is_object(before[i]) && j < after.size() && is_object(after[j]) && !is_next(after[j])) {
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
