#include "engine/render/function_json.h"

#include "engine/value/json.h"

namespace tkn::render {
namespace {

// As far as it is known without arguments.
Type ResultOf(const lang::Function& function) {
  std::vector<Value> arguments;
  const std::size_t count = function.parameters.size() + (function.variadic ? 1 : 0);
  for (std::size_t i = 0; i < count; ++i) {
    const lang::Parameter& parameter = function.ParameterAt(i);
    if (parameter.closure && function.result_type == nullptr) return function.result;
    if (parameter.type.IsDynamic() && !parameter.allow_dynamic) return Type::Dynamic();
    arguments.push_back(Value::Unknown(parameter.type));
  }
  if (function.result_type == nullptr) return function.result;
  const lang::FunctionType type = function.result_type(arguments);
  const Type* known = std::get_if<Type>(&type);
  return known != nullptr ? *known : Type::Dynamic();
}

std::string MetadataOf(const lang::Parameter& parameter) {
  std::string text = "{\"name\":" + JsonQuote(parameter.name);
  if (!parameter.description.empty()) {
    text += ",\"description\":" + JsonQuote(parameter.description);
  }
  if (parameter.allow_null) text += ",\"is_nullable\":true";
  return text + ",\"type\":" + parameter.type.ToJson() + "}";
}

std::string SignatureOf(const lang::Parameter& parameter) {
  return "{\"name\":" + JsonQuote(parameter.name) + ",\"type\":" + parameter.type.ToJson() + "}";
}

}  // namespace

std::string FunctionMetadataJson(const lang::Function& function) {
  std::string text = "{\"description\":" + JsonQuote(function.description) +
                     ",\"return_type\":" + ResultOf(function).ToJson();
  if (!function.parameters.empty()) {
    text += ",\"parameters\":[";
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
      text += (i ? "," : "") + MetadataOf(function.parameters[i]);
    }
    text += "]";
  }
  if (function.variadic) text += ",\"variadic_parameter\":" + MetadataOf(*function.variadic);
  return text + "}";
}

std::string SignatureJson(std::string_view called_as) {
  // Providers' functions are told apart by their last word: only the built-in provider has any.
  constexpr std::string_view kProvider = "provider::";
  const lang::Function* function =
      called_as.starts_with(kProvider)
          ? lang::FindTerraformProviderFunction(called_as.substr(called_as.rfind(':') + 1))
          : lang::StandardFunctions().Find(called_as);
  if (function == nullptr) return "null";
  std::string text = "{\"name\":" + JsonQuote(called_as) + ",\"params\":[";
  for (std::size_t i = 0; i < function->parameters.size(); ++i) {
    text += (i ? "," : "") + SignatureOf(function->parameters[i]);
  }
  text += "]";
  if (function->variadic) text += ",\"variadic_param\":" + SignatureOf(*function->variadic);
  return text + ",\"return_type\":" + ResultOf(*function).ToJson() + "}";
}

}  // namespace tkn::render
