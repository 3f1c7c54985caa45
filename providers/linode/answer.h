#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/value/value.h"

// Reading what the API answered: objects as Values of the type that their JSON implies. Every field
// may be missing or null (older answers lack the later ones), so each reader has an answer for
// that.
namespace tkn::linode {

// Null of dynamic type when `object` is no object or has no such field.
Value Field(const Value& object, std::string_view name);
std::string TextOf(const Value& object, std::string_view name);  // "" when there is no text
std::optional<std::int64_t> IntOf(const Value& object, std::string_view name);
bool BoolOf(const Value& object, std::string_view name);  // false when there is none
std::vector<Value> ItemsOf(const Value& object, std::string_view name);
std::vector<std::string> TextsOf(const Value& object, std::string_view name);

// `json` in the form of `type`: attributes that are missing become null, others are left out,
// numbers and texts are converted, an object becomes a list of one; what can't be is null. The
// result always has exactly `type`.
Value Shape(const Value& json, Type type);

}  // namespace tkn::linode
