#include "engine/render/multiline_text.h"

#include <string_view>

#include "engine/render/common_subsequence.h"

namespace tkn::render {
namespace {

std::vector<std::string> Split(const Value& text) {
  if (text.IsNull()) return {};
  std::string_view rest = text.AsString();
  if (IsMultiLine(text)) {
    constexpr std::string_view kSpace = " \t\n\r\v\f";
    rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
    rest = rest.substr(0, rest.find_last_not_of(kSpace) + 1);
  }
  std::vector<std::string> lines;
  while (true) {
    const std::size_t end = rest.find('\n');
    lines.emplace_back(rest.substr(0, end));
    if (end == std::string_view::npos) return lines;
    rest.remove_prefix(end + 1);
  }
}

}  // namespace

bool IsMultiLine(const Value& text) {
  return !text.IsNull() && text.type() == Type::String() &&
         text.AsString().find('\n') != std::string_view::npos;
}

std::vector<TextLine> LinesOf(const Value& text) {
  std::vector<TextLine> lines;
  for (std::string& line : Split(text)) lines.push_back({plan::Action::kNoOp, std::move(line)});
  return lines;
}

std::vector<TextLine> CompareLines(const Value& before, const Value& after) {
  const std::vector<std::string> old_lines = Split(before);
  const std::vector<std::string> new_lines = Split(after);
  std::vector<TextLine> lines;
  AlignSequences(
      old_lines, new_lines, [](std::size_t, std::size_t) { return false; },
      [&](std::size_t i, std::size_t j) {
        const bool both = i < old_lines.size() && j < new_lines.size();
        if (both && old_lines[i] == new_lines[j]) {
          lines.push_back({plan::Action::kNoOp, old_lines[i]});
          return;
        }
        if (i < old_lines.size()) lines.push_back({plan::Action::kDelete, old_lines[i]});
        if (j < new_lines.size()) lines.push_back({plan::Action::kCreate, new_lines[j]});
      });
  return lines;
}

}  // namespace tkn::render
