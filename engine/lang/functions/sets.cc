#include <algorithm>

#include "engine/lang/functions/entry.h"
#include "engine/value/convert.h"

namespace tkn::lang {

namespace {

FunctionType SetType(Arguments a) {
  std::vector<Type> types;
  for (const Value& set : a) {
    // An empty set of nothing known fits any other.
    if (set.type().element().IsDynamic() && set.IsKnown() && set.Length() == 0) continue;
    types.push_back(set.type().element());
  }
  if (types.empty()) return Type::Set(Type::Dynamic());
  const auto common = UnifyUnsafe(types);
  if (!common) return CallError("given sets must all have compatible element types");
  return Type::Set(*common);
}

// All arguments as sets of the common type; nullopt: something is not known yet.
std::variant<std::vector<Value>, FunctionError> ConvertAll(Arguments a, Type type) {
  std::vector<Value> sets;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ConversionError error;
    auto set = Convert(a[i], type, &error);
    if (!set) return ArgumentError(i, error.ToString());
    sets.push_back(std::move(*set));
  }
  return sets;
}

FunctionResult Union(Arguments a, Type type, const CallContext&) {
  auto converted = ConvertAll(a, type);
  if (auto* error = std::get_if<FunctionError>(&converted)) return std::move(*error);
  std::vector<Value> all;
  for (const Value& set : std::get<std::vector<Value>>(converted)) {
    all.insert(all.end(), set.elements().begin(), set.elements().end());
  }
  return Value::Set(type.element(), std::move(all));
}

// Keeps what of the first set is in all others (`wanted`), or in none of them.
FunctionResult Filter(Arguments a, Type type, bool wanted) {
  auto converted = ConvertAll(a, type);
  if (auto* error = std::get_if<FunctionError>(&converted)) return std::move(*error);
  const auto& sets = std::get<std::vector<Value>>(converted);
  for (const Value& set : sets) {
    if (!set.IsWhollyKnown()) return Value::Unknown(type);
  }
  std::vector<Value> kept;
  for (const Value& element : sets[0].elements()) {
    const bool stays = std::all_of(sets.begin() + 1, sets.end(), [&](const Value& set) {
      return set.SetContains(element) == wanted;
    });
    if (stays) kept.push_back(element);
  }
  return Value::Set(type.element(), std::move(kept));
}

FunctionType ProductType(Arguments a) {
  if (a.size() < 2) return CallError("at least two arguments are required");
  std::vector<Type> types;
  bool any_set = false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Type type = a[i].type();
    if (type.IsSet() || type.IsList()) {
      any_set = any_set || type.IsSet();
      types.push_back(type.element());
    } else if (type.IsTuple()) {
      if (type.tuple_elements().empty()) {
        types.push_back(Type::Dynamic());
        continue;
      }
      const auto common = UnifyUnsafe(type.tuple_elements());
      if (!common) return ArgumentError(i, "all elements must be of the same type");
      types.push_back(*common);
    } else {
      return ArgumentError(i, "a set or a list is required");
    }
  }
  const Type tuple = Type::Tuple(std::move(types));
  return any_set ? Type::Set(tuple) : Type::List(tuple);
}

FunctionResult Product(Arguments a, Type type, const CallContext&) {
  MarkSet marks;
  std::vector<std::vector<Value>> lists;
  std::size_t total = 1;
  const auto types = type.element().tuple_elements();
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto [sequence, own] = a[i].Unmark();
    marks = marks.Union(own);
    std::vector<Value>& list = lists.emplace_back();
    for (const Value& element : sequence.elements()) {
      if (types[i].IsDynamic() || element.type() == types[i]) {
        list.push_back(element);
        continue;
      }
      ConversionError error;
      auto fitting = Convert(element, types[i], &error);
      if (!fitting) return ArgumentError(i, error.ToString());
      list.push_back(std::move(*fitting));
    }
    // A set with unknown elements may have fewer of them in the end.
    if (sequence.type().IsSet() && !sequence.IsWhollyKnown()) {
      return Value::Unknown(type).WithMarks(marks);
    }
    total = list.empty()                         ? 0
            : total > kMaxElements / list.size() ? kMaxElements + 1
                                                 : total * list.size();
  }
  if (total > kMaxElements) {
    return CallError(fmt::format("the product would have more than {} elements", kMaxElements));
  }
  std::vector<Value> tuples;
  tuples.reserve(total);
  for (std::size_t n = 0; n < total; ++n) {
    std::vector<Value> tuple(lists.size());
    std::size_t rest = n;
    for (std::size_t i = lists.size(); i-- > 0;) {
      tuple[i] = lists[i][rest % lists[i].size()];
      rest /= lists[i].size();
    }
    tuples.push_back(Value::Tuple(std::move(tuple)));
  }
  Value result = type.IsSet() ? Value::Set(type.element(), std::move(tuples))
                              : Value::List(type.element(), std::move(tuples));
  return result.WithMarks(marks);
}

}  // namespace

void AddSetFunctions(FunctionTable& table) {
  const Type any = Type::Set(Type::Dynamic());
  const Parameter first = Typed("first_set", "The first set.", any);
  const Parameter others = Typed("other_sets", "More sets.", any);
  table.Add(
      {.name = "setintersection",
       .description = "What is in all of some sets.",
       .parameters = {TakesDynamic(first)},
       .variadic = TakesDynamic(others),
       .result_type = SetType,
       .body = [](Arguments a, Type type, const CallContext&) { return Filter(a, type, true); }});
  table.Add({.name = "setproduct",
             .description = "All combinations of one element of each of some sets or lists.",
             .variadic = TakesMarked(AnyParameter("sets", "Two or more sets or lists.")),
             .result_type = ProductType,
             .body = Product});
  table.Add(
      {.name = "setsubtract",
       .description = "What is in one set and not in another.",
       .parameters = {TakesDynamic(Typed("a", "The set to take from.", any)),
                      TakesDynamic(Typed("b", "The set of what to take away.", any))},
       .result_type = SetType,
       .body = [](Arguments a, Type type, const CallContext&) { return Filter(a, type, false); }});
  table.Add({.name = "setunion",
             .description = "What is in any of some sets.",
             .parameters = {TakesDynamic(first)},
             .variadic = TakesDynamic(others),
             .result_type = SetType,
             .body = Union});
}

}  // namespace tkn::lang
