#pragma once

#include "parser/ast.h"
#include "parser/diagnostic.h"

namespace tkn::parser {
class Arena;
}

namespace tkn::parser::json {

// Reads JSON syntax: objects and arrays become kObject and kTuple, strings templates (plain ones
// kLiteral), what is broken kInvalid. The result is an object or an array: when the text is
// neither, that is reported and it is empty.
[[nodiscard]] const Expression* Read(std::string_view text, FileId file, Arena& arena,
                                     Diagnostics& diags);

}  // namespace tkn::parser::json
