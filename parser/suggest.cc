#include "parser/suggest.h"

#include <algorithm>
#include <numeric>

namespace tkn {
namespace {

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, replaced});
    }
  }
  return row.back();
}

constexpr std::size_t kLongest = 256;  // names beyond this are no typing errors

}  // namespace

std::string Suggest(std::string_view given, const std::vector<std::string>& candidates) {
  constexpr std::size_t kFarthest = 2;
  if (given.size() > kLongest) return {};
  const std::string* best = nullptr;
  std::size_t best_distance = kFarthest + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > given.size() + kFarthest || given.size() > candidate.size() + kFarthest)
      continue;
    const std::size_t distance = EditDistance(given, candidate);
    // Of a two-letter name nothing is left when two letters change.
    if (distance >= std::max<std::size_t>(candidate.size(), 2)) continue;
    if (distance < best_distance) {
      best = &candidate;
      best_distance = distance;
    }
  }
  return best ? *best : std::string();
}

std::string DidYouMean(std::string_view given, const std::vector<std::string>& candidates) {
  const std::string suggestion = Suggest(given, candidates);
  return suggestion.empty() ? std::string() : " Did you mean \"" + suggestion + "\"?";
}

}  // namespace tkn
