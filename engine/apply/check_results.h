#pragma once

#include <string>
#include <vector>

#include "engine/plan/change.h"

namespace tkn::apply {

// "check_results" of a state file, version 4; "null" when there are no checks.
std::string CheckResultsToJson(const std::vector<plan::CheckResult>& checks);

}  // namespace tkn::apply
