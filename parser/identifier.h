#pragma once

#include <cstdint>
#include <string_view>

namespace tkn::parser {

// Bytes of the identifier at the start of `text`; 0 when none starts there. Stops before broken
// UTF-8.
[[nodiscard]] std::size_t IdentifierLength(std::string_view text);

// Bytes of the well-formed UTF-8 character at the start of `text` (surrogates and overlong forms
// are not); 0 when there is none.
[[nodiscard]] std::size_t CharacterLength(std::string_view text);

}  // namespace tkn::parser
