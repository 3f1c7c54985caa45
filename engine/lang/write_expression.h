#pragma once

#include <string>

#include "engine/value/value.h"

namespace tkn::lang {

// A value as an expression that gives it, laid out as `fmt` does. Marks must be off; unknown and
// null are written as null. Sets and lists become tuples, maps objects.
[[nodiscard]] std::string WriteExpression(const Value& value);
// `NAME = VALUE`, a line (or more) for each attribute of an object or element of a map whose keys
// are identifiers: a .tfvars file.
[[nodiscard]] std::string WriteArguments(const Value& object);

}  // namespace tkn::lang
