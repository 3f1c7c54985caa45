#include "engine/lang/functions/entry.h"
#include "engine/value/convert.h"

namespace tkn::lang {

namespace {

std::vector<Type> TypesOf(Arguments a) {
  std::vector<Type> types;
  types.reserve(a.size());
  for (const Value& value : a) types.push_back(value.type());
  return types;
}

FunctionType CoalesceType(Arguments a) {
  const auto common = UnifyUnsafe(TypesOf(a));
  if (!common) return CallError("all arguments must have the same type");
  return *common;
}

FunctionResult Coalesce(Arguments a, Type type, const CallContext&) {
  for (const Value& argument : a) {
    ConversionError error;
    const auto value = Convert(argument, type, &error);
    if (!value) return CallError(error.ToString());
    if (!value->IsKnown()) return Value::Unknown(type);
    if (value->IsNull()) continue;
    if (value->type() == Type::String() && value->AsString().empty()) continue;
    return *value;
  }
  return CallError("no non-null, non-empty-string arguments");
}

FunctionType CoalesceListType(Arguments a) {
  if (a.empty()) return CallError("at least one argument is required");
  for (const Value& list : a) {
    if (!list.IsKnown()) return Type::Dynamic();
    if (!list.type().IsList() && !list.type().IsTuple()) {
      return CallError("coalescelist arguments must be lists or tuples");
    }
  }
  for (const Value& list : a) {
    if (list.type() != a[0].type()) return Type::Dynamic();
  }
  return a[0].type();
}

FunctionResult CoalesceList(Arguments a, Type type, const CallContext&) {
  for (const Value& list : a) {
    if (!list.IsKnown()) return Value::Unknown(type);
    if (!list.IsNull() && list.Length() > 0) return list;
  }
  return CallError("no non-null, non-empty list among the arguments");
}

// Unlike anytrue() this looks no further than the first unknown, as in Terraform.
FunctionResult AllTrue(Arguments a, Type, const CallContext&) {
  for (const Value& element : a[0].elements()) {
    if (!element.IsKnown()) return Value::Unknown(Type::Bool());
    if (element.IsNull() || !element.AsBool()) return Value::Bool(false);
  }
  return Value::Bool(true);
}

FunctionResult AnyTrue(Arguments a, Type, const CallContext&) {
  bool unknown = false;
  for (const Value& element : a[0].elements()) {
    if (!element.IsKnown()) {
      unknown = true;
    } else if (!element.IsNull() && element.AsBool()) {
      return Value::Bool(true);
    }
  }
  return unknown ? Value::Unknown(Type::Bool()) : Value::Bool(false);
}

}  // namespace

void AddLogicFunctions(FunctionTable& table) {
  const Parameter bools = Typed("list", "The conditions.", Type::List(Type::Bool()));
  table.Add({.name = "alltrue",
             .description = "Whether all elements are true; so it is for an empty list.",
             .parameters = {bools},
             .result = Type::Bool(),
             .body = AllTrue});
  table.Add({.name = "anytrue",
             .description = "Whether one of the elements is true.",
             .parameters = {bools},
             .result = Type::Bool(),
             .body = AnyTrue});
  table.Add({.name = "coalesce",
             .description = "The first argument that is neither null nor an empty text.",
             .variadic =
                 Nullable(TakesDynamic(TakesUnknown(AnyParameter("vals", "Values of one type.")))),
             .result_type = CoalesceType,
             .body = Coalesce});
  table.Add(
      {.name = "coalescelist",
       .description = "The first argument that is not an empty list.",
       .variadic = Nullable(TakesDynamic(TakesUnknown(AnyParameter("vals", "Lists or tuples.")))),
       .result_type = CoalesceListType,
       .body = CoalesceList});
}

}  // namespace tkn::lang
