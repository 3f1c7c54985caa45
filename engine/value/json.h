#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "engine/value/path.h"
#include "engine/value/value.h"

// Values as JSON. Sensitive marks must be removed (and kept beside it) by the caller.
namespace tkn {

// As jsonencode() and plan/state JSON write it: keys sorted, "<", ">", "&", U+2028/9 escaped as
// \u003c, numbers exact and finite. With `type` given, parts whose declared type is dynamic are
// wrapped
// {"type":..,"value":..} as in tfstate. Unknown is a bug.
std::string ToJson(const Value& value);
std::string ToJson(const Value& value, Type type);
// Whether a number in the value is infinite, which JSON, and so no state, can tell.
bool HasInfinity(const Value& value);
// Go's JSON string escaping of one text, quotes included.
std::string JsonQuote(std::string_view text);

// Reads JSON as values of `type` (what is not in it is null; what is too much is ignored: use for
// states). Bounded depth. The error is one sentence.
std::optional<Value> FromJson(std::string_view json, Type type, std::string* error);
// What a number becomes, by how it is written.
using JsonNumber = Value (*)(std::string_view written);
// The type that jsondecode() infers. `number`: otherwise than as a number.
std::optional<Value> FromJsonImplied(std::string_view json, std::string* error,
                                     JsonNumber number = nullptr);
std::optional<Type> TypeFromJson(std::string_view json, std::string* error);

nlohmann::json ToNlohmann(const Value& value);  // for callers that build documents; numbers beyond
                                                // double become exact text
}  // namespace tkn
