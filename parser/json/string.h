#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tkn::parser::json {

struct Decoded {
  std::optional<std::string> text;
  std::size_t error = 0;  // without a text: the byte after the one that is wrong
};

// The text of a JSON string with its quotes. Unpaired surrogates and broken UTF-8 become U+FFFD.
[[nodiscard]] Decoded DecodeString(std::string_view quoted);

// Whether these bytes are a number in JSON.
[[nodiscard]] bool IsJsonNumber(std::string_view text);

}  // namespace tkn::parser::json
