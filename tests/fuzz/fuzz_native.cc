#include "parser/parse.h"
#include "parser/print.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/read_content.h"

// Any bytes as a file in native syntax, and as an expression.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tkn;
  SourceMap sources;
  const FileId id = sources.Add("a.tf", fuzz::TextOf(data, size));
  Diagnostics diags;
  const parser::File file = parser::ParseFile(sources, id, diags);
  fuzz::CheckDiagnostics(diags, size);
  const std::string printed = parser::Print(file.body());
  fuzz::ReadContent(file.body());
  Diagnostics again;
  fuzz::Check(parser::Print(parser::ParseFile(sources, id, again).body()) == printed);

  Diagnostics more;
  (void)parser::Print(parser::ParseExpression(sources, id, more).expression());
  fuzz::CheckDiagnostics(more, size);
  return 0;
}
