#include "engine/render/diagnostic_view.h"

#include <algorithm>
#include <map>
#include <utility>

#include "parser/parse.h"

namespace tkn::render {
namespace {

// The header of the top-level block that holds `offset`. The file is parsed anew: diagnostics are rare,
// and trees need not outlive their use for this.
std::string ContextOf(const SourceMap& sources, FileId file, std::uint32_t offset) {
  Diagnostics ignored;
  const parser::File parsed = parser::ParseFile(sources, file, ignored);
  for (const parser::Block& block : parsed.body().blocks) {
    if (offset < block.type_range.begin || offset >= block.close_range.end) continue;
    std::string context(block.type);
    for (const parser::Label& label : block.labels) {
      context.append(" \"").append(label.text).append("\"");
    }
    return context;
  }
  return {};
}

DiagnosticView::Snippet MakeSnippet(const Diagnostic& diagnostic, const SourceMap& sources,
                                    const SourceFile& file) {
  SourceRange highlight = diagnostic.subject;
  const auto size = static_cast<std::uint32_t>(file.text().size());
  highlight.begin = std::min(highlight.begin, size);
  highlight.end = std::clamp(highlight.end, highlight.begin, size);
  if (highlight.begin == highlight.end && highlight.end < size) ++highlight.end;

  SourceRange shown = highlight;
  if (diagnostic.context.file == shown.file) {
    shown.begin = std::min(shown.begin, diagnostic.context.begin);
    shown.end = std::max(shown.end, std::min(diagnostic.context.end, size));
  }
  const std::uint32_t first = file.PositionOf(shown.begin).line;
  // A range that ends with a line end does not reach into the next line.
  const std::uint32_t last =
      file.PositionOf(shown.end > shown.begin ? shown.end - 1 : shown.end).line;

  DiagnosticView::Snippet snippet;
  snippet.start_line = first;
  std::size_t begin_of_code = 0;
  for (std::uint32_t line = first; line <= last; ++line) {
    const std::string_view text = file.Line(line);
    if (line == first) {
      begin_of_code = static_cast<std::size_t>(text.data() - file.text().data());
    } else {
      snippet.code += '\n';
    }
    snippet.code.append(text);
  }
  // Lines lose "\r" in the snippet; offsets are clamped rather than recounted, as only their end could be off.
  const auto offset = [&](std::uint32_t at) {
    return std::min<std::size_t>(at - std::min<std::size_t>(at, begin_of_code), snippet.code.size());
  };
  snippet.highlight_start = offset(highlight.begin);
  snippet.highlight_end = std::max(offset(highlight.end), snippet.highlight_start);
  // A block's own header is not "in" the block: what stands in front of the subject decides.
  if (diagnostic.subject.begin > 0) {
    snippet.context = ContextOf(sources, diagnostic.subject.file, diagnostic.subject.begin - 1);
  }
  return snippet;
}

const std::string& NameOf(const SourceMap& sources, FileId id) {
  static const std::string kNone;
  const SourceFile* file = sources.Find(id);
  return file ? file->name() : kNone;
}

}  // namespace

DiagnosticView LookUp(const Diagnostic& diagnostic, const SourceMap& sources) {
  DiagnosticView view;
  const SourceFile* file = sources.Find(diagnostic.subject.file);
  if (!file) return view;
  view.filename = file->name();
  SourceRange range = diagnostic.subject;
  if (range.begin == range.end) range.end = range.begin + 1;
  view.start = file->PositionOf(range.begin);
  view.end = file->PositionOf(range.end);
  if (diagnostic.subject.begin == diagnostic.subject.end) {
    view.end = view.start;
    ++view.end.column;
    ++view.end.byte;
  }
  if (file->quoted()) view.snippet = MakeSnippet(diagnostic, sources, *file);
  return view;
}

void SortForPrinting(Diagnostics& diags, const SourceMap& sources) {
  std::stable_sort(diags.begin(), diags.end(), [&](const Diagnostic& a, const Diagnostic& b) {
    if (a.severity != b.severity) return a.severity == Severity::kWarning;
    if (a.subject.IsValid() != b.subject.IsValid()) return !a.subject.IsValid();
    if (a.subject.file != b.subject.file) {
      return NameOf(sources, a.subject.file) < NameOf(sources, b.subject.file);
    }
    if (a.subject.begin != b.subject.begin) return a.subject.begin < b.subject.begin;
    return a.subject.end < b.subject.end;
  });
}

Diagnostics ConsolidateWarnings(const Diagnostics& diags) {
  std::map<std::string_view, int> count;
  for (const Diagnostic& d : diags) {
    if (d.severity == Severity::kWarning && !d.never_consolidate) ++count[d.summary];
  }
  Diagnostics out;
  std::map<std::string_view, bool> told;
  for (const Diagnostic& d : diags) {
    if (d.severity != Severity::kWarning || d.never_consolidate || count[d.summary] == 1) {
      out.Add(d);
      continue;
    }
    if (std::exchange(told[d.summary], true)) continue;
    const int more = count[d.summary] - 1;
    Diagnostic first = d;
    first.detail += more == 1 ? "\n\n(and one more similar warning elsewhere)"
                              : "\n\n(and " + std::to_string(more) + " more similar warnings elsewhere)";
    out.Add(std::move(first));
  }
  return out;
}

}  // namespace tkn::render
