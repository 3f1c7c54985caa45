#include <fmt/format.h>

#include "engine/lang/evaluate.h"
#include "engine/lang/evaluator.h"
#include "engine/value/convert.h"

namespace tkn::lang {

using parser::As;
using parser::Expression;
using parser::ExpressionKind;
using parser::Step;

namespace {

Value Problem(std::string_view summary, std::string detail, const SourceRange& range,
              Diagnostics& diags) {
  Diagnostic diagnostic;
  diagnostic.summary = summary;
  diagnostic.detail = std::move(detail);
  diagnostic.subject = range;
  diags.Add(std::move(diagnostic));
  return Value::Dynamic();
}

constexpr std::string_view kInvalidIndex = "Invalid index";
constexpr std::string_view kUnsupported = "Unsupported attribute";

Value IndexSequence(const Value& given, const Value& key, const SourceRange& range,
                    Diagnostics& diags) {
  ConversionError error;
  const auto number = Convert(key, Type::Number(), &error);
  if (!number) {
    return Problem(kInvalidIndex,
                   fmt::format("The elements of a {} are numbered from 0, and this index is not a "
                               "number: {}.",
                               given.type().FriendlyName(), error.ToString()),
                   range, diags);
  }
  const auto [index, key_marks] = number->Unmark();
  const auto [sequence, marks] = given.Unmark();
  if (!index.IsKnown() || !sequence.IsKnown()) {
    const Type type = sequence.type();
    if (type.IsList()) return Value::Unknown(type.element()).WithMarks(marks);
    return Value::Dynamic().WithMarks(marks);
  }
  const Number& at = index.AsNumber();
  const auto elements = sequence.elements();
  const auto position = at.ToInt64();
  if (!at.IsInteger()) {
    return Problem(
        kInvalidIndex,
        "An index must be a whole number, but this one has a fraction. If it comes from a "
        "division, round it with floor().",
        range, diags);
  }
  if (at.Sign() < 0) {
    return Problem(
        kInvalidIndex,
        "An index counts from 0 and can't be negative. For the last element, subtract from "
        "length().",
        range, diags);
  }
  if (!position || static_cast<std::size_t>(*position) >= elements.size()) {
    if (marks.empty() && elements.empty()) {
      return Problem(kInvalidIndex, "There is no element to take: the collection is empty.", range,
                     diags);
    }
    return Problem(kInvalidIndex,
                   marks.empty()
                       ? fmt::format("The index is past the end: the collection has {} element{}, "
                                     "counted from 0.",
                                     elements.size(), elements.size() == 1 ? "" : "s")
                       : std::string("The index is past the end of the collection."),
                   range, diags);
  }
  return elements[static_cast<std::size_t>(*position)].WithMarks(marks.Union(key_marks));
}

Value IndexMap(const Value& given, const Value& key, const SourceRange& range, Diagnostics& diags) {
  ConversionError error;
  const auto text = Convert(key, Type::String(), &error);
  if (!text) {
    return Problem(
        kInvalidIndex,
        fmt::format("The keys of a map are texts, and this is none: {}.", error.ToString()), range,
        diags);
  }
  const auto [name, key_marks] = text->Unmark();
  const auto [map, marks] = given.Unmark();
  if (!name.IsKnown() || !map.IsKnown()) {
    return Value::Unknown(map.type().element()).WithMarks(marks);
  }
  const Value* found = map.Find(name.AsString());
  if (found == nullptr) {
    return Problem(kInvalidIndex,
                   key_marks.empty() && !name.AsString().empty()
                       ? fmt::format("The map has no element with the key \"{}\". Where it may be "
                                     "missing, use lookup().",
                                     name.AsString())
                       : std::string("The map has no element with this key."),
                   range, diags);
  }
  return found->WithMarks(marks.Union(key_marks));
}

Value IndexObject(const Value& given, const Value& key, const SourceRange& range,
                  Diagnostics& diags) {
  ConversionError error;
  const auto text = Convert(key, Type::String(), &error);
  if (!text) {
    return Problem(
        kInvalidIndex,
        fmt::format("Attributes are named by texts, and this is none: {}.", error.ToString()),
        range, diags);
  }
  const auto [name, key_marks] = text->Unmark();
  const auto [object, marks] = given.Unmark();
  if (!name.IsKnown() || !object.IsKnown()) return Value::Dynamic().WithMarks(marks);
  if (object.type().FindAttribute(name.AsString()) == nullptr) {
    return Problem(kInvalidIndex,
                   key.type() == Type::Number()
                       ? std::string("An object's attributes have names, not numbers.")
                   : key_marks.empty()
                       ? fmt::format("The object has no attribute \"{}\".", name.AsString())
                       : std::string("The object has no attribute of this name."),
                   range, diags);
  }
  Value result = object.Attribute(name.AsString());
  return marks.empty() ? result : result.WithMarks(marks);
}

}  // namespace

Value IndexValue(const Value& collection, const Value& key, const SourceRange& range,
                 Diagnostics& diags) {
  if (collection.IsNull()) {
    return Problem("Attempt to index null value",
                   "This value is null, so there is nothing in it to select.", range, diags);
  }
  if (key.IsNull()) return Problem(kInvalidIndex, "The index is null.", range, diags);
  const Type type = collection.type();
  if (type.IsDynamic() || key.type().IsDynamic()) {
    return Value::Dynamic().WithMarks(collection.marks());
  }
  switch (type.kind()) {
    case TypeKind::kList:
    case TypeKind::kTuple:
      return IndexSequence(collection, key, range, diags);
    case TypeKind::kMap:
      return IndexMap(collection, key, range, diags);
    case TypeKind::kObject:
      return IndexObject(collection, key, range, diags);
    case TypeKind::kSet:
      return Problem(kInvalidIndex,
                     "The elements of a set have no index. Go through all of them with a for "
                     "expression, or make a list of it with tolist().",
                     range, diags);
    default:
      return Problem(kInvalidIndex,
                     fmt::format("A {} has no elements to select.", type.FriendlyName()), range,
                     diags);
  }
}

Value AttributeOf(const Value& object, std::string_view name, const SourceRange& range,
                  Diagnostics& diags) {
  if (object.IsNull()) {
    return Problem("Attempt to get attribute from null value",
                   fmt::format("This value is null, so it has no attribute \"{}\".", name), range,
                   diags);
  }
  const Type type = object.type();
  switch (type.kind()) {
    case TypeKind::kDynamic:
      return Value::Dynamic().WithMarks(object.marks());
    case TypeKind::kObject: {
      const std::size_t at = type.AttributeIndex(name);
      if (at == Type::npos) {
        return Problem(kUnsupported,
                       fmt::format("This object does not have an attribute named \"{}\".", name),
                       range, diags);
      }
      const auto [plain, marks] = object.Unmark();
      Value result = plain.IsKnown() ? plain.elements()[at] : plain.Attribute(name);
      return marks.empty() ? result : result.WithMarks(marks);
    }
    case TypeKind::kMap: {
      const auto [plain, marks] = object.Unmark();
      if (!plain.IsKnown()) return Value::Unknown(type.element()).WithMarks(marks);
      const Value* found = plain.Find(name);
      if (found == nullptr) {
        return Problem("Missing map element",
                       fmt::format("This map has no element with the key \"{}\". Where it may be "
                                   "missing, use lookup().",
                                   name),
                       range, diags);
      }
      return marks.empty() ? *found : found->WithMarks(marks);
    }
    case TypeKind::kList:
    case TypeKind::kSet:
      if (type.element().IsObject()) {
        return Problem(
            kUnsupported,
            fmt::format("This is a {} of objects, and attributes belong to each of them. "
                        "Select one of them first{}.",
                        type.IsList() ? "list" : "set",
                        type.IsList() ? ", as in [0], or take the attribute of all with [*]"
                                      : " with a for expression"),
            range, diags);
      }
      break;
    default:
      break;
  }
  return Problem(kUnsupported,
                 fmt::format("A {} has no attributes, so there is none named \"{}\".",
                             type.FriendlyName(), name),
                 range, diags);
}

Value FollowStep(const Value& value, const Step& step, Diagnostics& diags) {
  switch (step.kind) {
    case Step::Kind::kAttribute:
      return AttributeOf(value, step.text, step.range, diags);
    case Step::Kind::kIndexString:
      return IndexValue(value, Value::String(step.text), step.range, diags);
    case Step::Kind::kIndexNumber: {
      const auto number = Number::Parse(step.text);
      return IndexValue(value, number ? Value::Number(*number) : Value::Unknown(Type::Number()),
                        step.range, diags);
    }
  }
  return Value::Dynamic();
}

Value FollowSteps(Value value, std::span<const Step> steps, const parser::Traversal& /*whole*/,
                  Diagnostics& diags) {
  for (const Step& step : steps) {
    const std::size_t before = diags.size();
    value = FollowStep(value, step, diags);
    if (diags.size() != before) return Value::Dynamic();
  }
  return value;
}

Value Evaluator::EvalTraversal(const parser::Traversal& traversal, const Expression& e,
                               Diagnostics& diags) {
  const Value* local = locals_.empty() ? nullptr : FindLocal(traversal.root);
  Value value;
  std::span<const Step> steps = traversal.steps;
  if (local != nullptr) {
    if (steps.empty()) return *local;
    value = *local;
  } else if (const Resolved* resolved = FindResolved(traversal)) {
    value = resolved->value;
    steps = steps.subspan(std::min(resolved->steps_used, steps.size()));
  } else {
    // Not part of what was resolved at the start: an item of a splat whose source failed.
    return Value::Dynamic();
  }
  if (steps.empty()) return value;
  const std::size_t before = diags.size();
  value = FollowSteps(std::move(value), steps, traversal, diags);
  ShowFrom(before, e, diags);
  return value;
}

// `a[i][j]...` and `f(x).a[i].b` lean to the left as far as the source is long.
Value Evaluator::EvalRelative(const parser::RelativeTraversal& e, Diagnostics& diags) {
  Value value = Eval(*e.source, diags);
  const std::size_t after = diags.size();
  for (const Step& step : e.steps) {
    value = FollowStep(value, step, diags);
    if (diags.size() != after) break;
  }
  ShowFrom(after, e, diags);
  return value;
}

Value Evaluator::EvalIndex(const parser::IndexExpression& e, Diagnostics& diags) {
  const Value collection = Eval(*e.collection, diags);
  const Value key = Eval(*e.key, diags);
  const std::size_t before = diags.size();
  Value value = IndexValue(collection, key, e.bracket_range, diags);
  ShowFrom(before, e, diags);
  return value;
}

Value Evaluator::EvalSplat(const parser::SplatExpression& e, Diagnostics& diags) {
  const auto each = [&](const Value& item, Diagnostics& found) {
    if (e.each == nullptr) return item;
    Binding binding(*this);
    binding.Add(parser::SplatExpression::kSplatItem, item);
    return Eval(*e.each, found);
  };
  Diagnostics found;
  Value source = Eval(*e.source, found);
  const bool failed = found.HasErrors();
  diags.Append(std::move(found));
  if (failed) {
    (void)each(Value::Dynamic(), diags);
    return Value::Dynamic();
  }
  const Type given = source.type();
  // What is no sequence counts as a sequence of one, or of none when it is null.
  const bool single = !given.IsTuple() && !given.IsList() && !given.IsSet();
  if (source.IsNull()) {
    if (single) return Value::EmptyTuple().WithMarks(source.marks());
    Fail("Splat of null value", "This sequence is null, so [*] has nothing to go through.",
         e.source->range, Join(e.source->range, e.marker_range), e.source, diags);
    return Value::Dynamic();
  }
  if (given.IsDynamic()) {
    (void)each(Value::Dynamic(), diags);
    return Value::Dynamic().WithMarks(source.marks());
  }
  bool may_be_absent = false;
  if (single) {
    may_be_absent = !source.IsDefinitelyNotNull();
    source = Value::Tuple({source});
  }
  const auto [sequence, marks] = source.Unmark();
  const Type type = sequence.type();
  const auto result_type = [&](Diagnostics& more) {
    if (!type.IsTuple()) return Type::List(each(Value::Unknown(type.element()), more).type());
    std::vector<Type> types;
    for (const Type element : type.tuple_elements()) {
      types.push_back(each(Value::Unknown(element), more).type());
    }
    return Type::Tuple(std::move(types));
  };
  if (!sequence.IsKnown()) {
    const Type result = result_type(diags);
    Refinement refinement;
    refinement.not_null = true;
    if (result.IsList()) {
      if (const Refinement* known = sequence.refinement()) {
        refinement.min_length = known->min_length;
        refinement.max_length = known->max_length;
      }
    }
    return Value::Unknown(result, std::move(refinement)).WithMarks(marks);
  }
  const auto elements = sequence.elements();
  if (!SpendIterations(static_cast<std::int64_t>(elements.size()), e, diags)) {
    return Value::Dynamic();
  }
  std::vector<Value> values;
  values.reserve(elements.size());
  Diagnostics item_diags;
  for (const Value& element : elements) values.push_back(each(element, item_diags));
  const bool item_failed = item_diags.HasErrors();
  diags.Append(std::move(item_diags));
  if (may_be_absent) return Value::Dynamic().WithMarks(marks);
  if (item_failed) {
    Diagnostics said_already;
    return Value::Unknown(result_type(said_already)).WithMarks(marks);
  }
  if (type.IsTuple()) return Value::Tuple(std::move(values)).WithMarks(marks);
  if (values.empty()) {
    return Value::List(result_type(diags).element(), {}).WithMarks(marks);
  }
  // A nested splat over single values may give elements of different types: then it stays a tuple.
  Type element = Type::Dynamic();
  for (const Value& value : values) {
    if (value.type().IsDynamic() || value.type() == element) continue;
    if (!element.IsDynamic()) return Value::Tuple(std::move(values)).WithMarks(marks);
    element = value.type();
  }
  for (Value& value : values) {
    if (value.type() == element) continue;
    value =
        (value.IsNull() ? Value::Null(element) : Value::Unknown(element)).WithMarks(value.marks());
  }
  return Value::List(element, std::move(values)).WithMarks(marks);
}

}  // namespace tkn::lang
