#include "engine/lang/test_scope.h"

#include <catch2/catch.hpp>

#include "engine/lang/evaluate.h"
#include "engine/lang/function.h"
#include "engine/lang/print.h"
#include "parser/parse.h"

namespace tkn::lang::testing {
namespace {

class TestScope final : public Scope {
 public:
  Resolved Resolve(const parser::Traversal& traversal, Diagnostics& diags) const override {
    if (traversal.root == "unknown") return {Value::Dynamic(), 0};
    if (traversal.root == "secret") {
      return {Value::String("s3").WithMarks(MarkSet::Of(MarkKind::kSensitive)), 0};
    }
    if (traversal.root == "nothing") return {Value::Null(Type::Dynamic()), 0};
    diags.Add({.summary = "Invalid reference", .detail = {}, .subject = traversal.range});
    return {Value::Dynamic(), traversal.steps.size()};
  }
  const FunctionTable& functions() const override { return StandardFunctions(); }
  bool console_mode() const override { return true; }
  const std::string& base_directory() const override { return directory_; }

 private:
  const std::string directory_ = ".";
};

}  // namespace

std::string Answer(std::string_view expression) {
  SourceMap sources;
  Diagnostics diags;
  const FileId file = sources.Add("<test>", std::string(expression));
  const parser::ParsedExpression parsed = parser::ParseExpression(sources, file, diags);
  std::string out;
  if (!diags.HasErrors()) {
    const Value value = Evaluate(parsed.expression(), TestScope(), diags);
    if (!diags.HasErrors()) (void)PrintConsole(value, out, diags);
  }
  if (!diags.HasErrors()) return out;
  out = "Error: ";
  bool first = true;
  for (const Diagnostic& diagnostic : diags) {
    if (diagnostic.severity != Severity::kError) continue;
    out += (first ? "" : " | ") + diagnostic.summary;
    first = false;
  }
  return out;
}

void CheckRows(std::span<const Row> rows) {
  for (const Row& row : rows) {
    CAPTURE(row.expression);
    CHECK(Answer(row.expression) == row.expected);
  }
}

}  // namespace tkn::lang::testing
