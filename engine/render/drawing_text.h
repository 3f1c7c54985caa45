#pragma once

#include <string>

#include "engine/graph/drawing.h"

namespace tkn::render {

enum class GraphFormat { kDot, kMermaid };

// In DOT the text of `terraform graph -type`, letter for letter.
std::string DrawingText(const graph::Drawing& drawing, GraphFormat format);

// In quotes, as DOT has them.
std::string DotQuoted(const std::string& text);

}  // namespace tkn::render
