#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tkn::lang {

std::string ToBase64(std::string_view bytes);
// Padded, the standard alphabet; line ends are skipped. nullopt for anything else.
std::optional<std::string> FromBase64(std::string_view text);
// Whether it is UTF-8 throughout.
bool IsUtf8(std::string_view bytes);

}  // namespace tkn::lang
