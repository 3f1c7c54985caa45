#include "providers/linode/scopes.h"

#include <algorithm>
#include <vector>

namespace tkn::linode {
namespace {

std::vector<std::string_view> SortedParts(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t space = text.find(' ');
    parts.push_back(text.substr(0, space));
    if (space == std::string_view::npos) break;
    text.remove_prefix(space + 1);
  }
  std::sort(parts.begin(), parts.end());
  return parts;
}

}  // namespace

bool SameScopes(std::string_view a, std::string_view b) {
  if (a == "*" || b == "*") return a == b;
  return SortedParts(a) == SortedParts(b);
}

}  // namespace tkn::linode
