#pragma once

#include <string>

#include "engine/config/config.h"
#include "parser/diagnostic.h"

namespace tkn::render {

// How the resource blocks of a configuration depend on each other, as DOT: the output of `graph`.
// Arrows that follow from others are left out. A cycle is an error, and gives "".
std::string ResourceGraphDot(const config::ModuleTree& tree, Diagnostics& diags);

}  // namespace tkn::render
