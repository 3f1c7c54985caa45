#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "parser/diagnostic.h"
#include "parser/parse.h"
#include "parser/source.h"

namespace tkn::render {

// A diagnostic with its place looked up in the sources: what the text and the JSON form both print.
struct DiagnosticView {
  struct Snippet {
    std::string context;  // `resource "a" "b"`, "" outside of blocks
    std::string code;     // whole lines, without the last line end
    std::uint32_t start_line = 1;
    std::size_t highlight_start = 0;  // bytes in `code`
    std::size_t highlight_end = 0;
  };
  std::string filename;  // "" when the diagnostic has no place
  SourcePosition start{};
  SourcePosition end{};
  std::optional<Snippet> snippet{};
};

// The files that a series of diagnostics is about, parsed once each to tell which block a place is
// in. For one thread.
class ContextFinder {
 public:
  explicit ContextFinder(const SourceMap& sources) : sources_(sources) {}
  std::string ContextOf(FileId file, std::uint32_t offset);
  const SourceMap& sources() const { return sources_; }

 private:
  const SourceMap& sources_;
  std::map<FileId, parser::File> files_;
};

DiagnosticView LookUp(const Diagnostic& diagnostic, ContextFinder& contexts);

// Warnings before errors, those without a place first, then by file and byte.
void SortForPrinting(Diagnostics& diags, const SourceMap& sources);

// Warnings that repeat a summary become one, whose detail says how many more there are.
Diagnostics ConsolidateWarnings(const Diagnostics& diags);

}  // namespace tkn::render
