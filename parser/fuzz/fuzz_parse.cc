#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "parser/content.h"
#include "parser/parse.h"
#include "parser/print.h"

// Any bytes as a file in native syntax, in JSON, as an expression and as a template. Beyond not
// crashing: every range lies in the file, and what has no errors can be printed and taken apart.
namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

void CheckRanges(const tkn::Diagnostics& diags, std::size_t size) {
  for (const tkn::Diagnostic& diagnostic : diags) {
    Check(!diagnostic.summary.empty() && !diagnostic.detail.empty());
    Check(diagnostic.subject.begin <= diagnostic.subject.end);
    Check(diagnostic.subject.end <= size + 1);
  }
}

void ReadContent(const tkn::parser::Body& body, int depth) {
  static const tkn::parser::BodySchema kSchema{{{"a", true}}, {{"b", {}}, {"c", {"d", "e"}}}};
  tkn::Diagnostics diags;
  tkn::parser::Body rest;
  const auto content = tkn::parser::PartialContent(body, kSchema, &rest, diags);
  (void)tkn::parser::JustAttributes(rest, diags);
  (void)tkn::parser::Content(body, kSchema, diags);
  if (depth > 10) return;
  for (const tkn::parser::Block* block : content.blocks) ReadContent(*block->body, depth + 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  tkn::SourceMap sources;
  for (const char* name : {"a.tf", "a.tf.json"}) {
    tkn::Diagnostics diags;
    const auto file = tkn::parser::ParseFile(sources, sources.Add(name, text), diags);
    if (std::string(name) == "a.tf") CheckRanges(diags, size);
    (void)tkn::parser::Print(file.body());
    ReadContent(file.body(), 0);
  }
  tkn::Diagnostics diags;
  const tkn::FileId id = sources.Add("text", text);
  (void)tkn::parser::Print(tkn::parser::ParseExpression(sources, id, diags).expression());
  (void)tkn::parser::Print(tkn::parser::ParseTemplate(sources, id, diags).expression());
  CheckRanges(diags, size);
  return 0;
}
