#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/lang/evaluator.h"
#include "engine/value/convert.h"
#include "engine/value/operations.h"

namespace tkn::lang {

using parser::As;
using parser::BinaryOperator;
using parser::Expression;
using parser::ExpressionKind;

namespace {

// What both operands are converted to; equality takes anything.
Type OperandType(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::kOr:
    case BinaryOperator::kAnd:
      return Type::Bool();
    case BinaryOperator::kEqual:
    case BinaryOperator::kNotEqual:
      return Type::Dynamic();
    default:
      return Type::Number();
  }
}

Type ResultType(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::kAdd:
    case BinaryOperator::kSubtract:
    case BinaryOperator::kMultiply:
    case BinaryOperator::kDivide:
    case BinaryOperator::kModulo:
      return Type::Number();
    default:
      return Type::Bool();
  }
}

bool IsComparison(BinaryOperator op) {
  return op == BinaryOperator::kLess || op == BinaryOperator::kLessEqual ||
         op == BinaryOperator::kGreater || op == BinaryOperator::kGreaterEqual;
}

Value Unknown(Type type) {
  Refinement refinement;
  refinement.not_null = true;
  return Value::Unknown(type, std::move(refinement));
}

// Why numbers that may be infinite (1/0 is) have no result; empty: they have one.
std::string_view UndefinedResult(BinaryOperator op, const Number& a, const Number& b) {
  const auto infinite = [](const Number& n) { return n.IsInfinite(); };
  switch (op) {
    case BinaryOperator::kAdd:
      if (infinite(a) && infinite(b) && a.Sign() != b.Sign())
        return "infinities of opposite signs can't be added";
      break;
    case BinaryOperator::kSubtract:
      if (infinite(a) && infinite(b) && a.Sign() == b.Sign())
        return "infinity can't be subtracted from itself";
      break;
    case BinaryOperator::kMultiply:
      if ((infinite(a) && b.Sign() == 0) || (infinite(b) && a.Sign() == 0))
        return "zero can't be multiplied by infinity";
      break;
    case BinaryOperator::kDivide:
      if ((a.Sign() == 0 && b.Sign() == 0) || (infinite(a) && infinite(b)))
        return "zero can't be divided by zero, nor infinity by infinity";
      break;
    default:
      break;
  }
  return {};
}

Value Compute(BinaryOperator op, const Value& a, const Value& b) {
  switch (op) {
    case BinaryOperator::kOr:
      return Or(a, b);
    case BinaryOperator::kAnd:
      return And(a, b);
    case BinaryOperator::kEqual:
      return Equals(a, b);
    case BinaryOperator::kNotEqual:
      return Not(Equals(a, b));
    case BinaryOperator::kLess:
      return Less(a, b);
    case BinaryOperator::kLessEqual:
      return LessEqual(a, b);
    case BinaryOperator::kGreater:
      return Greater(a, b);
    case BinaryOperator::kGreaterEqual:
      return GreaterEqual(a, b);
    case BinaryOperator::kAdd:
      return Add(a, b);
    case BinaryOperator::kSubtract:
      return Subtract(a, b);
    case BinaryOperator::kMultiply:
      return Multiply(a, b);
    case BinaryOperator::kDivide:
      return Divide(a, b);
    case BinaryOperator::kModulo:
      return Modulo(a, b);
  }
  return Value::Dynamic();
}

}  // namespace

Value Evaluator::EvalUnary(const parser::UnaryExpression& e, Diagnostics& diags) {
  const Type type = e.op == parser::UnaryOperator::kNegate ? Type::Number() : Type::Bool();
  Diagnostics found;
  const Value given = Eval(*e.operand, found);
  const bool failed = found.HasErrors();
  diags.Append(std::move(found));
  ConversionError error;
  const auto operand = Convert(given, type, &error);
  if (!operand) {
    Fail("Invalid operand",
         fmt::format("Unsuitable as operand of this operator: {}.", error.ToString()),
         e.operand->range, e.range, e.operand, diags);
    return Value::Unknown(type);
  }
  if (failed) return Value::Unknown(type);
  if (operand->IsNull()) {
    Fail("Operation failed", "This operator can't be applied to null.", e.range, {}, &e, diags);
    return Value::Unknown(type);
  }
  const auto [plain, marks] = operand->Unmark();
  Value result = !plain.IsKnown()                         ? Unknown(type)
                 : e.op == parser::UnaryOperator::kNegate ? Negate(plain)
                                                          : Not(plain);
  return marks.empty() ? result : result.WithMarks(marks);
}

