#include "parser/parse.h"
#include "parser/print.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/read_content.h"

// Any bytes as a file in JSON syntax.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tkn;
  SourceMap sources;
  Diagnostics diags;
  const parser::File file =
      parser::ParseFile(sources, sources.Add("a.tf.json", fuzz::TextOf(data, size)), diags);
  fuzz::CheckDiagnostics(diags, size);
  (void)parser::Print(file.body());
  fuzz::ReadContent(file.body());
  return 0;
}
