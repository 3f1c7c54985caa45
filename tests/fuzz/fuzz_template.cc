#include "parser/parse.h"
#include "parser/print.h"
#include "tests/fuzz/check.h"

// Any bytes as a template, as templatefile() reads one.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tkn;
  SourceMap sources;
  Diagnostics diags;
  const FileId id = sources.Add("a.tftpl", fuzz::TextOf(data, size));
  (void)parser::Print(parser::ParseTemplate(sources, id, diags).expression());
  fuzz::CheckDiagnostics(diags, size);
  return 0;
}
