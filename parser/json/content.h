#pragma once

#include "parser/content.h"

// Content(), PartialContent() and JustAttributes() for bodies in JSON syntax, where a member of an
// object may be an argument or blocks, labels are objects in objects, and several blocks an array:
// the schema decides.
namespace tkn::parser::json {

[[nodiscard]] BodyContent Content(const Body& body, const BodySchema& schema, Diagnostics& diags);
[[nodiscard]] BodyContent PartialContent(const Body& body, const BodySchema& schema, Body* rest,
                                         Diagnostics& diags);
[[nodiscard]] std::vector<const Attribute*> JustAttributes(const Body& body, Diagnostics& diags);

// A body that is `value`. Nodes come from `arena`, whose lock the caller holds where others may use
// it.
[[nodiscard]] Body* MakeBody(const Expression* value, Arena& arena);

}  // namespace tkn::parser::json
