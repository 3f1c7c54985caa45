#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace tkn::cli {

// A sink for debug lines, which TF_LOG (or TF_LOG_PROVIDER) switches on: they go to TF_LOG_PATH, or
// else to standard error, with time, level and `source`. Empty when the level is off. Callers mask
// secrets before they log.
std::function<void(std::string_view line)> DebugLog(std::string source);

}  // namespace tkn::cli
