#pragma once

#include <string>

#include "engine/plan/plan.h"
#include "engine/render/style.h"

namespace tkn::render {

// What a person reads of a plan: drift where it matters, legend, each change as a diff, output
// changes, the summary line; or why there is nothing to do. Ends with a line end. Sensitive values
// are never in it.
std::string PlanText(const plan::Plan& plan, const TextStyle& style);

// "Changes to Outputs:" and its lines, "" if there are none.
std::string OutputChangesText(const plan::Plan& plan, const TextStyle& style);

}  // namespace tkn::render
