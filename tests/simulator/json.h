#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace tkn::simulator {

// Keeps the order of keys, as the recorded answers have one. The heavy header is here on purpose:
// every file of the simulator builds JSON, and nothing outside the simulator includes this.
using Json = nlohmann::ordered_json;

// Deepest nesting that is read; more is answered as invalid JSON, so that no recursion runs deep.
inline constexpr int kMaxJsonDepth = 64;

// One line with ", " and ": " between, as the API writes it.
std::string ToText(const Json& value);

// Empty when `text` is no JSON, or too deep.
std::optional<Json> ParseJson(std::string_view text);

}  // namespace tkn::simulator
