#pragma once

#include <string>

#include "parser/ast.h"

namespace tkn::parser {

// For tests of the layout: a file's tree as text, without what `fmt` may change of it: "${x}" and
// (x) as whole values are x, labels may be quoted, and types of variables may be written the modern
// way.
[[nodiscard]] std::string MeaningOf(const Body& body);

}  // namespace tkn::parser
