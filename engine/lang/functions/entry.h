#pragma once

#include <fmt/format.h>

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "engine/lang/function.h"

// What the entries of the function table are written with. Each file of this folder has one family.
namespace tkn::lang {

using Arguments = std::span<const Value>;

inline FunctionError ArgumentError(std::size_t argument, std::string message) {
  return {static_cast<int>(argument), std::move(message)};
}
inline FunctionError CallError(std::string message) { return {-1, std::move(message)}; }

inline Parameter TextParameter(std::string_view name, std::string_view description) {
  return {.name = name, .description = description, .type = Type::String(), .allow_dynamic = true};
}
inline Parameter NumberParameter(std::string_view name, std::string_view description) {
  return {.name = name, .description = description, .type = Type::Number(), .allow_dynamic = true};
}
// Any type; nulls and unknowns don't reach the body.
inline Parameter AnyParameter(std::string_view name, std::string_view description) {
  return {.name = name, .description = description, .type = Type::Dynamic()};
}
inline Parameter Nullable(Parameter parameter) {
  parameter.allow_null = true;
  return parameter;
}
inline Parameter TakesUnknown(Parameter parameter) {
  parameter.allow_unknown = true;
  return parameter;
}
inline Parameter TakesDynamic(Parameter parameter) {
  parameter.allow_dynamic = true;
  return parameter;
}
inline Parameter TakesMarked(Parameter parameter) {
  parameter.allow_marked = true;
  return parameter;
}
inline Parameter Typed(std::string_view name, std::string_view description, Type type) {
  return {.name = name, .description = description, .type = type};
}

// Text of an argument for an error message: quoted, or hidden when an argument is sensitive.
inline std::string Shown(std::string_view text, const CallContext& context) {
  return context.sensitive ? "(sensitive value)" : "\"" + std::string(text) + "\"";
}

// Go's int: what counts and offsets must fit.
inline constexpr std::string_view kNotWhole =
    "value must be a whole number, between -9223372036854775808 and 9223372036854775807";

inline Value Count(std::size_t n) { return Value::Number(static_cast<std::int64_t>(n)); }

// The most work that a single call may ask for.
inline constexpr std::size_t kMaxElements = 2'000'000;
inline constexpr std::size_t kMaxTextBytes = 32u << 20;  // of one that is put together
inline constexpr std::string_view kTextTooLong = "the result would be longer than 32 MiB";

inline bool IsSequence(Type type) { return type.IsList() || type.IsTuple() || type.IsSet(); }

void AddStringFunctions(FunctionTable& table);
void AddFormatFunctions(FunctionTable& table);
void AddRegexFunctions(FunctionTable& table);
void AddNumberFunctions(FunctionTable& table);
void AddListFunctions(FunctionTable& table);
void AddListPartFunctions(FunctionTable& table);
void AddMapFunctions(FunctionTable& table);
void AddSetFunctions(FunctionTable& table);
void AddLogicFunctions(FunctionTable& table);
void AddConversionFunctions(FunctionTable& table);
void AddEncodingFunctions(FunctionTable& table);
void AddTextEncodingFunctions(FunctionTable& table);
void AddCsvFunctions(FunctionTable& table);
void AddYamlFunctions(FunctionTable& table);
void AddHashFunctions(FunctionTable& table);
void AddSecretFunctions(FunctionTable& table);
void AddFileFunctions(FunctionTable& table);
void AddTemplateFunctions(FunctionTable& table);
void AddTimeFunctions(FunctionTable& table);
void AddAddressFunctions(FunctionTable& table);

}  // namespace tkn::lang
