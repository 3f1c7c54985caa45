#pragma once

#include <optional>
#include <string>

#include "engine/plan/plan.h"
#include "engine/plan/schemas.h"

namespace tkn::plan {

// Whether the file begins as plan files do; false for what can't be read.
[[nodiscard]] bool IsPlanFile(const std::string& path);

// Writes a temporary file beside `path` (mode 0600), syncs it, renames it.
[[nodiscard]] bool SavePlan(const Plan& plan, const std::string& path, Diagnostics& diags);

// Reads a plan back; hostile content gives an error, never more memory than a few times the file's
// size.
[[nodiscard]] std::optional<Plan> LoadPlan(const std::string& path, const Schemas& schemas,
                                           Diagnostics& diags);

// The same on bytes.
[[nodiscard]] std::string EncodePlan(const Plan& plan);
[[nodiscard]] std::optional<Plan> DecodePlan(std::string_view bytes, const Schemas& schemas,
                                             Diagnostics& diags);

// "Saved plan is stale" when `current` is not the state that the plan was made from.
[[nodiscard]] bool CheckNotStale(const Plan& plan, const state::Snapshot& current,
                                 Diagnostics& diags);

}  // namespace tkn::plan
