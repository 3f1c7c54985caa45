#include "engine/lang/functions/entry.h"
#include "engine/lang/print.h"
#include "engine/value/convert.h"
#include "engine/value/path.h"

namespace tkn::lang {

namespace {

std::string TargetName(Type type) {
  if (type == Type::List(Type::Dynamic())) return "list of any single type";
  if (type == Type::Set(Type::Dynamic())) return "set of any single type";
  if (type == Type::Map(Type::Dynamic())) return "map of any single type";
  return type.FriendlyName();
}

FunctionResult ConvertTo(Arguments a, Type type, const CallContext& context) {
  if (a[0].type() == type) return a[0];
  if (!CanConvert(a[0].type(), type)) {
    return ArgumentError(
        0, fmt::format("cannot convert {} to {}", a[0].type().FriendlyName(), TargetName(type)));
  }
  ConversionError error;
  auto converted = Convert(a[0], type, &error);
  if (converted) return std::move(*converted);
  const Value plain = a[0].UnmarkDeep();
  if (context.sensitive) {
    return ArgumentError(0, fmt::format("cannot convert this sensitive {} to {}",
                                        plain.type().FriendlyName(), TargetName(type)));
  }
  if (plain.type() == Type::String() && type == Type::Number()) {
    return ArgumentError(
        0, fmt::format("cannot convert \"{}\" to number: it must be written with decimal "
                       "digits, such as 1.5",
                       plain.AsString()));
  }
  if (plain.type() == Type::String() && type == Type::Bool()) {
    return ArgumentError(
        0, fmt::format("cannot convert \"{}\" to bool: only \"true\" and \"false\" can be",
                       plain.AsString()));
  }
  if (plain.type().IsTuple() || plain.type().IsObject()) {
    return ArgumentError(0, fmt::format("cannot convert {} to {}: {}", plain.type().FriendlyName(),
                                        TargetName(type), error.ToString()));
  }
  return ArgumentError(0, error.ToString());
}

Function Conversion(std::string_view name, std::string_view description, Type type) {
  return {.name = name,
          .description = description,
          .parameters = {Nullable(
              TakesMarked(TakesDynamic(TakesUnknown(AnyParameter("v", "The value to convert.")))))},
          .result = type,
          .body = ConvertTo,
          .never_null = false};
}

Parameter Expression(std::string_view name, std::string_view description) {
  Parameter parameter = AnyParameter(name, description);
  parameter.closure = true;
  return parameter;
}

FunctionResult Try(Arguments, Type, const CallContext& context) {
  if (context.closures.empty()) return CallError("at least one argument is required");
  std::string problems;
  for (const Closure& closure : context.closures) {
    Diagnostics found;
    Value value = closure.evaluate(found);
    if (!found.HasErrors()) {
      // Whatever is still unknown may fail once it is known, and then another argument would be the
      // result.
      return value.IsWhollyKnown() ? value : Value::Dynamic();
    }
    for (const Diagnostic& diagnostic : found) {
      if (diagnostic.severity != Severity::kError) continue;
      problems += fmt::format("\n- {}: {}", diagnostic.summary, diagnostic.detail);
    }
  }
  return CallError(
      fmt::format("none of the expressions has a value:{}\n\nThe last one should be one that "
                  "always has, such as a constant",
                  problems));
}

FunctionResult Can(Arguments, Type, const CallContext& context) {
  Diagnostics found;
  const Value value = context.closures[0].evaluate(found);
  if (found.HasErrors()) return Value::Bool(false);
  return value.IsWhollyKnown() ? Value::Bool(true) : Value::Unknown(Type::Bool());
}

FunctionResult IsSensitive(Arguments a, Type, const CallContext&) {
  if (a[0].HasMark(MarkKind::kSensitive)) return Value::Bool(true);
  return a[0].IsKnown() ? Value::Bool(false) : Value::Unknown(Type::Bool());
}

FunctionResult EphemeralAsNull(Arguments a, Type, const CallContext&) {
  if (!a[0].ContainsMark(MarkKind::kEphemeral)) return a[0];
  return a[0].Transform([](const std::vector<PathStep>&, const Value& value) {
    if (!value.HasMark(MarkKind::kEphemeral)) return value;
    return Value::Null(value.type()).WithMarks(value.marks().Without(MarkKind::kEphemeral));
  });
}

// Old configurations still call these; the error says what to write instead.
FunctionResult RemovedList(Arguments, Type, const CallContext&) {
  return CallError(
      "the function \"list\" is no longer in the language; write tolist([ ... ]) instead");
}

FunctionResult RemovedMap(Arguments, Type, const CallContext&) {
  return CallError(
      "the function \"map\" is no longer in the language; write tomap({ ... }) instead");
}

}  // namespace

void AddConversionFunctions(FunctionTable& table) {
  const Type any = Type::Dynamic();
  const Parameter value =
      Nullable(TakesMarked(TakesDynamic(TakesUnknown(AnyParameter("value", "Any value.")))));
  const auto same_type = [](Arguments a) -> FunctionType { return a[0].type(); };
  table.Add(Conversion("tobool", "Makes a bool of a value.", Type::Bool()));
  table.Add(Conversion("tolist", "Makes a list of a value.", Type::List(any)));
  table.Add(Conversion("tomap", "Makes a map of a value.", Type::Map(any)));
  table.Add(Conversion("tonumber", "Makes a number of a value.", Type::Number()));
  table.Add(Conversion("toset", "Makes a set of a value: repetitions go away.", Type::Set(any)));
  table.Add(Conversion("tostring", "Makes a text of a value.", Type::String()));
  table.Add({.name = "can",
             .description = "Whether an expression has a value, and no error.",
             .parameters = {Expression("expression", "The expression to try.")},
             .result = Type::Bool(),
             .body = Can});
  table.Add({.name = "try",
             .description = "The value of the first expression that has one.",
             .variadic = Expression("expressions", "The expressions to try, in their order."),
             .body = Try,
             .never_null = false});
  table.Add({.name = "sensitive",
             .description = "Marks a value, so that it is not shown.",
             .parameters = {value},
             .result_type = same_type,
             .body = [](Arguments a, Type, const CallContext&) -> FunctionResult {
               return a[0].WithMark(MarkKind::kSensitive);
             },
             .never_null = false});
  table.Add({.name = "nonsensitive",
             .description = "Takes the mark off a value that gives no secret away.",
             .parameters = {value},
             .result_type = same_type,
             .body = [](Arguments a, Type, const CallContext&) -> FunctionResult {
               return a[0].WithoutMark(MarkKind::kSensitive);
             },
             .never_null = false});
  table.Add({.name = "issensitive",
             .description = "Whether a value is marked as sensitive.",
             .parameters = {value},
             .result = Type::Bool(),
             .body = IsSensitive});
  table.Add({.name = "ephemeralasnull",
             .description = "The value with null wherever it is ephemeral.",
             .parameters = {value},
             .result_type = same_type,
             .body = EphemeralAsNull,
             .never_null = false});
  table.Add({.name = "type",
             .description = "The type of a value; only in the console.",
             .parameters = {value},
             .body = [](Arguments a, Type, const CallContext&) -> FunctionResult {
               return TypeValue(a[0].HasMark(MarkKind::kTypeType) ? "type"
                                                                  : PrintType(a[0].type()));
             },
             .never_null = false});
  const Parameter vals = Nullable(TakesMarked(
      TakesDynamic(TakesUnknown(AnyParameter("vals", "What the list or map was made of.")))));
  table.Add({.name = "list",
             .description = "Was removed from the language; use [...] and tolist().",
             .variadic = vals,
             .body = RemovedList});
  table.Add({.name = "map",
             .description = "Was removed from the language; use {...} and tomap().",
             .variadic = vals,
             .body = RemovedMap});
}

}  // namespace tkn::lang
