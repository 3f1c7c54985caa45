#pragma once

#include <string>

#include "parser/ast.h"

namespace tkn::parser {

// A tree as an S-expression on one line, for tests and for looking at what was parsed. Ranges are
// left out.
[[nodiscard]] std::string Print(const Expression& expression);
[[nodiscard]] std::string Print(const Body& body);

}  // namespace tkn::parser
