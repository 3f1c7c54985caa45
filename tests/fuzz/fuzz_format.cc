#include "parser/format/format.h"
#include "parser/format/same_meaning.h"
#include "tests/fuzz/check.h"

// The layout of what has errors is left alone; that of anything else keeps its meaning.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tkn;
  const std::string text = fuzz::TextOf(data, size);
  SourceMap sources;
  Diagnostics diags;
  const parser::File file = parser::ParseFile(sources, sources.Add("a.tf", text), diags);
  const std::string formatted = parser::Format(text);
  if (diags.HasErrors()) {
    fuzz::Check(formatted == text);
    return 0;
  }
  const parser::File again = parser::ParseFile(sources, sources.Add("b.tf", formatted), diags);
  fuzz::Check(!diags.HasErrors());
  fuzz::Check(parser::MeaningOf(again.body()) == parser::MeaningOf(file.body()));
  return 0;
}
