#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace tkn {

// Finds items by a hash of what names them. The items belong to somebody else, who keeps them where
// they are. Flat: a search is one or two steps in memory, which is what counts where thousands are
// looked for. Not for several threads, unless all only look.
template <typename Item>
class HashSlots {
 public:
  void Reserve(std::size_t items) {
    if (items * 2 > slots_.size()) Resize(items * 2);
  }

  void Add(std::size_t hash, Item* item) {
    if ((used_ + 1) * 2 > slots_.size()) Resize(slots_.size() * 2);
    Put({hash, item});
    ++used_;
  }

  // Of the items with this hash the first for which `is_it`; nullptr: there is none.
  template <typename IsIt>
  Item* Find(std::size_t hash, const IsIt& is_it) const {
    if (slots_.empty()) return nullptr;
    for (std::size_t at = Mix(hash);; ++at) {
      const Slot& slot = slots_[at & (slots_.size() - 1)];
      if (slot.item == nullptr) return nullptr;
      if (slot.hash == hash && is_it(*slot.item)) return slot.item;
    }
  }

 private:
  struct Slot {
    std::size_t hash = 0;
    Item* item = nullptr;  // nullptr: free
  };
  // Of hashes that are numbers or addresses the low bits alone would not do.
  static std::size_t Mix(std::size_t hash) { return (hash * 0x9E3779B97F4A7C15ULL) >> 20; }

  void Put(const Slot& slot) {
    std::size_t at = Mix(slot.hash);
    while (slots_[at & (slots_.size() - 1)].item != nullptr) ++at;
    slots_[at & (slots_.size() - 1)] = slot;
  }
  void Resize(std::size_t wanted) {
    std::size_t size = 64;
    while (size < wanted) size *= 2;
    const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(size));
    for (const Slot& slot : old) {
      if (slot.item != nullptr) Put(slot);
    }
  }

  std::vector<Slot> slots_;  // a power of two, at most half of them taken
  std::size_t used_ = 0;
};

}  // namespace tkn
