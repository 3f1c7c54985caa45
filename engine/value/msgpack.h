#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/value/value.h"

// cty's MessagePack form: keeps unknowns with refinements and, unlike JSON, nothing else is lost.
// Marks are not part of it. Used in plan files and towards external providers.
namespace tkn {

std::string ToMsgpack(const Value& value, Type type);
std::optional<Value> FromMsgpack(std::string_view bytes, Type type, std::string* error);

}  // namespace tkn
