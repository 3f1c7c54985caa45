#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace tkn {

// Names a file of a SourceMap. 0 is "no file".
using FileId = std::uint32_t;

// Half-open range of bytes in one file. Line and column are worked out when something is printed.
struct SourceRange {
  FileId file = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  bool IsValid() const { return file != 0; }
  bool operator==(const SourceRange&) const = default;
};

// From the start of `a` to the end of `b`, which must be in the same file.
inline SourceRange Join(const SourceRange& a, const SourceRange& b) {
  return {a.file, a.begin, b.end};
}

// A place as people read it. `line` and `column` count from 1; a column is a grapheme cluster, as
// in Terraform's output; `byte` counts from 0.
struct SourcePosition {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::uint32_t byte = 0;
};

// Columns that `text` takes on one line: its grapheme clusters. A byte that is no UTF-8 counts as
// one.
[[nodiscard]] std::uint32_t CountColumns(std::string_view text);

// One file's text, owned, and where its lines begin. Immutable once in a SourceMap.
class SourceFile {
 public:
  SourceFile(std::string name, std::string text, bool quoted = true);

  // Whether diagnostics show its lines: not of what was just typed.
  bool quoted() const { return quoted_; }

  const std::string& name() const { return name_; }
  std::string_view text() const { return text_; }
  SourcePosition PositionOf(std::uint32_t byte) const;
  // Text of the 1-based line, without its line end; empty past the end.
  std::string_view Line(std::uint32_t line) const;

 private:
  const std::vector<std::uint32_t>& LineStarts() const;

  std::string name_;
  std::string text_;
  bool quoted_;
  mutable std::once_flag lines_once_;
  mutable std::vector<std::uint32_t> line_starts_;
};

// Owns every text that a run reads, so that ranges stay printable until its end. Any thread may
// call.
class SourceMap {
 public:
  // `name` is as it is shown to people: relative to the working directory where it lies below it.
  FileId Add(std::string name, std::string text, bool quoted = true);
  // nullptr for 0 and for ids that were never given out.
  const SourceFile* Find(FileId id) const;

 private:
  mutable std::mutex mutex_;
  std::deque<SourceFile> files_;
};

}  // namespace tkn
