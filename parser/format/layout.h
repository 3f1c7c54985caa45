#pragma once

#include "parser/format/token.h"

namespace tkn::parser::format {

// Sets the spaces before each token: indentation, spaces within lines, and columns of "=" and of
// comments that follow each other line by line.
void LayOut(Tokens& tokens);

}  // namespace tkn::parser::format
