#pragma once

#include <optional>

#include "engine/address/address.h"
#include "engine/config/config.h"
#include "engine/config/static_expression.h"

// Addresses written as references: the ends of moved, import and removed blocks.
namespace tkn::config {

// A reference; in JSON also as a text. Quotes are an error in native syntax.
std::optional<parser::Traversal> StrictTraversalOf(const parser::Expression& expression,
                                                   StaticContext& context);

// A module, module instance, resource or resource instance: "Invalid address" otherwise.
std::optional<TargetAddress> TargetOf(const parser::Traversal& traversal, Diagnostics& diags);

// A resource, whatever its indexes and those of modules are (they may be any expressions).
std::optional<ConfigResource> ConfigResourceOf(const parser::Expression& expression,
                                               Diagnostics& diags);

// A resource or module without any index, put into `removed`.
bool RemovedTargetOf(const parser::Traversal& traversal, RemovedBlock& removed, Diagnostics& diags);

}  // namespace tkn::config