// `1 + 1 + ...` leans to the left as far as the source is long, so the left spine is a loop.
Value Evaluator::EvalBinary(const parser::BinaryExpression& e, Diagnostics& diags) {
  std::vector<const parser::BinaryExpression*> spine{&e};
  const Expression* left = e.left;
  while (left->kind == ExpressionKind::kBinary) {
    spine.push_back(&As<parser::BinaryExpression>(*left));
    left = spine.back()->left;
  }
  Diagnostics found;
  Value value = Eval(*left, found);
  bool failed = found.HasErrors();
  diags.Append(std::move(found));
  for (auto it = spine.rbegin(); it != spine.rend(); ++it) {
    Diagnostics more;
    Value right = Eval(*(*it)->right, more);
    value = ApplyBinary(**it, std::move(value), std::move(right), failed || more.HasErrors(),
                        (*it)->range, more);
    failed = failed || more.HasErrors();
    if (!more.empty()) diags.Append(std::move(more));
  }
  return value;
}

Value Evaluator::ApplyBinary(const parser::BinaryExpression& e, Value left, Value right,
                             bool failed, const SourceRange& range, Diagnostics& diags) {
  const Type want = OperandType(e.op);
  if (!want.IsDynamic()) {
    const auto convert = [&](Value& value, const Expression* operand, std::string_view side) {
      if (value.type() == want) return;
      ConversionError error;
      auto converted = Convert(value, want, &error);
      if (converted) {
        value = std::move(*converted);
        return;
      }
      Fail("Invalid operand",
           fmt::format("Unsuitable as {} operand of this operator: {}.", side, error.ToString()),
           operand->range, range, operand, diags);
      failed = true;
    };
    convert(left, e.left, "left");
    convert(right, e.right, "right");
    if (failed) return Value::Unknown(ResultType(e.op));
    if (left.IsNull() || right.IsNull()) {
      Fail("Operation failed",
           fmt::format("The {} operand is null, and this operator needs a value on both sides.",
                       left.IsNull() ? "left" : "right"),
           range, {}, &e, diags);
      return Value::Unknown(ResultType(e.op));
    }
    const auto [a, marks_a] = left.Unmark();
    const auto [b, marks_b] = right.Unmark();
    const MarkSet marks = marks_a.Union(marks_b);
    // Of the operators only comparisons look at what is known of an unknown.
    const bool known = a.IsKnown() && b.IsKnown();
    if (!known && !IsComparison(e.op)) {
      return Unknown(ResultType(e.op)).WithMarks(marks);
    }
    if (known && ResultType(e.op) == Type::Number()) {
      const std::string_view problem = UndefinedResult(e.op, a.AsNumber(), b.AsNumber());
      if (!problem.empty()) {
        Fail("Operation failed", fmt::format("There is no result: {}.", problem), range, {}, &e,
             diags);
        return Value::Unknown(Type::Number());
      }
      if (b.AsNumber().Sign() == 0 && e.op == BinaryOperator::kModulo) {
        return marks.empty() ? a : a.WithMarks(marks);
      }
      if (b.AsNumber().Sign() == 0 && e.op == BinaryOperator::kDivide) {
        return Value::Number(Number::Infinity(a.AsNumber().Sign() < 0)).WithMarks(marks);
      }
    }
    Value result = Compute(e.op, a, b);
    return marks.empty() ? result : result.WithMarks(marks);
  }
  if (failed) return Value::Unknown(ResultType(e.op));
  return Compute(e.op, left, right);
}

