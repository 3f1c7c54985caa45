#pragma once

#include <optional>
#include <span>

#include "engine/value/type.h"

// The rules of conversion between types. Safe ones always succeed; unsafe ones may fail by value,
// as text to number does. Internal to this folder.
namespace tkn {

bool IsConvertible(Type from, Type to, bool unsafe);
// The type all convert to; nullopt when there is none, and for no types at all.
std::optional<Type> UnifyTypes(std::span<const Type> types, bool unsafe);
// The same for the parts of one tuple or object type, each distinct type taken once.
std::optional<Type> UnifyParts(Type structural, bool unsafe);
// `to`, its dynamic parts replaced by what `from` has there.
Type FillDynamic(Type from, Type to);

}  // namespace tkn
