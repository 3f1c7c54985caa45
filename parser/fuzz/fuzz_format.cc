#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "parser/format/format.h"
#include "parser/parse.h"

// What is laid out anew still parses.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  tkn::SourceMap sources;
  tkn::Diagnostics diags;
  const auto file = tkn::parser::ParseFile(sources, sources.Add("a.tf", text), diags);
  const std::string formatted = tkn::parser::Format(text);
  if (diags.HasErrors()) {
    if (formatted != text) std::abort();
    return 0;
  }
  const auto again = tkn::parser::ParseFile(sources, sources.Add("b.tf", formatted), diags);
  if (diags.HasErrors()) std::abort();
  if (again.body().blocks.size() != file.body().blocks.size()) std::abort();
  if (again.body().attributes.size() != file.body().attributes.size()) std::abort();
  return 0;
}
