#pragma once

#include <string>

#include "engine/config/config.h"
#include "engine/render/drawing_text.h"
#include "parser/diagnostic.h"

namespace tkn::render {

// How the resource blocks of a configuration depend on each other: the output of `graph`.
// Arrows that follow from others are left out. A cycle is an error, and gives "".
std::string ResourceGraphText(const config::ModuleTree& tree, GraphFormat format,
                              Diagnostics& diags);

}  // namespace tkn::render
