#include "parser/suggestion.h"

#include <algorithm>
#include <vector>

namespace tkn::parser {
namespace {

// Insertions, deletions and replacements of bytes that turn `a` into `b`.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

std::string_view Suggest(std::string_view given, std::span<const std::string_view> known) {
  // Words further apart than this are different words; the first that is near enough is taken, as
  // Terraform does.
  constexpr std::size_t kNear = 3;
  constexpr std::size_t kLongest = 256;
  if (given.size() > kLongest) return {};
  for (const std::string_view candidate : known) {
    const std::size_t difference = candidate.size() > given.size()
                                       ? candidate.size() - given.size()
                                       : given.size() - candidate.size();
    if (difference < kNear && EditDistance(given, candidate) < kNear) return candidate;
  }
  return {};
}

std::string DidYouMean(std::string_view given, std::span<const std::string_view> known) {
  const std::string_view suggestion = Suggest(given, known);
  if (suggestion.empty()) return {};
  return " Did you mean \"" + std::string(suggestion) + "\"?";
}

}  // namespace tkn::parser
