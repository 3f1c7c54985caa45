#pragma once

#include "engine/value/value.h"

// The operators of the language on values of the right types: marks are gathered, unknowns give
// refined unknowns. Operands must be of the types named (or unknown of dynamic type); null is a
// bug, the caller checks.
namespace tkn {

Value Add(const Value& a, const Value& b);  // numbers, as the next ones
Value Subtract(const Value& a, const Value& b);
Value Multiply(const Value& a, const Value& b);
Value Divide(const Value& a, const Value& b);  // b not zero
Value Modulo(const Value& a, const Value& b);  // b not zero
Value Negate(const Value& a);
Value Less(const Value& a, const Value& b);  // bools from here on
Value LessEqual(const Value& a, const Value& b);
Value Greater(const Value& a, const Value& b);
Value GreaterEqual(const Value& a, const Value& b);
Value And(const Value& a, const Value& b);  // bools
Value Or(const Value& a, const Value& b);
Value Not(const Value& a);
// Any types, nulls included: cty's Equals, deep, unknown when it depends on an unknown.
Value Equals(const Value& a, const Value& b);

// Length of a collection, tuple or object as a Value: refined unknown for unknown collections.
Value LengthOf(const Value& collection);

}  // namespace tkn
