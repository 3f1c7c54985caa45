#pragma once

#include <string_view>

#include "parser/ast.h"
#include "parser/diagnostic.h"

// Native syntax in strings of JSON. Offsets count from where the string is, as if it had no
// escapes: close enough to find the place, and what Terraform shows.
namespace tkn::parser {

class Arena;

// `text` is what the string at `range` says, and lives as long as `arena`. kInvalid when it is
// broken.
[[nodiscard]] const Expression* ParseJsonTemplate(std::string_view text, SourceRange range,
                                                  Arena& arena, Diagnostics& diags);
[[nodiscard]] const Expression* ParseJsonExpression(std::string_view text, SourceRange range,
                                                    Arena& arena, Diagnostics& diags);

}  // namespace tkn::parser
