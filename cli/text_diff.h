#pragma once

#include <string>
#include <string_view>

namespace tkn::cli {

// The difference of two texts in unified form with three lines of context, as `diff -u` without
// times.
std::string UnifiedDiff(std::string_view before, std::string_view after,
                        std::string_view before_name, std::string_view after_name);

}  // namespace tkn::cli
