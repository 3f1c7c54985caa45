#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tkn::parser {

// The one of `known` that `given` is most likely a misspelling of, or empty.
[[nodiscard]] std::string_view Suggest(std::string_view given,
                                       std::span<const std::string_view> known);

// ` Did you mean "x"?`, or nothing.
[[nodiscard]] std::string DidYouMean(std::string_view given,
                                     std::span<const std::string_view> known);

}  // namespace tkn::parser
