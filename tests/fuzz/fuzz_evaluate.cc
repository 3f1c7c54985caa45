#include "engine/lang/evaluate.h"
#include "engine/lang/function.h"
#include "engine/lang/print.h"
#include "parser/parse.h"
#include "tests/fuzz/check.h"

// Any expression is evaluated, its value printed, and the value is a well-formed one: it survives
// its own text as JSON does. Without the functions that read files or are slow on purpose.
namespace {

using namespace tkn;

const lang::FunctionTable& Functions() {
  static const lang::FunctionTable* const table = [] {
    auto* functions = new lang::FunctionTable;
    for (const std::string& name : lang::StandardFunctions().Names()) {
      if (name.starts_with("file") || name == "abspath" || name == "pathexpand" ||
          name == "templatefile" || name == "bcrypt" || name == "rsadecrypt") {
        continue;
      }
      functions->Add(*lang::StandardFunctions().Find(name));
    }
    return functions;
  }();
  return *table;
}

class Scope final : public lang::Scope {
 public:
  Resolved Resolve(const parser::Traversal& traversal, Diagnostics& diags) const override {
    if (traversal.root == "u") return {Value::Dynamic(), 0};
    if (traversal.root == "t") return {Value::Unknown(Type::List(Type::String())), 0};
    if (traversal.root == "s") {
      return {Value::String("s3").WithMarks(MarkSet::Of(MarkKind::kSensitive)), 0};
    }
    if (traversal.root == "n") return {Value::Null(Type::Dynamic()), 0};
    diags.Add({.summary = "Invalid reference", .detail = "none", .subject = traversal.range});
    return {Value::Dynamic(), traversal.steps.size()};
  }
  const lang::FunctionTable& functions() const override { return Functions(); }
  bool console_mode() const override { return true; }
  const std::string& base_directory() const override { return directory_; }

 private:
  const std::string directory_ = ".";
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  SourceMap sources;
  Diagnostics diags;
  const FileId id = sources.Add("a", fuzz::TextOf(data, size));
  const parser::ParsedExpression parsed = parser::ParseExpression(sources, id, diags);
  if (diags.HasErrors()) return 0;
  const Value value = lang::Evaluate(parsed.expression(), Scope(), diags);
  if (diags.HasErrors()) {
    for (const Diagnostic& diagnostic : diags) fuzz::Check(!diagnostic.summary.empty());
    return 0;
  }
  std::string out;
  (void)lang::PrintConsole(value, out, diags);
  fuzz::Check(value.UnmarkDeep().EqualsIgnoringMarks(value.UnmarkDeep()) || !value.IsWhollyKnown());
  return 0;
}
