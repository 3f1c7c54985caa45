#pragma once

#include "parser/format/token.h"

namespace tkn::parser::format {

// Whether a space goes between `token` and `after`, which follows it on the line. `before` comes
// before `token` on the line; nullptr when nothing does.
[[nodiscard]] bool SpaceBetween(const WrittenToken* before, const WrittenToken& token,
                                const WrittenToken& after);

}  // namespace tkn::parser::format
