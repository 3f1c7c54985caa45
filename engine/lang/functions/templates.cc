#include "engine/lang/evaluate.h"
#include "engine/lang/functions/base64.h"
#include "engine/lang/functions/entry.h"
#include "engine/lang/functions/files.h"
#include "parser/parse.h"

namespace tkn::lang {
namespace {

// The names that a template sees: those it was given, and nothing else.
class TemplateScope final : public Scope {
 public:
  TemplateScope(const Scope& outer, const Value& names) : outer_(outer), names_(names) {}

  Resolved Resolve(const parser::Traversal& traversal, Diagnostics& diags) const override {
    if (const Value* value = names_.Find(traversal.root)) return {*value, 0};
    diags.Add({.summary = "Invalid reference",
               .detail = "the template refers to it",
               .subject = traversal.root_range});
    return {Value::Dynamic(), traversal.steps.size()};
  }
  const FunctionTable& functions() const override { return outer_.functions(); }
  std::string_view plan_timestamp() const override { return outer_.plan_timestamp(); }
  bool pure_only() const override { return outer_.pure_only(); }
  const std::string& base_directory() const override { return outer_.base_directory(); }

 private:
  const Scope& outer_;
  const Value names_;
};

// The first error, with its place in the template.
std::string Describe(const Diagnostics& diags, const SourceMap& sources) {
  for (const Diagnostic& problem : diags) {
    if (problem.severity != Severity::kError) continue;
    std::string text;
    if (const SourceFile* file = sources.Find(problem.subject.file)) {
      const SourcePosition at = file->PositionOf(problem.subject.begin);
      text = file->name() + ":" + std::to_string(at.line) + "," + std::to_string(at.column) + ": ";
    }
    return text + problem.summary + (problem.detail.empty() ? "" : "; " + problem.detail);
  }
  return "the template has errors";
}

FunctionResult Render(const std::string& name, std::string text, const Value& marked,
                      const CallContext& context) {
  if (dynamic_cast<const TemplateScope*>(&context.scope) != nullptr) {
    return CallError("cannot recursively call " + name + " from inside another template");
  }
  const auto unmarked = marked.Unmark();
  const Value& names = unmarked.first;
  const MarkSet& marks = unmarked.second;
  if (!names.IsKnown()) return Value::Dynamic().WithMarks(marks);
  if (!names.type().IsObject() && !names.type().IsMap())
    return ArgumentError(1, "invalid vars value: must be a map");
  for (const std::string_view key : names.keys()) {
    if (!parser::IsIdentifier(key)) {
      return ArgumentError(1, "invalid template variable name " + Shown(key, context) +
                                  ": must start with a letter, followed by zero or more letters, "
                                  "digits, and underscores");
    }
  }
  SourceMap sources;
  Diagnostics diags;
  const FileId file =
      sources.Add(name == "templatestring" ? "<templatestring argument>" : name, std::move(text));
  const parser::ParsedExpression parsed = parser::ParseTemplate(sources, file, diags);
  if (!diags.HasErrors()) {
    std::optional<FunctionError> missing;
    ForEachTraversal(parsed.expression(), [&](const parser::Traversal& traversal) {
      if (missing || names.Find(traversal.root) != nullptr) return;
      const SourcePosition at = sources.Find(file)->PositionOf(traversal.root_range.begin);
      missing = ArgumentError(
          1, fmt::format("vars map does not contain key \"{}\", referenced at {}:{},{}",
                         traversal.root, sources.Find(file)->name(), at.line, at.column));
    });
    if (missing) return *missing;
    const Value value = Evaluate(parsed.expression(), TemplateScope(context.scope, names), diags);
    if (!diags.HasErrors() && value.IsKnown() && value.IsNull())
      return CallError("the result of the template is null");
    if (!diags.HasErrors()) return value.WithMarks(marks);
  }
  return CallError(context.sensitive ? "the template can't be rendered; why is not shown, since it "
                                       "comes from something sensitive"
                                     : Describe(diags, sources));
}

FunctionResult TemplateFile(Arguments a, Type, const CallContext& context) {
  if (dynamic_cast<const TemplateScope*>(&context.scope) != nullptr) {
    return CallError("cannot recursively call templatefile from inside another template");
  }
  if (!a[0].IsKnown()) return Value::Dynamic();
  auto bytes = ReadWholeFile(a[0].AsString(), context);
  if (auto* error = std::get_if<FunctionError>(&bytes)) return *error;
  std::string& text = std::get<std::string>(bytes);
  if (!IsUtf8(text))
    return ArgumentError(0,
                         "contents of " + Shown(a[0].AsString(), context) + " are not valid UTF-8");
  return Render(std::string(a[0].AsString()), std::move(text), a[1], context);
}

FunctionResult TemplateString(Arguments a, Type, const CallContext& context) {
  if (!a[0].IsKnown()) return Value::Unknown(Type::String());
  FunctionResult result = Render("templatestring", std::string(a[0].AsString()), a[1], context);
  const Value* value = std::get_if<Value>(&result);
  if (!value || !value->IsKnown())
    return value ? FunctionResult(Value::Unknown(Type::String()).WithMarks(value->marks()))
                 : result;
  const auto text = Convert(*value, Type::String(), nullptr);
  if (!text) return CallError("the template gives no text, but a " + value->type().FriendlyName());
  return *text;
}

}  // namespace

void AddTemplateFunctions(FunctionTable& table) {
  const Parameter vars = TakesMarked(
      TakesDynamic(TakesUnknown(AnyParameter("vars", "What the template can refer to, by name."))));
  Parameter named = TextParameter("template", "The template.");
  named.named = true;
  table.Add({.name = "templatefile",
             .description = "Renders the template in a file.",
             .parameters = {TextParameter("path", "The file."), vars},
             .result = Type::Dynamic(),
             .body = TemplateFile,
             .never_null = false});
  table.Add({.name = "templatestring",
             .description = "Renders a template that is given as text.",
             .parameters = {named, vars},
             .result = Type::String(),
             .body = TemplateString,
             .never_null = false});
}

}  // namespace tkn::lang
