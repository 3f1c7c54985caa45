#include "parser/source.h"

#include <catch2/catch.hpp>

namespace tkn {
namespace {

std::pair<std::uint32_t, std::uint32_t> LineColumn(const SourceFile& file, std::uint32_t byte) {
  const SourcePosition position = file.PositionOf(byte);
  CHECK(position.byte == std::min(byte, static_cast<std::uint32_t>(file.text().size())));
  return {position.line, position.column};
}

TEST_CASE("positions count lines and columns from one") {
  const SourceFile file("a.tf", "ab\ncd\n");
  CHECK(LineColumn(file, 0) == std::pair{1u, 1u});
  CHECK(LineColumn(file, 2) == std::pair{1u, 3u});
  CHECK(LineColumn(file, 3) == std::pair{2u, 1u});
  CHECK(LineColumn(file, 6) == std::pair{3u, 1u});
  CHECK(LineColumn(file, 99) == std::pair{3u, 1u});
  CHECK(file.Line(1) == "ab");
  CHECK(file.Line(2) == "cd");
  CHECK(file.Line(3).empty());
  CHECK(file.Line(0).empty());
  CHECK(file.Line(4).empty());
}

TEST_CASE("a column is a grapheme cluster") {
  // e with a combining acute, a family of four joined by ZWJ, a flag, then x
  const SourceFile file("a.tf",
                        "e\u0301"
                        "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466"
                        "\U0001F1E9\U0001F1EAx");
  CHECK(LineColumn(file, static_cast<std::uint32_t>(file.text().find('x'))) == std::pair{1u, 4u});
}

TEST_CASE("broken UTF-8 counts a column per byte") {
  const SourceFile file("a.tf", "\xff\xfex");
  CHECK(LineColumn(file, 2) == std::pair{1u, 3u});
}

TEST_CASE("CR LF ends a line, a lone CR does not") {
  const SourceFile file("a.tf", "a\r\nb\rc\r\n");
  CHECK(LineColumn(file, 3) == std::pair{2u, 1u});
  CHECK(LineColumn(file, 5) == std::pair{2u, 3u});
  CHECK(file.Line(1) == "a");
  CHECK(file.Line(2) == "b\rc");
}

TEST_CASE("a byte order mark takes bytes but no column") {
  const SourceFile file("a.tf", "\xEF\xBB\xBFx = 1");
  CHECK(LineColumn(file, 3) == std::pair{1u, 1u});
  CHECK(LineColumn(file, 5) == std::pair{1u, 3u});
}

TEST_CASE("a source map gives ids from one and keeps addresses") {
  SourceMap sources;
  const FileId a = sources.Add("a", "1");
  const SourceFile* first = sources.Find(a);
  for (int i = 0; i < 1000; ++i) (void)sources.Add("x", "y");
  CHECK(sources.Find(a) == first);
  CHECK(first->text() == "1");
  CHECK(sources.Find(0) == nullptr);
  CHECK(sources.Find(5000) == nullptr);
}

}  // namespace
}  // namespace tkn
