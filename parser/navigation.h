#pragma once

#include <cstdint>
#include <string>

#include "parser/ast.h"

namespace tkn::parser {

// What holds the byte at `offset`, as errors name it: the header of the outermost block (`resource
// "a" "b"`), or in JSON syntax the names and indexes that lead there (`resource.a.b`). Empty at the
// top of a file.
[[nodiscard]] std::string ContextAt(const Body& body, std::uint32_t offset);

}  // namespace tkn::parser
