#include <algorithm>
#include <stdexcept>
#include <utility>

#include "engine/plan/plan.h"

namespace tkn::plan {

Changes::Entry::Entry(ResourceChange&& change, std::size_t place)
    : hash_(change.address.Hash()), place_(place) {
  change_.push_back(std::move(change));
}

void Changes::Add(Entry entry) {
  const ResourceChange* const added = &entry.change_.front();
  if (Find(entry.hash_, added->address, added->deposed_key) != nullptr) {
    throw std::logic_error("plan: two changes for " + added->address.ToString());
  }
  order_.push_back(added);
  places_.push_back(entry.place_);
  changes_.splice(changes_.end(), entry.change_);
  by_address_.Add(entry.hash_, added);
}

void Changes::CreateFirst(const std::set<ConfigResource>& resources) {
  if (resources.empty()) return;
  for (ResourceChange& change : changes_) {
    if (change.action != Action::kDeleteThenCreate) continue;
    if (resources.contains(change.address.Resource().Config()))
      change.action = Action::kCreateThenDelete;
  }
}

// To compare addresses takes its time, so those that have a place are only looked at once.
void Changes::Sort() {
  const auto less = [](const ResourceChange* a, const ResourceChange* b) {
    if (const auto order = a->address <=> b->address; order != 0) return order < 0;
    return a->deposed_key < b->deposed_key;
  };
  std::vector<std::pair<std::size_t, const ResourceChange*>> placed;
  std::vector<const ResourceChange*> others;
  for (std::size_t i = 0; i < order_.size(); ++i) {
    if (places_[i] == kNoPlace) {
      others.push_back(order_[i]);
    } else {
      placed.emplace_back(places_[i], order_[i]);
    }
  }
  places_.clear();
  std::sort(placed.begin(), placed.end());
  order_.clear();
  for (const auto& [place, change] : placed) order_.push_back(change);
  if (!std::is_sorted(order_.begin(), order_.end(), less))
    std::sort(order_.begin(), order_.end(), less);
  std::sort(others.begin(), others.end(), less);
  const auto middle = order_.insert(order_.end(), others.begin(), others.end());
  std::inplace_merge(order_.begin(), middle, order_.end(), less);
}

const ResourceChange* Changes::Find(const Address& address, std::string_view deposed_key) const {
  return Find(address.Hash(), address, deposed_key);
}

const ResourceChange* Changes::Find(std::size_t hash, const Address& address,
                                    std::string_view deposed_key) const {
  return by_address_.Find(hash, [&](const ResourceChange& change) {
    return change.deposed_key == deposed_key && change.address == address;
  });
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
