#include <algorithm>
#include <unordered_map>

#include "engine/lang/functions/entry.h"
#include "engine/value/convert.h"
#include "engine/value/operations.h"
#include "engine/value/text.h"

namespace tkn::lang {

namespace {

FunctionResult Compact(Arguments a, Type type, const CallContext&) {
  if (!a[0].IsWhollyKnown()) return Value::Unknown(type);
  std::vector<Value> kept;
  for (const Value& element : a[0].elements()) {
    if (!element.IsNull() && !element.AsString().empty()) kept.push_back(element);
  }
  return Value::List(Type::String(), std::move(kept));
}

FunctionResult Contains(Arguments a, Type, const CallContext&) {
  if (!IsSequence(a[0].type())) return CallError("argument must be list, tuple, or set");
  bool perhaps = false;
  for (const Value& element : a[0].elements()) {
    const Value equal = Equals(a[1], element);
    if (!equal.IsKnown()) {
      perhaps = true;
    } else if (equal.AsBool()) {
      return Value::Bool(true);
    }
  }
  return perhaps ? Value::Unknown(Type::Bool()) : Value::Bool(false);
}

FunctionResult Distinct(Arguments a, Type type, const CallContext&) {
  if (!a[0].IsWhollyKnown()) return Value::Unknown(type);
  std::vector<Value> kept;
  std::unordered_multimap<std::size_t, std::size_t> seen;
  for (const Value& element : a[0].elements()) {
    const std::size_t hash = element.Hash();
    const auto [first, last] = seen.equal_range(hash);
    const bool known = std::any_of(first, last, [&](const auto& entry) {
      return kept[entry.second].EqualsIgnoringMarks(element);
    });
    if (known) continue;
    seen.emplace(hash, kept.size());
    kept.push_back(element);
  }
  return Value::List(type.element(), std::move(kept));
}

FunctionResult Index(Arguments a, Type, const CallContext&) {
  if (!a[0].type().IsList() && !a[0].type().IsTuple()) {
    return CallError("argument must be a list or tuple");
  }
  const auto elements = a[0].elements();
  if (elements.empty()) return CallError("cannot search an empty list");
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const Value equal = Equals(elements[i], a[1]);
    if (!equal.IsKnown()) return Value::Unknown(Type::Number());
    if (equal.AsBool()) return Count(i);
  }
  return CallError("item not found");
}

FunctionType LengthType(Arguments a) {
  const Type type = a[0].type();
  if (type == Type::Bool() || type == Type::Number() || a[0].HasMark(MarkKind::kTypeType)) {
    return CallError("argument must be a string, a collection type, or a structural type");
  }
  return Type::Number();
}

FunctionResult Length(Arguments a, Type, const CallContext&) {
  const auto [value, marks] = a[0].Unmark();
  const Type type = value.type();
  Value result;
  if (type.IsDynamic()) {
    result = Value::Unknown(Type::Number());
  } else if (type.IsTuple()) {
    result = Count(type.tuple_elements().size());
  } else if (type.IsObject()) {
    result = Count(type.attributes().size());
  } else if (type == Type::String()) {
    if (value.IsKnown()) {
      result = Count(GraphemeCount(value.AsString()));
    } else {
      Refinement refinement;
      refinement.not_null = true;
      refinement.minimum = Number(0);
      if (const Refinement* known = value.refinement()) {
        refinement.minimum = Number(static_cast<std::int64_t>(GraphemeCount(known->prefix)));
      }
      result = Value::Unknown(Type::Number(), std::move(refinement));
    }
  } else {
    result = LengthOf(value);
  }
  return result.WithMarks(marks);
}

FunctionResult MatchKeys(Arguments a, Type type, const CallContext&) {
  const auto common = UnifyUnsafe(std::vector<Type>{a[1].type(), a[2].type()});
  if (!common) return CallError("keys and searchset must be of the same type");
  if (a[0].Length() != a[1].Length()) {
    return CallError("length of keys and values should be equal");
  }
  ConversionError error;
  const auto keys = Convert(a[1], *common, &error);
  const auto search = Convert(a[2], *common, &error);
  if (!keys || !search) return CallError(error.ToString());
  if (search->Length() == 0) return Value::List(type.element(), {});
  if (!a[0].IsWhollyKnown() || !keys->IsWhollyKnown()) return Value::Unknown(type);
  std::vector<Value> found;
  for (std::size_t i = 0; i < keys->Length(); ++i) {
    for (const Value& wanted : search->elements()) {
      const Value equal = Equals(keys->elements()[i], wanted);
      if (!equal.IsKnown()) return Value::Unknown(type);
      if (equal.AsBool()) {
        found.push_back(a[0].elements()[i]);
        break;
      }
    }
  }
  return Value::List(type.element(), std::move(found));
}

constexpr std::string_view kNotOne =
    "must be a list, set, or tuple value with either zero or one elements";

FunctionType OneType(Arguments a) {
  const Type type = a[0].type();
  if (type.IsList() || type.IsSet()) return type.element();
  if (type.IsTuple() && type.tuple_elements().size() <= 1) {
    return type.tuple_elements().empty() ? Type::Dynamic() : type.tuple_elements()[0];
  }
  return ArgumentError(0, std::string(kNotOne));
}

FunctionResult One(Arguments a, Type type, const CallContext&) {
  const auto elements = a[0].elements();
  if (elements.empty()) return Value::Null(type);
  if (elements.size() == 1) return elements[0];
  // Unknown elements of a set may turn out to be one and the same.
  if (a[0].type().IsSet() && !a[0].IsWhollyKnown()) return Value::Unknown(type);
  return ArgumentError(0, std::string(kNotOne));
}

FunctionResult Sort(Arguments a, Type type, const CallContext&) {
  if (!a[0].IsKnown()) {
    Refinement refinement;
    refinement.not_null = true;
    if (const Refinement* known = a[0].refinement()) {
      refinement.min_length = known->min_length;
      refinement.max_length = known->max_length;
    }
    return Value::Unknown(type, std::move(refinement));
  }
  const auto elements = a[0].elements();
  if (!a[0].IsWhollyKnown()) {
    return Value::List(Type::String(),
                       std::vector<Value>(elements.size(), Value::Unknown(Type::String())));
  }
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (elements[i].IsNull()) {
      return CallError(
          fmt::format("given list element {} is null; a null string cannot be sorted", i));
    }
  }
  std::vector<Value> sorted(elements.begin(), elements.end());
  std::sort(sorted.begin(), sorted.end(),
            [](const Value& x, const Value& y) { return x.AsString() < y.AsString(); });
  return Value::List(Type::String(), std::move(sorted));
}

