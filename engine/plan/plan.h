#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <ranges>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/plan/change.h"
#include "engine/value/hash_slots.h"
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

  static constexpr std::size_t kNoPlace = static_cast<std::size_t>(-1);

  Changes() = default;
  Changes(Changes&&) = default;
  Changes& operator=(Changes&&) = default;

  // A change that is not among the others yet. What takes time is done by making it, so that
  // threads that share the changes wait for each other as little as can be.
  class Entry {
   public:
    // `place`: where it comes among the changes that have one, if that is known: objects of a state
    // are sorted already. A guess that is wrong costs time alone.
    explicit Entry(ResourceChange&& change, std::size_t place = kNoPlace);

   private:
    friend class Changes;
    std::list<ResourceChange> change_;
    std::size_t hash_;
    std::size_t place_;
  };

  // One per address and deposed key: a second is a bug.
  void Add(Entry entry);
  void Add(ResourceChange change, std::size_t place = kNoPlace) {
    Add(Entry(std::move(change), place));
  }
  // Replacements of these resources create first.
  void CreateFirst(const std::set<ConfigResource>& resources);
  void Sort();  // once, when all are in; Find works before and after
  const ResourceChange* Find(const Address& address, std::string_view deposed_key = {}) const;
  View all() const { return {order_, {}}; }
  bool empty() const { return order_.empty(); }

 private:
  const ResourceChange* Find(std::size_t hash, const Address& address,
                             std::string_view deposed_key) const;

  std::list<ResourceChange> changes_;  // which stay where they are
  std::vector<const ResourceChange*> order_;
  std::vector<std::size_t> places_;  // of order_, until it is sorted
  HashSlots<const ResourceChange> by_address_;
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
