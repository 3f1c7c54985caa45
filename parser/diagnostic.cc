#include "parser/diagnostic.h"

#include <algorithm>
#include <iterator>

namespace tkn {

void Diagnostics::Append(Diagnostics&& more) {
  if (list_.empty()) {
    list_ = std::move(more.list_);
  } else {
    list_.insert(list_.end(), std::make_move_iterator(more.list_.begin()),
                 std::make_move_iterator(more.list_.end()));
  }
  more.list_.clear();
}

void Diagnostics::Append(const Diagnostics& more) {
  list_.insert(list_.end(), more.list_.begin(), more.list_.end());
}

bool Diagnostics::HasErrors() const {
  return std::ranges::any_of(list_,
                             [](const Diagnostic& d) { return d.severity == Severity::kError; });
}

}  // namespace tkn
