#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/config/config.h"

// Names to indices, and references to what they mean. Internal to this folder.
namespace tkn::config {

// From the address of a traversal to its target: flat, filled once, then only read.
class TargetTable {
 public:
  const ReferenceTarget* Find(const parser::Traversal* key) const {
    if (slots_.empty()) return nullptr;
    for (std::size_t at = Hash(key);; ++at) {
      const Slot& slot = slots_[at & (slots_.size() - 1)];
      if (slot.key == key) return slot.target;
      if (slot.key == nullptr) return nullptr;
    }
  }
  const ReferenceTarget* Add(const parser::Traversal* key, ReferenceTarget target) {
    targets_.push_back(std::move(target));
    if ((targets_.size() + 1) * 2 > slots_.size()) Grow();
    Put({key, &targets_.back()});
    return &targets_.back();
  }

 private:
  struct Slot {
    const parser::Traversal* key = nullptr;
    const ReferenceTarget* target = nullptr;
  };
  static std::size_t Hash(const parser::Traversal* key) {
    const auto bits = reinterpret_cast<std::uintptr_t>(key);
    return static_cast<std::size_t>((bits >> 3) * 0x9E3779B97F4A7C15ull >> 20);
  }
  void Put(const Slot& slot) {
    std::size_t at = Hash(slot.key);
    while (slots_[at & (slots_.size() - 1)].key != nullptr) ++at;
    slots_[at & (slots_.size() - 1)] = slot;
  }
  void Grow() {
    std::vector<Slot> old = std::move(slots_);
    slots_.assign(old.empty() ? 64 : old.size() * 2, {});
    for (const Slot& slot : old) {
      if (slot.key != nullptr) Put(slot);
    }
  }

  std::vector<Slot> slots_;  // a power of two
  std::deque<ReferenceTarget> targets_;
};

struct ResourceKeyView {
  ResourceMode mode;
  std::string_view type;
  std::string_view name;
  bool operator==(const ResourceKeyView&) const = default;
};
struct ResourceKeyHash {
  std::size_t operator()(const ResourceKeyView& key) const {
    const std::hash<std::string_view> hash;
    return (hash(key.type) * 31 + hash(key.name)) * 31 + static_cast<std::size_t>(key.mode);
  }
};

struct Module::Index {
  using Names = std::unordered_map<std::string_view, std::uint32_t>;
  Names variables, locals, outputs, calls, checks, requirements;
  std::unordered_map<ResourceKeyView, std::uint32_t, ResourceKeyHash> resources;
  TargetTable targets;
  // Sources of local names that required_providers does not have; filled while loading.
  std::map<std::string, ProviderSource, std::less<>> implied_sources;
};

// Fills the index of a module whose blocks are all read.
class ModuleIndexer {
 public:
  explicit ModuleIndexer(Module& module) : module_(module) {}
  void IndexNames();
  // Wants the modules that are called to be there, names included.
  void ResolveReferences();

 private:
  void Add(const parser::Traversal& traversal, UsePlace place, std::vector<Use>& uses);
  void Add(const parser::Expression* expression, UsePlace place, std::vector<Use>& uses);
  void Add(const parser::Body& body, UsePlace place, std::vector<Use>& uses);
  void Add(const std::vector<parser::Traversal>& traversals, std::vector<Use>& uses);
  void Add(const std::vector<Condition>& conditions, std::vector<Use>& uses);
  void ResolveResource(Resource& resource);
  void ResolveCall(ModuleCall& call);

  Module& module_;
};

// The error about a reference to what a module does not have.
Diagnostic Undeclared(const Module& module, const lang::Reference& reference);

}  // namespace tkn::config
