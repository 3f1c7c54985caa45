#include <string_view>

#include "parser/format/format.h"
#include "parser/format/same_meaning.h"
#include "tests/fuzz/check.h"

namespace {

// "1 . 2" takes an element of a number, which parses and is an error whenever it is evaluated. Its
// layout, and that of terraform fmt, is "1.2".
bool TakesElementOfNumber(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t dot = text.find('.'); dot != text.npos; dot = text.find('.', dot + 1)) {
    const std::size_t before = text.substr(0, dot).find_last_not_of(" \t");
    const std::size_t after = text.find_first_not_of(" \t", dot + 1);
    if (before == text.npos || after == text.npos || after - before == 2) continue;
    if (is_digit(text[before]) && is_digit(text[after])) return true;
  }
  return false;
}

}  // namespace

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
  if (TakesElementOfNumber(text)) return 0;
  const parser::File again = parser::ParseFile(sources, sources.Add("b.tf", formatted), diags);
  fuzz::Check(!diags.HasErrors());
  fuzz::Check(parser::MeaningOf(again.body()) == parser::MeaningOf(file.body()));
  return 0;
}
