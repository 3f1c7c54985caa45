#include <algorithm>

#include "engine/lang/functions/entry.h"
#include "engine/value/convert.h"
#include "engine/value/operations.h"
#include "engine/value/text.h"

// Lists taken apart, put together and turned around: what depends on where an element stands.
namespace tkn::lang {

namespace {

FunctionResult Chunk(Arguments a, Type type, const CallContext&) {
  const auto size = a[1].AsNumber().ToInt64();
  if (!size) return CallError(fmt::format("invalid size: {}", kNotWhole));
  if (*size < 0) return CallError("the size argument must be positive");
  const auto [list, marks] = a[0].Unmark();
  const auto elements = list.elements();
  std::vector<Value> chunks;
  const std::size_t step = *size == 0 ? elements.size() : static_cast<std::size_t>(*size);
  for (std::size_t at = 0; at < elements.size(); at += step) {
    const auto part = elements.subspan(at, std::min(step, elements.size() - at));
    chunks.push_back(Value::List(list.type().element(), {part.begin(), part.end()}));
  }
  return Value::List(type.element(), std::move(chunks)).WithMarks(marks);
}

FunctionType ConcatType(Arguments a) {
  if (a.empty()) return CallError("at least one argument is required");
  std::vector<Type> types;
  bool all_lists = true;
  for (const Value& argument : a) {
    all_lists = all_lists && argument.type().IsList();
    if (all_lists) types.push_back(argument.type().element());
  }
  if (all_lists) {
    if (const auto common = Unify(types)) return Type::List(*common);
  }
  types.clear();
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Type type = a[i].type();
    if (type.IsTuple()) {
      const auto elements = type.tuple_elements();
      types.insert(types.end(), elements.begin(), elements.end());
    } else if (type.IsList()) {
      if (!a[i].IsKnown()) return Type::Dynamic();
      types.insert(types.end(), a[i].Unmark().first.Length(), type.element());
    } else {
      return ArgumentError(
          i, fmt::format("all arguments must be lists or tuples; got {}", type.FriendlyName()));
    }
  }
  return Type::Tuple(std::move(types));
}

FunctionResult Concat(Arguments a, Type type, const CallContext&) {
  std::vector<Value> all;
  MarkSet marks;
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto [sequence, own] = a[i].Unmark();
    marks = marks.Union(own);
    if (type.IsList()) {
      ConversionError error;
      const auto fitting = Convert(sequence, type, &error);
      if (!fitting) return ArgumentError(i, error.ToString());
      sequence = *fitting;
    }
    const auto elements = sequence.elements();
    if (all.size() + elements.size() > kMaxElements) return CallError("the result is too long");
    all.insert(all.end(), elements.begin(), elements.end());
  }
  Value result =
      type.IsList() ? Value::List(type.element(), std::move(all)) : Value::Tuple(std::move(all));
  return result.WithMarks(marks);
}

// Counts around the end, negative numbers from it.
std::size_t Wrapped(std::int64_t index, std::size_t size) {
  const auto n = static_cast<std::int64_t>(size);
  const std::int64_t rest = index % n;
  return static_cast<std::size_t>(rest < 0 ? rest + n : rest);
}

FunctionType ElementType(Arguments a) {
  const Type type = a[0].type();
  if (type.IsDynamic()) return Type::Dynamic();
  if (type.IsList()) return type.element();
  if (!type.IsTuple()) {
    return CallError(fmt::format("cannot read elements from {}", type.FriendlyName()));
  }
  if (!a[1].IsKnown()) return Type::Dynamic();
  const auto index = a[1].AsNumber().ToInt64();
  if (!index) return CallError(fmt::format("invalid index: {}", kNotWhole));
  const auto types = type.tuple_elements();
  if (types.empty()) return CallError("cannot use element function with an empty list");
  // Only lists count back from their end; with a tuple Terraform fails here.
  if (*index % static_cast<std::int64_t>(types.size()) < 0) {
    return CallError(
        "the elements of a tuple cannot be counted from its end; make it a list with tolist()");
  }
  return types[Wrapped(*index, types.size())];
}

