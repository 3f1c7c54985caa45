#include "engine/render/diagnostic_text.h"

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "engine/render/diagnostic_view.h"

namespace tkn::render {
namespace {

// Nobody reads longer ones.
constexpr std::size_t kLongestLine = 8 * 1024;

// `code` with its highlighted part underlined, line by line, since escapes do not reach over line
// ends.
std::string SnippetLines(const DiagnosticView::Snippet& snippet, const TextStyle& style) {
  std::string out;
  std::size_t at = 0;
  std::uint32_t number = snippet.start_line;
  const std::string_view code = snippet.code;
  while (true) {
    const std::size_t end = std::min(code.find('\n', at), code.size());
    char prefix[16];
    std::snprintf(prefix, sizeof prefix, "%4u: ", number++);
    out += prefix;
    const std::size_t from = std::clamp(snippet.highlight_start, at, end);
    const std::size_t to = std::clamp(snippet.highlight_end, from, end);
    if (end - at > kLongestLine) {
      out += "(a line of " + std::to_string(end - at) + " bytes)\n";
    } else {
      out.append(code.substr(at, from - at));
      if (to > from) out += style.Underline(code.substr(from, to - from));
      out.append(code.substr(to, end - to)).append("\n");
    }
    if (end == code.size()) return out;
    at = end + 1;
  }
}

std::string PlaceAndSnippet(const Diagnostic& diagnostic, ContextFinder& contexts,
                            const TextStyle& style) {
  std::string out;
  if (!diagnostic.address.empty()) out += "  with " + diagnostic.address + ",\n";
  const DiagnosticView view = LookUp(diagnostic, contexts);
  if (view.filename.empty()) return out.empty() ? out : out + "\n";
  out += "  on " + view.filename + " line " + std::to_string(view.start.line);
  if (!view.snippet) return out + ":\n  (source code not available)\n\n";
  if (!view.snippet->context.empty()) out += ", in " + view.snippet->context;
  out += ":\n" + SnippetLines(*view.snippet, style);

  std::vector<ShownValue> values = diagnostic.values;
  std::sort(values.begin(), values.end(),
            [](const ShownValue& a, const ShownValue& b) { return a.traversal < b.traversal; });
  if (!values.empty() || diagnostic.function_signature) {
    out += "    " +
           style.Dim(
               "\u251c\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500"
               "\u2500\u2500\u2500\u2500\u2500\u2500\u2500") +
           "\n";
    const std::string bar = "    " + style.Dim("\u2502") + " ";
    if (diagnostic.function_signature) {
      out += bar + "while calling " + style.Bold(diagnostic.function_name) + "(" +
             *diagnostic.function_signature + ")\n";
    }
    for (const ShownValue& shown : values) {
      out += bar + style.Bold(shown.traversal) + " " + shown.statement + "\n";
    }
  }
  return out + "\n";
}

std::string Boxed(const std::string& text, bool error, const TextStyle& style) {
  const auto paint = [&](std::string_view bar) {
    return error ? style.Red(bar) : style.Yellow(bar);
  };
  std::string out = paint("\u2577") + "\n";
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    out += paint("\u2502") + " ";
    out.append(rest.substr(0, end)).append("\n");
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out + paint("\u2575") + "\n";
}

}  // namespace

std::string DiagnosticText(const Diagnostic& diagnostic, ContextFinder& contexts,
                           const TextStyle& style) {
  const bool error = diagnostic.severity == Severity::kError;
  const std::string label =
      error ? style.Paint("1;31", "Error: ") : style.Paint("1;33", "Warning: ");
  std::string text = label + style.Bold(diagnostic.summary) + "\n\n";
  text += PlaceAndSnippet(diagnostic, contexts, style);
  if (!diagnostic.detail.empty()) {
    // The box takes two columns; one is kept free at the edge.
    text += WrapParagraphs(diagnostic.detail, style.columns - (style.color ? 3 : 1)) + "\n";
  }
  if (!style.color) return "\n" + text;
  while (text.ends_with("\n\n")) text.pop_back();
  return Boxed(text, error, style);
}

std::string CompactWarnings(const Diagnostics& warnings, ContextFinder& contexts,
                            const TextStyle& style) {
  std::string out = style.Paint("1;33", "Warnings:") + "\n\n";
  for (const Diagnostic& warning : ConsolidateWarnings(warnings)) {
    out += "- " + warning.summary + "\n";
    const DiagnosticView view = LookUp(warning, contexts);
    if (!view.filename.empty()) {
      out += "  on " + view.filename + " line " + std::to_string(view.start.line);
      const auto is_like_it = [&](const Diagnostic& other) {
        return !warning.never_consolidate && !other.never_consolidate &&
               other.summary == warning.summary;
      };
      const auto more = std::count_if(warnings.begin(), warnings.end(), is_like_it);
      if (more > 1) out += " (and " + std::to_string(more - 1) + " more)";
      out += "\n";
    }
  }
  return out + "\nTo see the full warning notes, run tkn without -compact-warnings.\n";
}

}  // namespace tkn::render
