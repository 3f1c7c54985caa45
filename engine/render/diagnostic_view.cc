#include "engine/render/diagnostic_view.h"

#include <algorithm>
#include <map>
#include <utility>

#include "parser/navigation.h"
#include "parser/parse.h"

namespace tkn::render {
namespace {

// A line, without its end, that the range touches, even if only with its own end; HCL counts so.
bool IsShown(std::uint32_t begin, std::uint32_t end, const SourceRange& shown) {
  if (begin == end) return false;
  const auto holds = [&](std::uint32_t at) { return begin <= at && at < end; };
  const auto within = [&](std::uint32_t at) { return shown.begin <= at && at < shown.end; };
  return holds(shown.begin) || holds(shown.end) || within(begin) || within(end);
}

DiagnosticView::Snippet MakeSnippet(const Diagnostic& diagnostic, ContextFinder& contexts,
                                    const SourceFile& file) {
  SourceRange highlight = diagnostic.subject;
  const auto size = static_cast<std::uint32_t>(file.text().size());
  highlight.begin = std::min(highlight.begin, size);
  highlight.end = std::clamp(highlight.end, highlight.begin, size);
  if (highlight.begin == highlight.end) ++highlight.end;

  SourceRange shown = highlight;
  if (diagnostic.context.file == shown.file) {
    shown.begin = std::min(shown.begin, diagnostic.context.begin);
    shown.end = std::max(shown.end, std::min(diagnostic.context.end, size));
  }
  DiagnosticView::Snippet snippet;
  snippet.start_line = file.PositionOf(shown.begin).line;
  std::size_t begin_of_code = std::string_view::npos;
  const std::uint32_t last = file.PositionOf(std::min(shown.end, size)).line;
  for (std::uint32_t line = snippet.start_line; line <= last; ++line) {
    const std::string_view text = file.Line(line);
    const auto begin = static_cast<std::uint32_t>(text.data() - file.text().data());
    if (!IsShown(begin, begin + static_cast<std::uint32_t>(text.size()), shown)) continue;
    if (begin_of_code == std::string_view::npos) {
      begin_of_code = begin;
      snippet.start_line = line;
    } else {
      snippet.code += '\n';
    }
    snippet.code.append(text);
  }
  if (begin_of_code == std::string_view::npos) begin_of_code = highlight.begin;
  // Lines lose "\r" in the snippet; offsets are clamped rather than recounted, as only their end
  // could be off.
  const auto offset = [&](std::uint32_t at) {
    return std::min<std::size_t>(at - std::min<std::size_t>(at, begin_of_code),
                                 snippet.code.size());
  };
  snippet.highlight_start = offset(highlight.begin);
  snippet.highlight_end = std::max(offset(highlight.end), snippet.highlight_start);
  // A block's own header is not "in" the block: what stands in front of the subject decides.
  if (diagnostic.subject.begin > 0) {
    snippet.context = contexts.ContextOf(diagnostic.subject.file, diagnostic.subject.begin - 1);
  }
  return snippet;
}

const std::string& NameOf(const SourceMap& sources, FileId id) {
  static const std::string kNone;
  const SourceFile* file = sources.Find(id);
  return file ? file->name() : kNone;
}

}  // namespace

std::string ContextFinder::ContextOf(FileId file, std::uint32_t offset) {
  auto found = files_.find(file);
  if (found == files_.end()) {
    Diagnostics ignored;
    found = files_.emplace(file, parser::ParseFile(sources_, file, ignored)).first;
  }
  return parser::ContextAt(found->second.body(), offset);
}

DiagnosticView LookUp(const Diagnostic& diagnostic, ContextFinder& contexts) {
  DiagnosticView view;
  const SourceFile* file = contexts.sources().Find(diagnostic.subject.file);
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
  if (file->quoted()) view.snippet = MakeSnippet(diagnostic, contexts, *file);
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
  // What has no place in a file can not be found by the first of its kind, so each is told.
  const auto joins = [](const Diagnostic& d) {
    return d.severity == Severity::kWarning && !d.never_consolidate && d.subject.IsValid();
  };
  std::map<std::string_view, int> count;
  for (const Diagnostic& d : diags) {
    if (joins(d)) ++count[d.summary];
  }
  Diagnostics out;
  std::map<std::string_view, bool> told;
  for (const Diagnostic& d : diags) {
    if (!joins(d) || count[d.summary] == 1) {
      out.Add(d);
      continue;
    }
    if (std::exchange(told[d.summary], true)) continue;
    const int more = count[d.summary] - 1;
    Diagnostic first = d;
    first.detail += more == 1
                        ? "\n\n(and one more similar warning elsewhere)"
                        : "\n\n(and " + std::to_string(more) + " more similar warnings elsewhere)";
    out.Add(std::move(first));
  }
  return out;
}

}  // namespace tkn::render
