#include "engine/value/range.h"

namespace tkn {

std::optional<NumberRange> NumberRangeOf(const Value& value) {
  if (value.type() != Type::Number()) return std::nullopt;
  NumberRange range;
  if (value.IsKnown()) {
    if (value.IsNull()) return range;
    range.minimum = range.maximum = value.AsNumber();
  } else if (const Refinement* refinement = value.refinement()) {
    if (refinement->minimum) range.minimum = *refinement->minimum;
    if (refinement->maximum) range.maximum = *refinement->maximum;
  }
  return range;
}

LengthRange LengthRangeOf(const Value& value) {
  const Type type = value.type();
  if (type.IsTuple() || type.IsObject()) {
    const auto length = static_cast<std::int64_t>(type.IsTuple() ? type.tuple_elements().size()
                                                                 : type.attributes().size());
    return {length, length};
  }
  if (value.IsKnown()) {
    if (value.IsNull()) return {};
    const auto length = static_cast<std::int64_t>(value.Length());
    // Unknown elements of a set may turn out to be one.
    if (type.IsSet() && length > 1 && !value.IsWhollyKnown()) return {1, length};
    return {length, length};
  }
  LengthRange range;
  if (const Refinement* refinement = value.refinement()) {
    range = {refinement->min_length.value_or(0), refinement->max_length};
  }
  return range;
}

bool IsExcluded(const Value& known, const Value& unknown) {
  const Refinement* refinement = unknown.refinement();
  if (known.IsNull()) return refinement != nullptr && refinement->not_null;
  const Type type = unknown.type();
  if (!type.HasDynamic() && type != known.type()) {
    // Nulls of any type are equal, so another type excludes a value that is not null.
    return !known.type().HasDynamic();
  }
  if (refinement == nullptr) return false;
  if (type == Type::String()) return !known.AsString().starts_with(refinement->prefix);
  if (type == Type::Number()) {
    const Number& number = known.AsNumber();
    if (refinement->minimum && (refinement->minimum_inclusive ? number < *refinement->minimum
                                                              : number <= *refinement->minimum)) {
      return true;
    }
    return refinement->maximum && (refinement->maximum_inclusive ? number > *refinement->maximum
                                                                 : number >= *refinement->maximum);
  }
  if (type.IsCollection() && known.type().IsCollection()) {
    const LengthRange have = LengthRangeOf(known);
    const LengthRange want = LengthRangeOf(unknown);
    if (have.maximum && *have.maximum < want.minimum) return true;
    return want.maximum && have.minimum > *want.maximum;
  }
  return false;
}

}  // namespace tkn
