#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "engine/value/hash_slots.h"
#include "state/store.h"

namespace tkn::plan {

// One object of the state that a run starts from, and what the run has found out about it. Belongs
// to the one task that handles it; `updated`, `gone` and `is_handled` are written by that task
// only.
struct PriorObject {
  const state::StoredObject* stored = nullptr;
  const Address* address = nullptr;   // after moves
  const Address* previous = nullptr;  // set where it was moved
  std::unique_ptr<state::StoredObject>
      updated{};              // refreshed, or with new dependencies; else as stored
  bool gone = false;          // it is no longer there, or no longer ours
  bool is_handled = false;    // some step takes care of it
  bool is_refreshed = false;  // `updated` and `gone` are what a read gave

  const state::StoredObject& now() const { return updated ? *updated : *stored; }
  const std::string& deposed_key() const { return stored->deposed_key; }
};

// The state that a run starts from, by address after moves. Nothing of the snapshot is copied.
class PriorState {
 public:
  explicit PriorState(std::shared_ptr<const state::Snapshot> snapshot);

  std::vector<PriorObject>& objects() { return objects_; }  // sorted by address, then deposed key
  const state::Snapshot& snapshot() const { return *snapshot_; }
  const std::shared_ptr<const state::Snapshot>& shared_snapshot() const { return snapshot_; }

  PriorObject* Find(const Address& address, std::string_view deposed_key = {});
  // Every object of one resource in one module instance.
  std::span<PriorObject> Range(const ResourceAddress& resource);
  // Objects that were not in the state: imported, or read data. Any thread.
  void Add(state::StoredObject object);

  // Gives objects new addresses; `moved[i]` (nullptr: stays) is for objects()[i] and must live as
  // long as this.
  void Move(const std::vector<const Address*>& moved);

  // The state with all that was found out; the very snapshot if nothing was. After the walk.
  std::shared_ptr<const state::Snapshot> Build() const;

 private:
  // After each change of the objects' order.
  void Index();

  std::shared_ptr<const state::Snapshot> snapshot_;
  std::vector<PriorObject> objects_;
  HashSlots<PriorObject> by_address_;
  std::mutex mutex_;
  std::vector<state::StoredObject> added_;
};

}  // namespace tkn::plan