FunctionResult Element(Arguments a, Type type, const CallContext&) {
  const auto [list, marks] = a[0].Unmark();
  if (!list.IsKnown()) return Value::Unknown(type).WithMarks(marks);
  const auto index = a[1].AsNumber().ToInt64();
  if (!index) return CallError(fmt::format("invalid index: {}", kNotWhole));
  const auto elements = list.elements();
  if (elements.empty()) return CallError("cannot use element function with an empty list");
  return elements[Wrapped(*index, elements.size())].WithMarks(marks);
}

struct Flattened {
  std::vector<Value> values{};
  MarkSet marks{};
  bool known = true;
};

void FlattenInto(const Value& given, Flattened& out) {
  const auto [sequence, marks] = given.Unmark();
  out.marks = out.marks.Union(marks);
  if (!sequence.IsKnown()) {
    out.known = false;
    return;
  }
  for (const Value& element : sequence.elements()) {
    const Type type = element.type();
    if (type.IsDynamic() && !element.IsKnown()) {
      out.known = false;
    } else if (!element.IsNull() && IsSequence(type)) {
      FlattenInto(element, out);
    } else {
      out.values.push_back(element);
    }
  }
}

FunctionType FlattenType(Arguments a) {
  if (!a[0].IsKnown()) return Type::Dynamic();  // whatever its type
  if (!IsSequence(a[0].type())) return CallError("can only flatten lists, sets and tuples");
  Flattened flat;
  FlattenInto(a[0], flat);
  if (!flat.known) return Type::Dynamic();
  std::vector<Type> types;
  types.reserve(flat.values.size());
  for (const Value& value : flat.values) types.push_back(value.type());
  return Type::Tuple(std::move(types));
}

FunctionResult Flatten(Arguments a, Type, const CallContext&) {
  Flattened flat;
  FlattenInto(a[0], flat);
  Value result = flat.known ? Value::Tuple(std::move(flat.values)) : Value::Dynamic();
  return result.WithMarks(flat.marks);
}

FunctionType ReverseType(Arguments a) {
  const Type type = a[0].type();
  if (type.IsList()) return type;
  if (type.IsSet()) return Type::List(type.element());
  if (type.IsTuple()) {
    const auto types = type.tuple_elements();
    return Type::Tuple({types.rbegin(), types.rend()});
  }
  return ArgumentError(
      0, fmt::format("can only reverse list or tuple values, not {}", type.FriendlyName()));
}

FunctionResult Reverse(Arguments a, Type type, const CallContext&) {
  const auto [sequence, marks] = a[0].Unmark();
  const auto elements = sequence.elements();
  std::vector<Value> reversed(elements.rbegin(), elements.rend());
  Value result = type.IsTuple() ? Value::Tuple(std::move(reversed))
                                : Value::List(type.element(), std::move(reversed));
  return result.WithMarks(marks);
}

struct SliceBounds {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool known = false;
};

std::optional<FunctionError> FindBounds(Arguments a, SliceBounds& bounds) {
  const Value list = a[0].Unmark().first;
  std::optional<std::int64_t> length;
  if (list.type().IsTuple()) {
    length = static_cast<std::int64_t>(list.type().tuple_elements().size());
  } else if (list.IsKnown()) {
    length = static_cast<std::int64_t>(list.Length());
  }
  const auto bound = [&](std::size_t at, std::string_view what,
                         std::int64_t& out) -> std::optional<FunctionError> {
    const auto index = a[at].AsNumber().ToInt64();
    if (!index) return ArgumentError(at, fmt::format("invalid {} index: {}", what, kNotWhole));
    if (*index < 0)
      return ArgumentError(at, fmt::format("{} index must not be less than zero", what));
    if (length && *index > *length) {
      return ArgumentError(
          at, fmt::format("{} index must not be greater than the length of the list", what));
    }
    out = *index;
    return std::nullopt;
  };
  std::int64_t begin = 0;
  std::int64_t end = 0;
  if (a[1].IsKnown()) {
    if (auto error = bound(1, "start", begin)) return error;
  }
  if (a[2].IsKnown()) {
    if (auto error = bound(2, "end", end)) return error;
  }
  if (!a[1].IsKnown() || !a[2].IsKnown()) return std::nullopt;
  if (begin > end) return ArgumentError(1, "start index must not be greater than end index");
  bounds = {static_cast<std::size_t>(begin), static_cast<std::size_t>(end), true};
  return std::nullopt;
}

