#include "engine/value/operations.h"

#include <algorithm>
#include <stdexcept>

#include "engine/value/node.h"
#include "engine/value/range.h"

namespace tkn {

namespace {

Value UnknownNotNull(Type type) { return Value::Unknown(type, {.not_null = true}); }
Value UnknownBool() {
  static const Value* const value = new Value(UnknownNotNull(Type::Bool()));
  return *value;
}

template <typename Operation>
Value WithoutMarks(const Value& a, const Value& b, const Operation& operation) {
  const auto [left, left_marks] = a.Unmark();
  const auto [right, right_marks] = b.Unmark();
  return operation(left, right).WithMarks(left_marks.Union(right_marks));
}

bool AreKnown(const Value& a, const Value& b) { return a.IsKnown() && b.IsKnown(); }

// nullopt where the operation has no result, as for infinities of opposite signs.
template <typename Operation>
std::optional<Number> Try(const Operation& operation, const Number& a, const Number& b) {
  try {
    return operation(a, b);
  } catch (const std::logic_error&) {
    return std::nullopt;
  }
}

// For operations that are monotone in both operands: the result lies between what the bounds give.
template <typename Operation>
Value ArithmeticOnRanges(const Value& a, const Value& b, const Operation& operation) {
  Refinement refinement{.not_null = true};
  const auto left = NumberRangeOf(a);
  const auto right = NumberRangeOf(b);
  if (left && right) {
    std::optional<Number> least;
    std::optional<Number> most;
    bool open = false;
    for (const Number* x : {&left->minimum, &left->maximum}) {
      for (const Number* y : {&right->minimum, &right->maximum}) {
        const auto result = Try(operation, *x, *y);
        if (!result) {
          open = true;
          continue;
        }
        if (!least || *result < *least) least = result;
        if (!most || *result > *most) most = result;
      }
    }
    if (!open && least && !least->IsInfinite()) refinement.minimum = least;
    if (!open && most && !most->IsInfinite()) refinement.maximum = most;
  }
  return Value::Unknown(Type::Number(), std::move(refinement));
}

// The common case, for which nothing is copied.
bool ArePlainNumbers(const Value& a, const Value& b) {
  return a.node()->kind == NodeKind::kNumber && b.node()->kind == NodeKind::kNumber;
}

template <typename Operation>
Value Arithmetic(const Value& a, const Value& b, const Operation& operation) {
  if (ArePlainNumbers(a, b)) return Value::Number(operation(a.AsNumber(), b.AsNumber()));
  return WithoutMarks(a, b, [&](const Value& x, const Value& y) {
    if (AreKnown(x, y)) return Value::Number(operation(x.AsNumber(), y.AsNumber()));
    return ArithmeticOnRanges(x, y, operation);
  });
}

Value LessThan(const Value& x, const Value& y) {
  if (AreKnown(x, y)) return Value::Bool(x.AsNumber() < y.AsNumber());
  const auto left = NumberRangeOf(x);
  const auto right = NumberRangeOf(y);
  if (left && right) {
    if (left->maximum < right->minimum) return Value::Bool(true);
    if (left->minimum > right->maximum) return Value::Bool(false);
  }
  return UnknownBool();
}

enum class Truth { kFalse, kTrue, kUnknown };

bool CouldConform(Type a, Type b) {
  if (a.IsDynamic() || b.IsDynamic() || a == b) return true;
  if (a.kind() != b.kind() || a.IsPrimitive()) return false;
  if (a.IsCollection()) return CouldConform(a.element(), b.element());
  if (a.IsTuple()) return std::ranges::equal(a.tuple_elements(), b.tuple_elements(), CouldConform);
  return std::ranges::equal(a.attributes(), b.attributes(),
                            [](const ObjectAttribute& x, const ObjectAttribute& y) {
                              return x.name == y.name && CouldConform(x.type, y.type);
                            });
}

// Whether the type of everything inside is known. A null of dynamic type is just null.
bool TypeIsKnown(const Value& value) {
  if (value.IsNull()) return true;
  if (!value.IsKnown()) return !value.type().IsDynamic();
  if (value.IsWhollyKnown() || value.type().IsPrimitive()) return true;
  return std::ranges::all_of(value.elements(), TypeIsKnown);
}

Truth Compare(const Value& a, const Value& b);

Truth CompareElements(const Value& a, const Value& b) {
  const auto left = a.elements();
  const auto right = b.elements();
  if (left.size() != right.size()) return Truth::kFalse;
  if (a.type().IsMap()) {
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (a.KeyAt(i) != b.KeyAt(i)) return Truth::kFalse;
    }
  }
  // In lists and tuples the first element that decides does so. Attributes have no order that a
  // user could mean, so that any that differs decides.
  const bool ordered = a.type().IsList() || a.type().IsTuple();
  Truth result = Truth::kTrue;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const Truth element = Compare(left[i], right[i]);
    if (element == Truth::kFalse) return element;
    if (element == Truth::kUnknown) {
      if (ordered) return element;
      result = element;
    }
  }
  return result;
}

Truth CompareSets(const Value& a, const Value& b) {
  if (!a.IsWhollyKnown() || !b.IsWhollyKnown()) return Truth::kUnknown;
  return a.EqualsIgnoringMarks(b) ? Truth::kTrue : Truth::kFalse;
}

