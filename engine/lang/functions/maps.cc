#include <map>
#include <string>

#include "engine/lang/functions/entry.h"
#include "engine/value/convert.h"

namespace tkn::lang {

namespace {

FunctionType KeysType(Arguments a) {
  const Type type = a[0].type();
  if (type.IsMap()) return Type::List(Type::String());
  if (type.IsDynamic()) return Type::Dynamic();
  if (type.IsObject()) {
    return Type::Tuple(std::vector<Type>(type.attributes().size(), Type::String()));
  }
  return ArgumentError(0, "must have map or object type");
}

FunctionResult Keys(Arguments a, Type type, const CallContext&) {
  const auto [map, marks] = a[0].Unmark();
  std::vector<Value> keys;
  if (map.type().IsObject()) {
    for (const ObjectAttribute& attribute : map.type().attributes()) {
      keys.push_back(Value::String(attribute.name));
    }
    return Value::Tuple(std::move(keys)).WithMarks(marks);
  }
  if (!map.IsKnown()) return Value::Unknown(type).WithMarks(marks);
  for (const std::string_view key : map.keys()) keys.push_back(Value::String(key));
  return Value::List(Type::String(), std::move(keys)).WithMarks(marks);
}

std::string ShownKey(const Value& key) {
  return key.HasMark(MarkKind::kSensitive) || key.HasMark(MarkKind::kEphemeral)
             ? "(sensitive value)"
             : fmt::format("\"{}\"", key.Unmark().first.AsString());
}

FunctionType LookupType(Arguments a) {
  if (a.size() > 3)
    return CallError(fmt::format("lookup() takes two or three arguments, got {}", a.size()));
  const Type type = a[0].type();
  if (type.IsObject()) {
    if (!a[1].IsKnown()) return Type::Dynamic();
    const ObjectAttribute* attribute = type.FindAttribute(a[1].Unmark().first.AsString());
    if (attribute != nullptr) return attribute->type;
    if (a.size() == 3) return a[2].type();
    return ArgumentError(0, fmt::format("the given object has no attribute {}", ShownKey(a[1])));
  }
  if (!type.IsMap()) return ArgumentError(0, "lookup() requires a map as the first argument");
  if (a.size() == 3) {
    ConversionError error;
    if (!Convert(a[2], type.element(), &error)) {
      return ArgumentError(2, "the default value must have the same type as the map elements");
    }
  }
  return type.element();
}

FunctionResult Lookup(Arguments a, Type type, const CallContext&) {
  const auto [map, map_marks] = a[0].Unmark();
  const auto [key, key_marks] = a[1].Unmark();
  const MarkSet marks = map_marks.Union(key_marks);
  if (!map.IsKnown() || !key.IsKnown()) return Value::Unknown(type).WithMarks(marks);
  if (const Value* found = map.Find(key.AsString())) return found->WithMarks(marks);
  if (a.size() < 3) {
    return CallError(fmt::format("lookup failed to find key {}", ShownKey(a[1])));
  }
  ConversionError error;
  const auto fallback = Convert(a[2], type, &error);
  if (!fallback) return CallError(error.ToString());
  return fallback->WithMarks(marks);
}

FunctionType MergeType(Arguments a) {
  if (a.empty()) return Type::EmptyObject();
  std::map<std::string, Type, std::less<>> attributes;
  bool all_known = true;
  bool alike = true;
  for (const Value& argument : a) {
    const Type type = argument.type();
    if (type.IsDynamic()) return Type::Dynamic();
    if (!type.IsMap() && !type.IsObject()) {
      return CallError(
          fmt::format("arguments must be maps or objects, got \"{}\"", type.FriendlyName()));
    }
    alike = alike && type == a[0].type();
    if (argument.IsNull()) continue;
    if (type.IsObject()) {
      for (const ObjectAttribute& attribute : type.attributes()) {
        attributes.insert_or_assign(attribute.name, attribute.type);
      }
    } else if (argument.IsKnown()) {
      for (const std::string_view key : argument.Unmark().first.keys()) {
        attributes.insert_or_assign(std::string(key), type.element());
      }
    } else {
      all_known = false;
    }
  }
  if (alike) return a[0].type();
  if (!all_known) return Type::Dynamic();
  std::vector<ObjectAttribute> list;
  for (auto& [name, type] : attributes) list.push_back({name, type});
  return Type::Object(std::move(list));
}

FunctionResult Merge(Arguments a, Type type, const CallContext&) {
  MarkSet marks;
  std::vector<Value::Entry> entries;
  for (const Value& argument : a) {
    marks = marks.Union(argument.marks());
    if (argument.IsNull()) continue;
    const Value map = argument.Unmark().first;
    for (std::size_t i = 0; i < map.Length(); ++i) {
      entries.emplace_back(map.KeyAt(i), map.elements()[i]);
    }
  }
  Value result = type.IsMap() ? Value::Map(type.element(), std::move(entries))
                              : Value::Object(std::move(entries));
  return result.WithMarks(marks);
}

FunctionResult Transpose(Arguments a, Type type, const CallContext&) {
  if (!a[0].IsWhollyKnown()) return Value::Unknown(type);
  std::map<std::string, std::vector<Value>, std::less<>> turned;
  for (std::size_t i = 0; i < a[0].Length(); ++i) {
    const Value& list = a[0].elements()[i];
    if (list.IsNull()) return CallError("input must not contain null list");
    for (const Value& element : list.elements()) {
      if (element.IsNull()) return CallError("input list must not contain null string");
      turned[std::string(element.AsString())].push_back(Value::String(a[0].KeyAt(i)));
    }
  }
  std::vector<Value::Entry> entries;
  for (auto& [key, list] : turned) {
    entries.emplace_back(key, Value::List(Type::String(), std::move(list)));
  }
  return Value::Map(Type::List(Type::String()), std::move(entries));
}

FunctionType ValuesType(Arguments a) {
  const Type type = a[0].type();
  if (type.IsMap()) return Type::List(type.element());
  if (type.IsObject()) {
    std::vector<Type> types;
    for (const ObjectAttribute& attribute : type.attributes()) types.push_back(attribute.type);
    return Type::Tuple(std::move(types));
  }
  return CallError("values() requires a map as the first argument");
}

FunctionResult Values(Arguments a, Type type, const CallContext&) {
  const auto [map, marks] = a[0].Unmark();
  const auto elements = map.elements();
  std::vector<Value> values(elements.begin(), elements.end());
  Value result = type.IsTuple() ? Value::Tuple(std::move(values))
                                : Value::List(type.element(), std::move(values));
  return result.WithMarks(marks);
}

std::optional<FunctionError> CountsDiffer(std::size_t keys, std::size_t values) {
  if (keys == values) return std::nullopt;
  return CallError(
      fmt::format("number of keys ({}) does not match number of values ({})", keys, values));
}

FunctionType ZipType(Arguments a) {
  const Type type = a[1].type();
  if (type.IsList()) return Type::Map(type.element());
  if (!type.IsTuple()) return CallError("values argument must be a list or tuple value");
  if (!a[0].IsWhollyKnown()) return Type::Dynamic();
  const Value keys = a[0].UnmarkDeep();
  const auto types = type.tuple_elements();
  if (auto error = CountsDiffer(keys.Length(), types.size())) return std::move(*error);
  std::map<std::string, Type, std::less<>> attributes;
  for (std::size_t i = 0; i < types.size(); ++i) {
    const Value& key = keys.elements()[i];
    if (key.IsNull()) return CallError(fmt::format("key {} is null", i));
    attributes.insert_or_assign(std::string(key.AsString()), types[i]);
  }
  std::vector<ObjectAttribute> list;
  for (auto& [name, element] : attributes) list.push_back({name, element});
  return Type::Object(std::move(list));
}

FunctionResult Zip(Arguments a, Type type, const CallContext&) {
  const MarkSet key_marks = a[0].AllMarks();
  const Value keys = a[0].UnmarkDeep();
  const auto [values, value_marks] = a[1].Unmark();
  const MarkSet marks = key_marks.Union(value_marks);
  if (!keys.IsWhollyKnown()) return Value::Unknown(type).WithMarks(marks);
  if (auto error = CountsDiffer(keys.Length(), values.Length())) return std::move(*error);
  std::vector<Value::Entry> entries;
  for (std::size_t i = 0; i < keys.Length(); ++i) {
    const Value& key = keys.elements()[i];
    if (key.IsNull()) return CallError(fmt::format("key {} is null", i));
    entries.emplace_back(key.AsString(), values.elements()[i]);
  }
  Value result = type.IsMap() ? Value::Map(type.element(), std::move(entries))
                              : Value::Object(std::move(entries));
  return result.WithMarks(marks);
}

}  // namespace

void AddMapFunctions(FunctionTable& table) {
  const Parameter map = AnyParameter("inputMap", "A map or an object.");
  table.Add({.name = "keys",
             .description = "The keys of a map, in their order.",
             .parameters = {TakesMarked(TakesUnknown(map))},
             .result_type = KeysType,
             .body = Keys});
  table.Add(
      {.name = "lookup",
       .description = "The element with a key, or a default when there is none.",
       .parameters = {TakesMarked(map), TakesMarked(TextParameter("key", "The key to look up."))},
       .variadic = Nullable(TakesMarked(TakesDynamic(
           TakesUnknown(AnyParameter("default", "The result where the key is missing."))))),
       .result_type = LookupType,
       .body = Lookup,
       .never_null = false});
  table.Add(
      {.name = "merge",
       .description = "All elements of some maps or objects; later ones win.",
       .variadic = Nullable(TakesMarked(TakesDynamic(AnyParameter("maps", "Maps or objects.")))),
       .result_type = MergeType,
       .body = Merge});
  table.Add({.name = "transpose",
             .description = "A map of lists turned around: elements become keys, keys elements.",
             .parameters = {Typed("values", "The map of lists of texts.",
                                  Type::Map(Type::List(Type::String())))},
             .result = Type::Map(Type::List(Type::String())),
             .body = Transpose});
  table.Add({.name = "values",
             .description = "The elements of a map, in the order of their keys.",
             .parameters = {TakesMarked(AnyParameter("mapping", "A map or an object."))},
             .result_type = ValuesType,
             .body = Values});
  table.Add({.name = "zipmap",
             .description = "A map made of a list of keys and a list of values.",
             .parameters = {TakesMarked(Typed("keys", "The keys.", Type::List(Type::String()))),
                            TakesMarked(AnyParameter("values", "The values, as many."))},
             .result_type = ZipType,
             .body = Zip});
}

}  // namespace tkn::lang
