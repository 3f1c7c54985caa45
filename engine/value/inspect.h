#pragma once

#include <iosfwd>
#include <string>

#include "engine/value/value.h"

namespace tkn {

// A value in full, for developers: type where it does not show, marks, what is known of unknowns.
// Never for users: it shows what is sensitive.
std::string Inspect(const Value& value);

// For failing tests.
std::ostream& operator<<(std::ostream& out, const Value& value);
std::ostream& operator<<(std::ostream& out, const Type& type);
std::ostream& operator<<(std::ostream& out, const Number& number);

}  // namespace tkn
