#pragma once

#include <string>

#include "engine/plan/schemas.h"
#include "engine/render/style.h"
#include "state/store.h"

namespace tkn::render {

// A state as `show` prints it: every object, then the outputs. Objects whose provider this program
// has not got are named, with a note. Sensitive values are hidden.
std::string StateText(const state::Snapshot& snapshot, const plan::Schemas& schemas,
                      const TextStyle& style, Diagnostics& diags);

// One object, as `state show` prints it. The object must be in `snapshot`.
std::string ObjectText(const state::StoredObject& object, const plan::Schemas& schemas,
                       const TextStyle& style, Diagnostics& diags);

}  // namespace tkn::render
