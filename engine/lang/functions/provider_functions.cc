#include "engine/lang/evaluate.h"
#include "engine/lang/functions/entry.h"
#include "engine/lang/write_expression.h"
#include "parser/parse.h"

// provider::terraform::*: what the built-in provider "terraform" offers.
namespace tkn::lang {
namespace {

FunctionResult EncodeExpr(Arguments a, Type, const CallContext&) {
  return Value::String(WriteExpression(a[0]));
}

FunctionResult EncodeTfvars(Arguments a, Type, const CallContext& context) {
  if (!a[0].type().IsObject() && !a[0].type().IsMap()) {
    return CallError(
        "invalid value to encode: it must be an object or a map, whose names become the names of "
        "variables");
  }
  for (const std::string_view key : a[0].keys()) {
    if (!parser::IsIdentifier(key)) {
      return CallError("invalid variable name " + Shown(key, context) +
                       ": it must be an identifier");
    }
  }
  return Value::String(WriteArguments(a[0]));
}

FunctionResult DecodeTfvars(Arguments a, Type, const CallContext& context) {
  SourceMap sources;
  Diagnostics diags;
  const FileId id = sources.Add("<decode_tfvars argument>", std::string(a[0].AsString()));
  const parser::File file = parser::ParseFile(sources, id, diags);
  std::vector<Value::Entry> entries;
  if (!diags.HasErrors() && !file.body().blocks.empty()) {
    diags.Add({.summary = "Unexpected block",
               .detail = "there are only arguments in a .tfvars file",
               .subject = file.body().blocks[0].type_range});
  }
  for (const parser::Attribute& attribute : file.body().attributes) {
    ForEachCall(*attribute.expression, [&](const parser::CallExpression& call) {
      diags.Add({.summary = "Function calls not allowed",
                 .detail = "values are written out in a .tfvars file",
                 .subject = call.range});
    });
    if (diags.HasErrors()) break;
    entries.emplace_back(std::string(attribute.name),
                         Evaluate(*attribute.expression, EmptyScope(), diags));
  }
  if (!diags.HasErrors()) return Value::Object(std::move(entries));
  if (context.sensitive)
    return CallError("invalid tfvars syntax; where is not shown, since the text is sensitive");
  for (const Diagnostic& problem : diags) {
    if (problem.severity != Severity::kError) continue;
    const SourceFile* place = sources.Find(problem.subject.file);
    const std::string line =
        place ? " in line " + std::to_string(place->PositionOf(problem.subject.begin).line) : "";
    return CallError("invalid tfvars syntax" + line + ": " + problem.summary + "; " +
                     problem.detail);
  }
  return CallError("invalid tfvars syntax");
}

FunctionTable* MakeTable() {
  auto* table = new FunctionTable;
  table->Add({.name = "encode_expr",
              .description = "Writes a value as an expression of the configuration language.",
              .parameters = {TakesDynamic(AnyParameter("value", "The value."))},
              .result = Type::String(),
              .body = EncodeExpr});
  table->Add(
      {.name = "encode_tfvars",
       .description = "Writes an object as the text of a .tfvars file.",
       .parameters = {TakesDynamic(AnyParameter("value", "Values by the name of their variable."))},
       .result = Type::String(),
       .body = EncodeTfvars});
  table->Add({.name = "decode_tfvars",
              .description = "Reads the text of a .tfvars file, and gives an object.",
              .parameters = {TextParameter("src", "The text.")},
              .result = Type::Dynamic(),
              .body = DecodeTfvars,
              .never_null = false});
  return table;
}

}  // namespace

const Function* FindTerraformProviderFunction(std::string_view name) {
  static const FunctionTable* const table = MakeTable();
  return table->Find(name);
}

}  // namespace tkn::lang
