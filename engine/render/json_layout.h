#pragma once

#include <string>
#include <string_view>

namespace tkn::render {

// Lays compact JSON out over lines, two spaces a level, as Go's json.MarshalIndent: empty objects
// and arrays stay together. Every line but the first is moved in by `indent` spaces more. Nothing
// but white space changes.
std::string IndentJson(std::string_view json, int indent = 0);

}  // namespace tkn::render
