#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tkn {

// The candidate that `given` was probably meant to be, or "": at most two letters added, left out
// or changed, as HCL's suggestions. Ties go to the first.
std::string Suggest(std::string_view given, const std::vector<std::string>& candidates);

// ` Did you mean "x"?`, or "" without a suggestion: to be put behind a sentence.
std::string DidYouMean(std::string_view given, const std::vector<std::string>& candidates);

}  // namespace tkn
