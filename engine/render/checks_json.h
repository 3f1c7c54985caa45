#pragma once

#include <string>
#include <vector>

#include "engine/plan/change.h"
#include "engine/render/json_writer.h"

namespace tkn::render {

// "checks" of plans and states; nothing when there are none.
void WriteChecks(const std::vector<plan::CheckResult>& checks, JsonWriter& out);

// From "check_results" as a state keeps them. What makes no sense is left out.
std::vector<plan::CheckResult> ParseStoredChecks(const std::string& stored);

}  // namespace tkn::render
