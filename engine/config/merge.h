#pragma once

#include "parser/arena.h"
#include "parser/ast.h"

namespace tkn::config {

// What `over`, from an override file, makes of `base`: arguments replace those of the same name,
// blocks all those of the same type; lifecycle blocks are merged argument by argument.
const parser::Body* MergeBodies(const parser::Body& base, const parser::Body& over,
                                parser::Arena& arena);

}  // namespace tkn::config
