#include <algorithm>
#include <stdexcept>
#include <utility>

#include "engine/plan/plan.h"

namespace tkn::plan {

Changes::Entry::Entry(ResourceChange change) : hash_(change.address.Hash()) {
  change_.push_back(std::move(change));
}

void Changes::Add(Entry entry) {
  const ResourceChange* const added = &entry.change_.front();
  if (Find(entry.hash_, added->address, added->deposed_key) != nullptr) {
    throw std::logic_error("plan: two changes for " + added->address.ToString());
  }
  order_.push_back(added);
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

void Changes::Sort() {
  std::sort(order_.begin(), order_.end(), [](const ResourceChange* a, const ResourceChange* b) {
    if (const auto order = a->address <=> b->address; order != 0) return order < 0;
    return a->deposed_key < b->deposed_key;
  });
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
