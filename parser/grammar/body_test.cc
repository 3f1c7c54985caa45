#include <catch2/catch.hpp>

#include "parser/parsed_text.h"

namespace tkn::parser {
namespace {

using E = std::vector<std::string>;

TEST_CASE("arguments and blocks") {
  const ParsedText parsed = ParseFileText(
      "a = 1 # x\n"
      "b \"c\" d {\n"
      "  e = [\n  2]\n\n"
      "  f { g = 3 }\n"
      "  h {}\n"
      "}\n");
  CHECK(parsed.errors.empty());
  CHECK(parsed.tree ==
        "(body (= a 1) (block b \"c\" d (body (= e (tuple 2)) (block f (body (= g 3))) (block h "
        "(body)))))");
}

TEST_CASE("a file may begin with a byte order mark, end without a newline, and have CR LF") {
  CHECK(ParseFileText("\uFEFFa = 1\r\nb = 2").tree == "(body (= a 1) (= b 2))");
  CHECK(ParseFileText("").tree == "(body)");
  CHECK(ParseFileText("# only").errors.empty());
}

TEST_CASE("ranges of a block") {
  SourceMap sources;
  const FileId id = sources.Add("main.tf", "x = 1\nab \"c\" {\n  y = 2\n}\n");
  Diagnostics diags;
  const File file = ParseFile(sources, id, diags);
  CHECK(file.body().end_range == SourceRange{id, 0, 0});
  CHECK(file.body().attributes[0].range == SourceRange{id, 0, 5});
  CHECK(file.body().attributes[0].name_range == SourceRange{id, 0, 1});
  CHECK(file.body().attributes[0].equals_range == SourceRange{id, 2, 3});
  const Block& block = file.body().blocks[0];
  CHECK(block.type_range == SourceRange{id, 6, 8});
  CHECK(block.labels[0].range == SourceRange{id, 9, 12});
  CHECK(block.header_range == SourceRange{id, 6, 12});
  CHECK(block.open_range == SourceRange{id, 13, 14});
  CHECK(block.close_range == SourceRange{id, 23, 24});
  CHECK(block.body->range == SourceRange{id, 13, 24});
  CHECK(block.body->end_range == SourceRange{id, 13, 13});
}

TEST_CASE("several errors in one run, but none that only follow") {
  CHECK(ParseFileText("a = \nb = \nc = 1 2\nd = foo.\n").errors ==
        E{"1:5-2:1 Invalid expression", "4:9-5:1 Invalid attribute name"});
  CHECK(ParseFileText("x\ny\nz = 1\n").errors ==
        E{"1:1-1:2 Argument or block definition required",
          "2:1-2:2 Argument or block definition required"});
  CHECK(ParseFileText("a = <<\"E\"\nx\nE\n").errors ==
        E{"1:5-1:6 Invalid expression", "2:1-2:2 Argument or block definition required",
          "3:1-3:2 Argument or block definition required"});
}

TEST_CASE("what is sound is kept") {
  CHECK(ParseFileText("a = 1\nb = (\nc = 2\nd {\n x = }\n}\ne = 3\n").tree.find("(= a 1)") !=
        std::string::npos);
  CHECK(ParseFileText("a = 1\nb = ]\nc = 2\n").tree == "(body (= a 1) (= b <invalid>) (= c 2))");
  CHECK(ParseFileText("a = 1\nb\nc = 2\n").tree == "(body (= a 1) (= c 2))");
}

TEST_CASE("errors of bodies stand where HCL has them") {
  const auto errors = [](const std::string& text) { return ParseFileText(text).errors; };
  CHECK(errors("a = 1 b = 2\n") == E{"1:7-1:8 Missing newline after argument"});
  CHECK(errors("a = 1, b = 2\n") == E{"1:6-1:7 Unexpected comma after argument"});
  CHECK(errors("\"a\" = 1\n") == E{"1:1-1:2 Invalid argument name"});
  CHECK(errors("a = 1\na = 2\n") == E{"2:1-2:2 Attribute redefined"});
  CHECK(errors("}\n") == E{"1:1-1:2 Argument or block definition required"});
  CHECK(errors("a {\n  b = 1\n") == E{"1:3-1:4 Unclosed configuration block"});
  CHECK(errors("a {\n b {\n") == E{"2:4-2:5 Unclosed configuration block"});
  CHECK(errors("a { b = 1\n}\n") == E{"1:10-2:1 Invalid single-argument block definition"});
  CHECK(errors("a { b = 1, c = 2 }\n") == E{"1:10-1:11 Invalid single-argument block definition"});
  CHECK(errors("a { b {} }\n") == E{"1:5-1:8 Argument definition required"});
  CHECK(errors("a { b }\n") == E{"1:5-1:6 Argument or block definition required"});
  CHECK(errors("a {} b\n") == E{"1:6-1:7 Missing newline after block definition"});
  CHECK(errors("a \"b\" = 1\n") == E{"1:7-1:8 Invalid block definition"});
  CHECK(errors("a \"b\"\n{\n}\n").front() == "1:6-2:1 Invalid block definition");
  CHECK(errors("a \"b${c}\" {\n}\n") == E{"1:5-1:7 Invalid string literal"});
  CHECK(errors("a = \"b\nc\"\n").front() == "1:7-2:1 Invalid multi-line string");
  CHECK(errors("a = \"b\n\n\nc\"\n").front() == "1:7-4:1 Invalid multi-line string");
  CHECK(errors("a = <<E\nb\n").back() == "3:1-3:1 Unterminated template string");
  CHECK(errors("a = 'b'\n").front() == "1:5-1:6 Invalid character");
  CHECK(errors("a = 1;\n").front() == "1:6-1:7 Invalid character");
  CHECK(errors("a = \"\xff\"\n").front() == "1:6-1:7 Invalid character encoding");
}

TEST_CASE("deep blocks end the file with one error") {
  std::string text = "first = 1\n";
  for (int i = 0; i < 20000; ++i) text += "a {\n";
  const ParsedText parsed = ParseFileText(text);
  CHECK(parsed.errors == E{"1002:3-1002:4 Nesting too deep"});
  CHECK(parsed.tree == "(body (= first 1))");
}

TEST_CASE("a body of very many arguments takes no more than linear time") {
  std::string text;
  for (int i = 0; i < 50000; ++i) text += "a" + std::to_string(i) + " = 1\n";
  text += "a7 = 2\n";
  CHECK(ParseFileText(text).errors == E{"50001:1-50001:3 Attribute redefined"});
}

}  // namespace
}  // namespace tkn::parser