// Both without marks.
Truth Compare(const Value& a, const Value& b) {
  if (a.IsKnown() && a.IsNull() && b.IsDefinitelyNotNull()) return Truth::kFalse;
  if (b.IsKnown() && b.IsNull() && a.IsDefinitelyNotNull()) return Truth::kFalse;
  if (!a.IsKnown() || !b.IsKnown()) {
    if (a.IsKnown() && IsExcluded(a, b)) return Truth::kFalse;
    if (b.IsKnown() && IsExcluded(b, a)) return Truth::kFalse;
    return Truth::kUnknown;
  }
  if (a.IsNull() || b.IsNull()) return a.IsNull() && b.IsNull() ? Truth::kTrue : Truth::kFalse;
  if (!TypeIsKnown(a) || !TypeIsKnown(b)) {
    return CouldConform(a.type(), b.type()) ? Truth::kUnknown : Truth::kFalse;
  }
  if (a.type() != b.type()) return Truth::kFalse;
  if (a.IsWhollyKnown() && b.IsWhollyKnown() && !a.type().HasDynamic()) {
    return a.EqualsIgnoringMarks(b) ? Truth::kTrue : Truth::kFalse;
  }
  if (a.type().IsSet()) return CompareSets(a, b);
  return CompareElements(a, b);
}

}  // namespace

Value Add(const Value& a, const Value& b) {
  return Arithmetic(a, b, [](const Number& x, const Number& y) { return x + y; });
}

Value Subtract(const Value& a, const Value& b) {
  return Arithmetic(a, b, [](const Number& x, const Number& y) { return x - y; });
}

Value Multiply(const Value& a, const Value& b) {
  return Arithmetic(a, b, [](const Number& x, const Number& y) { return x * y; });
}

Value Divide(const Value& a, const Value& b) {
  if (ArePlainNumbers(a, b)) return Value::Number(a.AsNumber() / b.AsNumber());
  return WithoutMarks(a, b, [](const Value& x, const Value& y) {
    return AreKnown(x, y) ? Value::Number(x.AsNumber() / y.AsNumber())
                          : UnknownNotNull(Type::Number());
  });
}

Value Modulo(const Value& a, const Value& b) {
  return WithoutMarks(a, b, [](const Value& x, const Value& y) {
    return AreKnown(x, y) ? Value::Number(Number::Modulo(x.AsNumber(), y.AsNumber()))
                          : UnknownNotNull(Type::Number());
  });
}

Value Negate(const Value& a) {
  const auto [value, marks] = a.Unmark();
  return (value.IsKnown() ? Value::Number(-value.AsNumber()) : UnknownNotNull(Type::Number()))
      .WithMarks(marks);
}

Value Less(const Value& a, const Value& b) {
  if (ArePlainNumbers(a, b)) return LessThan(a, b);
  return WithoutMarks(a, b, LessThan);
}

Value Greater(const Value& a, const Value& b) {
  return WithoutMarks(a, b, [](const Value& x, const Value& y) { return LessThan(y, x); });
}

Value LessEqual(const Value& a, const Value& b) {
  if (ArePlainNumbers(a, b)) return Value::Bool(a.AsNumber() <= b.AsNumber());
  return Or(Less(a, b), Equals(a, b));
}

Value GreaterEqual(const Value& a, const Value& b) { return LessEqual(b, a); }

Value And(const Value& a, const Value& b) {
  return WithoutMarks(a, b, [](const Value& x, const Value& y) {
    if ((x.IsKnown() && !x.AsBool()) || (y.IsKnown() && !y.AsBool())) return Value::Bool(false);
    return AreKnown(x, y) ? Value::Bool(true) : UnknownBool();
  });
}

Value Or(const Value& a, const Value& b) {
  return WithoutMarks(a, b, [](const Value& x, const Value& y) {
    if ((x.IsKnown() && x.AsBool()) || (y.IsKnown() && y.AsBool())) return Value::Bool(true);
    return AreKnown(x, y) ? Value::Bool(false) : UnknownBool();
  });
}

Value Not(const Value& a) {
  const auto [value, marks] = a.Unmark();
  return (value.IsKnown() ? Value::Bool(!value.AsBool()) : UnknownBool()).WithMarks(marks);
}

Value Equals(const Value& a, const Value& b) {
  if (!a.ContainsMarked() && !b.ContainsMarked()) {
    switch (Compare(a, b)) {
      case Truth::kTrue:
        return Value::Bool(true);
      case Truth::kFalse:
        return Value::Bool(false);
      case Truth::kUnknown:
        return UnknownBool();
    }
  }
  // Beside a null, what is inside the other has no say.
  const bool shallow = a.IsNull() != b.IsNull();
  const MarkSet marks = shallow ? a.marks().Union(b.marks()) : a.AllMarks().Union(b.AllMarks());
  return Equals(a.UnmarkDeep(), b.UnmarkDeep()).WithMarks(marks);
}

Value LengthOf(const Value& collection) {
  const auto [value, marks] = collection.Unmark();
  if (value.type().IsDynamic()) return UnknownNotNull(Type::Number()).WithMarks(marks);
  const LengthRange range = LengthRangeOf(value);
  if (range.maximum == range.minimum) return Value::Number(range.minimum).WithMarks(marks);
  Refinement refinement{.not_null = true, .minimum = Number(range.minimum)};
  if (range.maximum) refinement.maximum = Number(*range.maximum);
  return Value::Unknown(Type::Number(), std::move(refinement)).WithMarks(marks);
}

}  // namespace tkn
