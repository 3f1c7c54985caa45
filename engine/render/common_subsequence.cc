#include "engine/render/common_subsequence.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <unordered_set>

namespace tkn::render {

std::vector<std::size_t> CommonSubsequence(std::span<const std::string> before,
                                           std::span<const std::string> after) {
  constexpr std::size_t kMostCells = 25'000'000;
  std::vector<std::size_t> head;
  std::vector<std::size_t> tail;
  std::size_t begin = 0;
  std::size_t before_end = before.size();
  std::size_t after_end = after.size();
  while (begin < before_end && begin < after_end && before[begin] == after[begin])
    head.push_back(begin++);
  while (before_end > begin && after_end > begin &&
         before[before_end - 1] == after[after_end - 1]) {
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
        cell(x, y) = before[begin + x - 1] == after[begin + y - 1]
                         ? cell(x - 1, y - 1) + 1
                         : (cell(x - 1, y) > cell(x, y - 1) ? cell(x - 1, y) : cell(x, y - 1));
      }
    }
    for (std::size_t x = n, y = m; x > 0 && y > 0;) {
      if (before[begin + x - 1] == after[begin + y - 1]) {
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

bool ChangedInPlace(std::span<const std::string> before, std::span<const std::string> after) {
  if (before.size() != after.size()) return false;
  const std::unordered_set<std::string_view> later(after.begin(), after.end());
  return !std::ranges::all_of(before, [&](const std::string& x) { return later.contains(x); });
}

}  // namespace tkn::render
