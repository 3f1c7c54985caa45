#include <algorithm>
#include <stdexcept>

#include "engine/plan/plan.h"

namespace tkn::plan {

void Changes::Add(ResourceChange change) {
  auto& same = by_address_[change.address];
  for (const std::uint32_t index : same) {
    if (changes_[index].deposed_key == change.deposed_key) {
      throw std::logic_error("plan: two changes for " + change.address.ToString());
    }
  }
  same.push_back(static_cast<std::uint32_t>(changes_.size()));
  changes_.push_back(std::move(change));
}

void Changes::Sort() {
  std::sort(changes_.begin(), changes_.end(), [](const ResourceChange& a, const ResourceChange& b) {
    if (const auto order = a.address <=> b.address; order != 0) return order < 0;
    return a.deposed_key < b.deposed_key;
  });
  by_address_.clear();
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    by_address_[changes_[i].address].push_back(static_cast<std::uint32_t>(i));
  }
}

const ResourceChange* Changes::Find(const Address& address, std::string_view deposed_key) const {
  const auto found = by_address_.find(address);
  if (found == by_address_.end()) return nullptr;
  for (const std::uint32_t index : found->second) {
    if (changes_[index].deposed_key == deposed_key) return &changes_[index];
  }
  return nullptr;
}

bool Plan::HasChanges() const {
  if (mode == Mode::kRefreshOnly && !drift.empty()) return true;
  for (const ResourceChange& change : changes.all()) {
    if (change.action != Action::kNoOp || change.previous_address || change.import_id) return true;
  }
  return std::any_of(outputs.begin(), outputs.end(),
                     [](const OutputChange& change) { return change.action != Action::kNoOp; });
}

}  // namespace tkn::plan
