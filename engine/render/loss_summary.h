#pragma once

#include <string>

#include "engine/plan/plan.h"
#include "engine/render/style.h"

namespace tkn::render {

// What a plan destroys or replaces, a line for each object with the reason: for the end of a plan
// that does not fit on the screen. "" if there is none. No values are in it, so no secrets.
std::string LossSummary(const plan::Plan& plan, const TextStyle& style);

}  // namespace tkn::render