namespace {

// "a map of number", or how two types of one kind differ.
std::string DescribeMismatch(Type on_true, Type on_false) {
  if (on_true.FriendlyName() != on_false.FriendlyName()) {
    return fmt::format("one is {}, the other is {}", on_true.FriendlyName(),
                       on_false.FriendlyName());
  }
  if (on_true.IsTuple() && on_true.tuple_elements().size() != on_false.tuple_elements().size()) {
    return fmt::format("one has {} elements, the other {}, and they have no common type",
                       on_true.tuple_elements().size(), on_false.tuple_elements().size());
  }
  if (on_true.IsObject()) {
    for (const ObjectAttribute& attribute : on_true.attributes()) {
      const ObjectAttribute* other = on_false.FindAttribute(attribute.name);
      if (other == nullptr) {
        return fmt::format("only the first has the attribute \"{}\"", attribute.name);
      }
      if (!Unify(std::array{attribute.type, other->type})) {
        return fmt::format("the attribute \"{}\" is {} in one and {} in the other", attribute.name,
                           attribute.type.FriendlyName(), other->type.FriendlyName());
      }
    }
    for (const ObjectAttribute& attribute : on_false.attributes()) {
      if (on_true.FindAttribute(attribute.name) == nullptr) {
        return fmt::format("only the second has the attribute \"{}\"", attribute.name);
      }
    }
  }
  return fmt::format("both are {}, but what is in them differs", on_true.FriendlyName());
}

bool IsUntypedNull(const Value& value) {
  return value.IsNull() && value.type().IsDynamic() && !value.IsMarked();
}

}  // namespace

Value Evaluator::UnknownConditional(Type type, const Value& condition, const Value& on_true,
                                    const Value& on_false) {
  const MarkSet marks = condition.marks().Union(on_true.marks()).Union(on_false.marks());
  const Value a = on_true.Unmark().first;
  const Value b = on_false.Unmark().first;
  if (a.IsNull() && b.IsNull()) return Value::Null(type).WithMarks(marks);

  Refinement refinement;
  refinement.not_null = a.IsDefinitelyNotNull() && b.IsDefinitelyNotNull();
  const auto finish = [&] {
    Value result = type.IsDynamic() || refinement.IsEmpty()
                       ? Value::Unknown(type)
                       : Value::Unknown(type, std::move(refinement));
    return result.WithMarks(marks);
  };
  if (a.type() == Type::Number() && b.type() == Type::Number()) {
    struct Bound {
      std::optional<Number> at;
      bool inclusive = true;
    };
    const auto bound = [](const Value& v, bool lower) -> Bound {
      if (v.IsNull()) return {};
      if (v.IsKnown()) return {v.AsNumber(), true};
      const Refinement* r = v.refinement();
      if (r == nullptr) return {};
      return lower ? Bound{r->minimum, r->minimum_inclusive}
                   : Bound{r->maximum, r->maximum_inclusive};
    };
    const auto merge = [&](bool lower, std::optional<Number>& at, bool& inclusive) {
      const Bound x = bound(a, lower);
      const Bound y = bound(b, lower);
      if (!x.at || !y.at) return;
      if (*x.at == *y.at) {
        at = x.at;
        inclusive = x.inclusive || y.inclusive;
        return;
      }
      const bool take_x = lower ? *x.at < *y.at : *y.at < *x.at;
      at = take_x ? x.at : y.at;
      inclusive = take_x ? x.inclusive : y.inclusive;
    };
    merge(true, refinement.minimum, refinement.minimum_inclusive);
    merge(false, refinement.maximum, refinement.maximum_inclusive);
    return finish();
  }
  if (a.type().IsCollection() && a.type() == b.type()) {
    const auto lengths =
        [](const Value& v) -> std::pair<std::int64_t, std::optional<std::int64_t>> {
      if (v.IsNull()) return {0, std::nullopt};
      if (v.IsKnown()) {
        const auto n = static_cast<std::int64_t>(v.Length());
        // A set of unknowns may lose elements that turn out to be equal.
        if (v.type().IsSet() && !v.IsWhollyKnown()) return {n > 0 ? 1 : 0, n};
        return {n, n};
      }
      const Refinement* r = v.refinement();
      if (r == nullptr) return {0, std::nullopt};
      return {r->min_length.value_or(0), r->max_length};
    };
    const auto [a_low, a_high] = lengths(a);
    const auto [b_low, b_high] = lengths(b);
    if (std::min(a_low, b_low) > 0) refinement.min_length = std::min(a_low, b_low);
    if (a_high && b_high) refinement.max_length = std::max(*a_high, *b_high);
    return finish();
  }
  return finish();
}

