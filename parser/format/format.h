#pragma once

#include <string>
#include <string_view>

#include "parser/parse.h"

namespace tkn::parser {

// Native syntax in its canonical layout: what `terraform fmt` writes, byte for byte. Only white
// space changes, but for
// "${x}" as a whole value, which becomes x, legacy types of variables, and labels, which are
// quoted. A text with syntax errors comes back as it is.
[[nodiscard]] std::string Format(std::string_view text);
// The same of a text without errors that was parsed already. Needs some 3 bytes more for each byte
// of it.
[[nodiscard]] std::string Format(std::string_view text, File file);

}  // namespace tkn::parser
