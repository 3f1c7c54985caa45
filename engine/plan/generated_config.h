#pragma once

#include <optional>
#include <string>

#include "engine/plan/change.h"
#include "engine/plan/import_targets.h"
#include "engine/plan/run.h"

namespace tkn::plan {

// The block that a person would write for an object: what can be set, as it is; secrets as null.
std::string GenerateConfig(const Address& address, const Value& object, const BlockSchema& schema);

// Imports an object that has no block yet, and plans it as if the generated block were there.
// nullopt after an error.
[[nodiscard]] std::optional<ResourceChange> PlanGeneratedImport(Run& run,
                                                                const ImportTarget& target,
                                                                Diagnostics& diags);

}  // namespace tkn::plan
