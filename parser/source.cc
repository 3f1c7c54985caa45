#include "parser/source.h"

#include <utf8proc.h>

#include <algorithm>

namespace tkn {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

std::uint32_t CountColumns(std::string_view text) {
  std::uint32_t columns = 0;
  utf8proc_int32_t previous = -1;
  utf8proc_int32_t state = 0;
  while (!text.empty()) {
    if (const auto first = static_cast<unsigned char>(text.front()); first < 0x80) {
      // ASCII joins nothing that precedes it but a CR before its LF, and neither occurs inside a
      // line. What follows may still be an extending character, so the state restarts from here.
      ++columns;
      previous = first;
      state = 0;
      text.remove_prefix(1);
      continue;
    }
    utf8proc_int32_t point = 0;
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &point);
    if (size <= 0) {
      ++columns;
      previous = -1;
      state = 0;
      text.remove_prefix(1);
      continue;
    }
    if (previous < 0 || utf8proc_grapheme_break_stateful(previous, point, &state)) ++columns;
    previous = point;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return columns;
}

SourceFile::SourceFile(std::string name, std::string text, bool quoted)
    : name_(std::move(name)), text_(std::move(text)), quoted_(quoted) {}

const std::vector<std::uint32_t>& SourceFile::LineStarts() const {
  std::call_once(lines_once_, [this] {
    line_starts_.push_back(0);
    for (std::size_t at = text_.find('\n'); at != std::string::npos;
         at = text_.find('\n', at + 1)) {
      line_starts_.push_back(static_cast<std::uint32_t>(at + 1));
    }
  });
  return line_starts_;
}

SourcePosition SourceFile::PositionOf(std::uint32_t byte) const {
  byte = std::min(byte, static_cast<std::uint32_t>(text_.size()));
  const auto& starts = LineStarts();
  const auto after = std::upper_bound(starts.begin(), starts.end(), byte);
  const std::uint32_t start = *(after - 1);
  std::string_view before = text().substr(start, byte - start);
  if (start == 0 && before.starts_with(kByteOrderMark)) before.remove_prefix(kByteOrderMark.size());
  return {.line = static_cast<std::uint32_t>(after - starts.begin()),
          .column = CountColumns(before) + 1,
          .byte = byte};
}

std::string_view SourceFile::Line(std::uint32_t line) const {
  const auto& starts = LineStarts();
  if (line == 0 || line > starts.size()) return {};
  const std::uint32_t start = starts[line - 1];
  const std::size_t end = line < starts.size() ? starts[line] - 1 : text_.size();
  std::string_view result = text().substr(start, end - start);
  if (line < starts.size() && result.ends_with('\r')) result.remove_suffix(1);
  return result;
}

FileId SourceMap::Add(std::string name, std::string text, bool quoted) {
  const std::lock_guard lock(mutex_);
  files_.emplace_back(std::move(name), std::move(text), quoted);
  return static_cast<FileId>(files_.size());
}

const SourceFile* SourceMap::Find(FileId id) const {
  const std::lock_guard lock(mutex_);
  if (id == 0 || id > files_.size()) return nullptr;
  return &files_[id - 1];
}

}  // namespace tkn
