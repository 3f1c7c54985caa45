#include "engine/lang/functions/yaml.h"

#include "engine/lang/functions/entry.h"

namespace tkn::lang {

void AddYamlFunctions(FunctionTable& table) {
  table.Add({.name = "yamldecode",
             .description = "Reads one YAML document; the types follow from it.",
             .parameters = {TextParameter("src", "The YAML text.")},
             .body = [](Arguments a, Type, const CallContext& context) -> FunctionResult {
               std::string error;
               auto value = FromYaml(a[0].AsString(), error);
               if (!value) return CallError(context.sensitive ? "this is not valid YAML" : error);
               return std::move(*value);
             },
             .never_null = false});
  table.Add(
      {.name = "yamlencode",
       .description = "Writes a value as YAML.",
       .parameters = {Nullable(TakesDynamic(TakesUnknown(AnyParameter("value", "The value."))))},
       .result = Type::String(),
       .body = [](Arguments a, Type type, const CallContext&) -> FunctionResult {
         if (!a[0].IsWhollyKnown()) return Value::Unknown(type);
         return Value::String(ToYaml(a[0]));
       }});
}

}  // namespace tkn::lang
