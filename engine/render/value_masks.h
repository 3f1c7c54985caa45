#pragma once

#include <string>

#include "engine/value/value.h"

// What the JSON of plans and states says of a value besides the value: which parts are unknown,
// which sensitive.
namespace tkn::render {

// The value without what is unknown: attributes and map elements are left out, list elements become
// null.
Value KnownPart(const Value& value);
// `true` for what is unknown; in objects and maps what is all known is left out.
std::string UnknownMask(const Value& value);
// The same for what is marked sensitive.
std::string SensitiveMask(const Value& value);

}  // namespace tkn::render
