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
#include "engine/value/hash_slots.h"

// Names to indices, and references to what they mean. Internal to this folder.
namespace tkn::config {

// From the address of a traversal to its target: filled once, then only read.
class TargetTable {
 public:
  const ReferenceTarget* Find(const parser::Traversal* key) const {
    return by_traversal_.Find(Hash(key), [](const ReferenceTarget&) { return true; });
  }
  const ReferenceTarget* Add(const parser::Traversal* key, ReferenceTarget target) {
    targets_.push_back(std::move(target));
    by_traversal_.Add(Hash(key), &targets_.back());
    return &targets_.back();
  }

 private:
  // Another one for each.
  static std::size_t Hash(const parser::Traversal* key) {
    return reinterpret_cast<std::uintptr_t>(key);
  }

  std::deque<ReferenceTarget> targets_;
  HashSlots<const ReferenceTarget> by_traversal_;
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
