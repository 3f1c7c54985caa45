#pragma once

#include <string_view>

#include "engine/plan/change.h"

namespace tkn::render {

// "action_reason" in the JSON of plans; "" where there is none.
std::string_view ReasonName(plan::ActionReason reason);
// The shorter names that the streams use for the same reasons.
std::string_view StreamReasonName(plan::ActionReason reason);

}  // namespace tkn::render
