#pragma once

#include <string>
#include <vector>

#include "engine/plan/schemas.h"
#include "engine/render/style.h"
#include "state/store.h"

namespace tkn::render {

// One object, deposed ones included, that two states of one configuration don't hold alike.
struct StateChange {
  const state::StoredObject* before = nullptr;  // nullptr: there was none
  const state::StoredObject* after = nullptr;

  const state::StoredObject& either() const { return after != nullptr ? *after : *before; }
};

// In the order of addresses; point into the snapshots.
std::vector<StateChange> StateChanges(const state::Snapshot& before, const state::Snapshot& after);

// What leads from one state to the other, in the layout of plans. "" when nothing does. Sensitive
// values are hidden, also those of objects whose provider this program has not got.
std::string StateDiffText(const state::Snapshot& before, const state::Snapshot& after,
                          const plan::Schemas& schemas, const TextStyle& style, Diagnostics& diags);

// The same as one JSON document; what is sensitive is "(sensitive value)" there.
std::string StateDiffJson(const state::Snapshot& before, const state::Snapshot& after,
                          const plan::Schemas& schemas, Diagnostics& diags);

}  // namespace tkn::render