FunctionResult Sum(Arguments a, Type, const CallContext&) {
  constexpr std::string_view kNotNumbers = "argument must be list, set, or tuple of number values";
  const Type type = a[0].type();
  if (type.IsPrimitive()) return ArgumentError(0, "cannot sum noniterable");
  const auto elements = a[0].elements();
  if (elements.empty()) return ArgumentError(0, "cannot sum an empty list");
  if (!IsSequence(type)) {
    return ArgumentError(
        0, fmt::format("argument must be list, set, or tuple. Received {}", type.FriendlyName()));
  }
  if (!a[0].IsWhollyKnown()) return Value::Unknown(Type::Number());
  std::optional<Number> sum;
  for (const Value& element : elements) {
    if (element.IsNull()) return ArgumentError(0, std::string(kNotNumbers));
    ConversionError error;
    const auto number = Convert(element, Type::Number(), &error);
    if (!number) return ArgumentError(0, std::string(kNotNumbers));
    if (sum && sum->IsInfinite() && number->AsNumber().IsInfinite() &&
        sum->Sign() != number->AsNumber().Sign()) {
      return CallError("can't compute sum of opposing infinities");
    }
    sum = sum ? *sum + number->AsNumber() : number->AsNumber();
  }
  return Value::Number(*sum);
}

}  // namespace

void AddListFunctions(FunctionTable& table) {
  const Type any_list = Type::List(Type::Dynamic());
  const Parameter any = AnyParameter("list", "A list, a tuple or a set.");
  const Parameter value = AnyParameter("value", "The value to look for.");
  table.Add({.name = "compact",
             .description = "A list of texts without those that are empty or null.",
             .parameters = {Typed("list", "The list.", Type::List(Type::String()))},
             .result = Type::List(Type::String()),
             .body = Compact});
  table.Add({.name = "contains",
             .description = "Whether one of the elements equals a value.",
             .parameters = {any, value},
             .result = Type::Bool(),
             .body = Contains});
  table.Add({.name = "distinct",
             .description = "A list without repetitions; the first of equal elements stays.",
             .parameters = {Typed("list", "The list.", any_list)},
             .result_type = [](Arguments a) -> FunctionType { return a[0].type(); },
             .body = Distinct});
  table.Add({.name = "index",
             .description = "The position of the first element that equals a value.",
             .parameters = {any, value},
             .result = Type::Number(),
             .body = Index});
  table.Add({.name = "length",
             .description = "How many elements, attributes or characters a value has.",
             .parameters = {TakesMarked(TakesDynamic(TakesUnknown(
                 AnyParameter("value", "A text, a collection, a tuple or an object."))))},
             .result_type = LengthType,
             .body = Length});
  table.Add({.name = "matchkeys",
             .description = "The elements of one list whose partners in another are in a third.",
             .parameters = {Typed("values", "The elements to choose from.", any_list),
                            Typed("keys", "Their partners, as many.", any_list),
                            Typed("searchset", "The partners wanted.", any_list)},
             .result_type = [](Arguments a) -> FunctionType {
               if (!UnifyUnsafe(std::vector<Type>{a[1].type(), a[2].type()})) {
                 return CallError("keys and searchset must be of the same type");
               }
               return a[0].type();
             },
             .body = MatchKeys});
  table.Add({.name = "one",
             .description = "The only element, or null when there is none.",
             .parameters = {any},
             .result_type = OneType,
             .body = One,
             .never_null = false});
  table.Add({.name = "sort",
             .description = "A list of texts in the order of their code points.",
             .parameters = {TakesUnknown(Typed("list", "The texts.", Type::List(Type::String())))},
             .result = Type::List(Type::String()),
             .body = Sort});
  table.Add({.name = "sum",
             .description = "The sum of some numbers.",
             .parameters = {any},
             .result = Type::Number(),
             .body = Sum});
}

}  // namespace tkn::lang