FunctionType SliceType(Arguments a) {
  const Type type = a[0].type();
  if (type.IsSet()) {
    return ArgumentError(
        0,
        "a set can't be sliced, since its elements have no positions; where any order "
        "will do, make a list of it with tolist()");
  }
  if (!type.IsList() && !type.IsTuple()) return ArgumentError(0, "must be a list or tuple value");
  SliceBounds bounds;
  if (auto error = FindBounds(a, bounds)) return std::move(*error);
  if (type.IsList()) return type;
  if (!bounds.known) return Type::Dynamic();
  const auto types = type.tuple_elements().subspan(bounds.begin, bounds.end - bounds.begin);
  return Type::Tuple({types.begin(), types.end()});
}

FunctionResult Slice(Arguments a, Type type, const CallContext&) {
  const auto [sequence, marks] = a[0].Unmark();
  SliceBounds bounds;
  if (auto error = FindBounds(a, bounds)) return std::move(*error);
  const auto part = sequence.elements().subspan(bounds.begin, bounds.end - bounds.begin);
  std::vector<Value> elements(part.begin(), part.end());
  Value result = type.IsTuple() ? Value::Tuple(std::move(elements))
                                : Value::List(type.element(), std::move(elements));
  return result.WithMarks(marks);
}

}  // namespace

void AddListPartFunctions(FunctionTable& table) {
  const Type any_list = Type::List(Type::Dynamic());
  const Parameter any = AnyParameter("list", "A list, a tuple or a set.");
  table.Add(
      {.name = "chunklist",
       .description = "Cuts a list into lists of a fixed length.",
       .parameters = {TakesMarked(Typed("list", "The list to cut.", any_list)),
                      NumberParameter("size", "The most elements of a part; 0: all of them.")},
       .result_type = [](Arguments a) -> FunctionType { return Type::List(a[0].type()); },
       .body = Chunk});
  table.Add({.name = "concat",
             .description = "Puts lists or tuples one behind the other.",
             .variadic = TakesMarked(AnyParameter("seqs", "Lists or tuples.")),
             .result_type = ConcatType,
             .body = Concat});
  table.Add({.name = "element",
             .description = "The element at an index, counted around the end.",
             .parameters = {TakesMarked(TakesDynamic(
                                TakesUnknown(AnyParameter("list", "A list or a tuple.")))),
                            NumberParameter("index", "Which element, from 0.")},
             .result_type = ElementType,
             .body = Element,
             .never_null = false});
  table.Add({.name = "flatten",
             .description = "Replaces each list, set or tuple within by its elements.",
             .parameters = {TakesMarked(TakesUnknown(any))},
             .result_type = FlattenType,
             .body = Flatten});
  table.Add({.name = "reverse",
             .description = "A list with its elements in the opposite order.",
             .parameters = {TakesMarked(any)},
             .result_type = ReverseType,
             .body = Reverse});
  table.Add({.name = "slice",
             .description = "Consecutive elements of a list or a tuple.",
             .parameters = {TakesMarked(AnyParameter("list", "A list or a tuple.")),
                            NumberParameter("start_index", "The first element to take."),
                            NumberParameter("end_index", "The first element behind that.")},
             .result_type = SliceType,
             .body = Slice});
}

}  // namespace tkn::lang
