#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <ranges>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/plan/change.h"
#include "state/store.h"

namespace tkn::plan {

enum class Mode : std::uint8_t { kNormal, kDestroy, kRefreshOnly };

// All changes by address; found in constant time, iterated in the order of addresses.
class Changes {
 public:
  struct Get {
    const ResourceChange& operator()(const ResourceChange* change) const { return *change; }
  };
  using View = std::ranges::transform_view<std::span<const ResourceChange* const>, Get>;

  Changes() = default;
  Changes(Changes&&) = default;
  Changes& operator=(Changes&&) = default;

  // One per address and deposed key: a second is a bug.
  void Add(ResourceChange change);
  // Replacements of these resources create first.
  void CreateFirst(const std::set<ConfigResource>& resources);
  void Sort();  // once, when all are in; Find works before and after
  const ResourceChange* Find(const Address& address, std::string_view deposed_key = {}) const;
  View all() const { return {order_, {}}; }
  bool empty() const { return order_.empty(); }

 private:
  struct Slot {
    std::size_t hash;
    const ResourceChange* change;  // nullptr: free
  };
  const ResourceChange* Find(std::size_t hash, const Address& address,
                             std::string_view deposed_key) const;
  void Put(const Slot& slot);

  std::deque<ResourceChange> changes_;  // which stay where they are
  std::vector<const ResourceChange*> order_;
  std::vector<Slot> slots_;  // a power of two, at most half of them taken
};

struct PlannedVariable {
  Value value;  // as given, before defaults
  bool sensitive = false;
  bool ephemeral = false;
};

// One source file of the configuration, as it was when planned.
struct PlannedSource {
  std::string name;  // as shown to people, relative to the root module's directory
  std::string text;
};

// All changes, and everything needed to apply or to show them without the sources or the
// environment they came from. Immutable once made. Contains secrets: written with mode 0600.
struct Plan {
  Mode mode = Mode::kNormal;
  bool complete = true;  // false with -target
  bool applyable = false;
  bool errored = false;
  std::string terraform_version;  // that we answer as
  std::int64_t created_unix_seconds = 0;
  std::string workspace;
  std::vector<std::string> targets{};
  std::vector<std::string> force_replace{};

  std::map<std::string, PlannedVariable> variables{};
  Changes changes{};
  std::vector<DriftChange> drift{};
  std::vector<OutputChange> outputs{};  // sorted by name, unchanged ones included
  std::vector<CheckResult> checks{};
  // ADDRESS and attribute path, of what expressions used that drift changed.
  struct RelevantAttribute {
    std::string resource;
    Path path;
  };
  std::vector<RelevantAttribute> relevant_attributes{};

  // The state it was made from: what apply compares with, to refuse a stale plan.
  std::shared_ptr<const state::Snapshot> base_state{};
  // That state after refresh and moves: what apply starts from.
  std::shared_ptr<const state::Snapshot> prior_state{};

  std::string root_directory{};
  std::vector<PlannedSource> sources{};

  bool HasChanges() const;  // "exit code 2": resources, or outputs, or moves
};

}  // namespace tkn::plan
