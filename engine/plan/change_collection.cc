#include <algorithm>
#include <stdexcept>
#include <utility>

#include "engine/plan/plan.h"

namespace tkn::plan {

void Changes::Add(ResourceChange change) {
  const std::size_t hash = change.address.Hash();
  if (Find(hash, change.address, change.deposed_key) != nullptr) {
    throw std::logic_error("plan: two changes for " + change.address.ToString());
  }
  const ResourceChange* const added = &changes_.emplace_back(std::move(change));
  order_.push_back(added);
  if (order_.size() * 2 > slots_.size()) {
    const std::vector<Slot> old =
        std::exchange(slots_, std::vector<Slot>(std::max<std::size_t>(64, slots_.size() * 2)));
    for (const Slot& slot : old) {
      if (slot.change != nullptr) Put(slot);
    }
  }
  Put({hash, added});
}

void Changes::Put(const Slot& slot) {
  std::size_t at = slot.hash;
  while (slots_[at & (slots_.size() - 1)].change != nullptr) ++at;
  slots_[at & (slots_.size() - 1)] = slot;
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
  if (slots_.empty()) return nullptr;
  for (std::size_t at = hash;; ++at) {
    const Slot& slot = slots_[at & (slots_.size() - 1)];
    if (slot.change == nullptr) return nullptr;
    if (slot.hash == hash && slot.change->deposed_key == deposed_key &&
        slot.change->address == address) {
      return slot.change;
    }
  }
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
