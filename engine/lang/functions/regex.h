#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tkn::lang {

// Replaces each match of `pattern` (RE2's syntax, which is Go's); in `replacement` $1, $name and
// ${name} stand for groups and $$ for a dollar sign. On a bad pattern, or a result above `limit`
// bytes, nullopt and `error`.
std::optional<std::string> ReplaceRegex(std::string_view text, std::string_view pattern,
                                        std::string_view replacement, std::size_t limit,
                                        std::string& error);

}  // namespace tkn::lang
