#pragma once

#include "parser/ast.h"

namespace tkn::parser {

// Where an expression begins to be what it is: its first operand, its opening bracket, the name of
// the function with its parenthesis. What errors about arguments underline, so that a long argument
// doesn't fill the screen.
[[nodiscard]] SourceRange StartRange(const Expression& expression);

}  // namespace tkn::parser
