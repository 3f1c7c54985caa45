#include "engine/value/marks.h"

#include <algorithm>
#include <array>

namespace tkn {

MarkSet MarkSet::Of(MarkKind kind) {
  static constexpr std::size_t kKinds = static_cast<std::size_t>(MarkKind::kDeferred) + 1;
  static const auto* const common = [] {
    auto* sets = new std::array<MarkSet, kKinds>;
    for (std::size_t i = 0; i < kKinds; ++i) {
      (*sets)[i].marks_ =
          std::make_shared<const std::vector<Mark>>(1, Mark{static_cast<MarkKind>(i)});
    }
    return sets;
  }();
  return (*common)[static_cast<std::size_t>(kind)];
}

MarkSet MarkSet::Of(std::vector<Mark> marks) {
  if (marks.empty()) return {};
  std::ranges::sort(marks);
  marks.erase(std::unique(marks.begin(), marks.end()), marks.end());
  if (marks.size() == 1 && marks[0].origin.empty()) return Of(marks[0].kind);
  MarkSet result;
  result.marks_ = std::make_shared<const std::vector<Mark>>(std::move(marks));
  return result;
}

bool MarkSet::Has(MarkKind kind) const {
  return marks_ != nullptr &&
         std::ranges::any_of(*marks_, [&](const Mark& mark) { return mark.kind == kind; });
}

MarkSet MarkSet::Union(const MarkSet& other) const {
  if (marks_ == other.marks_ || other.empty()) return *this;
  if (empty() || std::ranges::includes(*other.marks_, *marks_)) return other;
  if (std::ranges::includes(*marks_, *other.marks_)) return *this;
  std::vector<Mark> all(*marks_);
  all.insert(all.end(), other.marks_->begin(), other.marks_->end());
  return Of(std::move(all));
}

MarkSet MarkSet::Without(MarkKind kind) const {
  if (!Has(kind)) return *this;
  std::vector<Mark> rest;
  for (const Mark& mark : *marks_) {
    if (mark.kind != kind) rest.push_back(mark);
  }
  return Of(std::move(rest));
}

const std::vector<Mark>& MarkSet::marks() const {
  static const auto* const none = new std::vector<Mark>;
  return marks_ == nullptr ? *none : *marks_;
}

bool MarkSet::operator==(const MarkSet& other) const {
  return marks_ == other.marks_ || marks() == other.marks();
}

}  // namespace tkn
