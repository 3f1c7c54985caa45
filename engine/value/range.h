#pragma once

#include "engine/value/value.h"

// What a value can be, known or not: a known value's range is itself. Internal to this folder.
namespace tkn {

struct NumberRange {
  Number minimum = Number::Infinity(true);
  Number maximum = Number::Infinity(false);
};
// Of an unmarked number, or unknown of dynamic type (then nullopt).
std::optional<NumberRange> NumberRangeOf(const Value& value);

struct LengthRange {
  std::int64_t minimum = 0;
  std::optional<std::int64_t> maximum{};
};
// Of an unmarked collection, tuple or object.
LengthRange LengthRangeOf(const Value& value);

// Whether `known` (unmarked) certainly is not what `unknown` will be.
bool IsExcluded(const Value& known, const Value& unknown);

}  // namespace tkn