Value Evaluator::EvalConditional(const Branches& e, Diagnostics& diags) {
  // Both branches are computed, since the type of the result must not depend on the condition;
  // errors of the branch that is not taken are dropped.
  Diagnostics true_diags;
  Diagnostics false_diags;
  Value on_true = Eval(e.on_true, true_diags);
  Value on_false = Eval(e.on_false, false_diags);

  Type type = Type::Dynamic();
  if (IsUntypedNull(on_true)) {
    type = on_false.type();
  } else if (IsUntypedNull(on_false)) {
    type = on_true.type();
  } else if (!on_true.type().IsDynamic() && !on_false.type().IsDynamic()) {
    const auto common = UnifyUnsafe(std::array{on_true.type(), on_false.type()});
    if (!common) {
      Fail("Inconsistent conditional result types",
           fmt::format("Both results of a condition must have one type: {}. Convert one of them, "
                       "for example with tostring() or tolist().",
                       DescribeMismatch(on_true.type(), on_false.type())),
           Join(e.on_true.range, e.on_false.range), e.whole.range, &e.whole, diags);
      return Value::Dynamic();
    }
    type = *common;
  }

  Diagnostics condition_diags;
  Value condition = Eval(e.condition, condition_diags);
  diags.Append(std::move(condition_diags));
  if (condition.IsNull()) {
    Fail("Null condition", "The condition is null, where true or false is needed.",
         e.condition.range, e.whole.range, &e.condition, diags);
    return Value::Unknown(type);
  }
  if (!condition.IsKnown()) return UnknownConditional(type, condition, on_true, on_false);
  ConversionError error;
  const auto converted = Convert(condition, Type::Bool(), &error);
  if (!converted) {
    Fail("Incorrect condition type",
         fmt::format("A condition must be true or false, but this is {}.",
                     condition.type().FriendlyName()),
         e.condition.range, e.whole.range, &e.condition, diags);
    return Value::Unknown(type);
  }
  const auto [truth, condition_marks] = converted->Unmark();
  const bool taken = truth.AsBool();
  // Whoever sees the result learns something of the other branch's existence only, yet its marks
  // are kept: the result then doesn't change its secrecy with the condition.
  const MarkSet marks = condition_marks.Union((taken ? on_false : on_true).marks());
  diags.Append(std::move(taken ? true_diags : false_diags));
  Value& result = taken ? on_true : on_false;
  if (result.type() != type && !type.IsDynamic()) {
    auto fitting = Convert(result, type, &error);
    if (!fitting) {
      const Expression& branch = taken ? e.on_true : e.on_false;
      Fail("Inconsistent conditional result types",
           fmt::format("This result does not fit the type that both results have in common: {}.",
                       error.ToString()),
           branch.range, e.whole.range, &e.whole, diags);
      return Value::Unknown(type);
    }
    result = std::move(*fitting);
  }
  return marks.empty() ? result : result.WithMarks(marks);
}

Value Evaluator::EvalTemplateIf(const parser::TemplateIf& e, Diagnostics& diags) {
  return EvalConditional({e, *e.condition, *e.on_true, *e.on_false}, diags);
}

}  // namespace tkn::lang
