#include "engine/render/style.h"

#include <algorithm>

#include "engine/value/text.h"

namespace tkn::render {

std::string TextStyle::Paint(std::string_view code, std::string_view text) const {
  if (!color) return std::string(text);
  std::string out = "\x1b[";
  out.append(code).append("m").append(text).append("\x1b[0m");
  return out;
}

namespace {

void AppendWrapped(std::string_view line, std::size_t columns, std::string& out) {
  std::size_t width = 0;
  while (!line.empty()) {
    const std::size_t spaces = std::min(line.find_first_not_of(' '), line.size());
    const std::size_t end = std::min(line.find(' ', spaces), line.size());
    const std::string_view word = line.substr(spaces, end - spaces);
    const std::size_t word_width = GraphemeCount(word);
    if (width > 0 && width + spaces + word_width > columns) {
      out += '\n';
      width = 0;
    } else {
      out.append(line.substr(0, spaces));
      width += spaces;
    }
    out.append(word);
    width += word_width;
    line.remove_prefix(end);
  }
}

}  // namespace

std::string WrapParagraphs(std::string_view text, int columns) {
  std::string out;
  while (true) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (columns <= 1 || line.starts_with(' ')) {
      out.append(line);
    } else {
      AppendWrapped(line, static_cast<std::size_t>(columns), out);
    }
    if (end == std::string_view::npos) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

std::string HorizontalRule(const TextStyle& style) {
  std::string rule;
  for (int i = 0; i < style.columns; ++i) rule += "\u2500";
  return style.Dim(rule);
}

}  // namespace tkn::render
