#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/value/path.h"
#include "engine/value/value.h"

namespace tkn {

// Why a value does not fit a type. `message` is Terraform's short form: "a number is required",
// "attribute \"b\" is required"; `path` leads to the offending part.
struct ConversionError {
  Path path;
  std::string message;
  // ".a.z: a number is required": with the path in front, as in "Invalid default value for
  // variable".
  std::string ToString() const;
};

// cty's conversion: safe and unsafe rules (text to number may fail by value), objects to maps,
// tuples to lists and sets, optional attributes filled with null. `type` may contain dynamic.
// Marks, nulls and unknowns (with what still holds of their refinement) are kept.
[[nodiscard]] std::optional<Value> Convert(const Value& value, Type type, ConversionError* error);
// Whether any value of `from` could convert.
bool CanConvert(Type from, Type to);

// The type all of them can convert to safely (as in conditionals, [..] given to tolist, for);
// nullopt: none.
std::optional<Type> Unify(std::span<const Type> types);
// As Unify, but conversions that may fail by value count too (set(number) and tuple([string]) give
// set(number)): what a conditional's two results have in common. cty's UnifyUnsafe.
std::optional<Type> UnifyUnsafe(std::span<const Type> types);

// Defaults of optional(type, default) in a type constraint; mirrors the shape of the type.
struct TypeDefaults {
  struct Child;
  Type type;
  std::vector<std::pair<std::string, Value>> values;  // by attribute
  std::vector<Child> children;
  bool empty() const;
  // Fills in what is missing or null before conversion to `type`.
  Value Apply(const Value& value) const;
};

struct TypeDefaults::Child {
  std::string name;  // of the attribute; "" for elements; "0", "1".. for tuples
  TypeDefaults defaults;
};

inline bool TypeDefaults::empty() const { return values.empty() && children.empty(); }

// "string required", "list of string required", or what in a nested type does not fit: used in
// "Inappropriate value for attribute".
std::string MismatchMessage(Type got, Type want);

}  // namespace tkn
