#include <catch2/catch.hpp>

#include "parser/parsed_text.h"

namespace tkn::parser {
namespace {

using E = std::vector<std::string>;

std::string Tree(const std::string& text) {
  const ParsedText parsed = ParseExpressionText(text);
  CAPTURE(text);
  CHECK(parsed.errors == E{});
  return parsed.tree;
}

E Errors(const std::string& text) { return ParseExpressionText(text).errors; }

TEST_CASE("a lone interpolation is the value itself, others make text") {
  CHECK(Tree("\"${a}\"") == "(wrap a)");
  CHECK(Tree("\"a${b}c\"") == "(template \"a\" b \"c\")");
  CHECK(Tree("\"${a}${b}\"") == "(template a b)");
  CHECK(Tree("\"${\"${a}\"}\"") == "(wrap (wrap a))");
  CHECK(Tree("\"${\n{a=1}\n}\"") == "(wrap (object (a 1)))");
}

TEST_CASE("directives") {
  CHECK(Tree("\"%{if a}b%{else}c%{endif}\"") ==
        "(template (template-if a (template \"b\") (template \"c\")))");
  CHECK(Tree("\"%{if a}%{endif}\"") == "(template (template-if a (template) (template)))");
  CHECK(Tree("\"%{for k, v in m}${v}%{endfor}\"") ==
        "(template (template-for k v m (template v)))");
  CHECK(
      Tree("\"%{if a}%{for v in b}x%{endfor}%{endif}y\"") ==
      "(template (template-if a (template (template-for v b (template \"x\"))) (template)) \"y\")");
}

TEST_CASE("strip markers trim the text beside them") {
  CHECK(Tree("\"a \\n ${~ b ~} \\n c\"") == "(template \"a\" b \"c\")");
  CHECK(Tree("\"%{if a ~} b %{~ endif} c\"") ==
        "(template (template-if a (template \"b\") (template)) \" c\")");
  CHECK(Tree("\"a\\u00a0${~ b}\"") == "(template \"a\" b)");
  // In a heredoc to the end of the line only, since each line is a text of its own.
  CHECK(Tree("<<E\n${a ~}\n  x\nE\n") == "(heredoc a \"  x\\n\")");
}

TEST_CASE("heredocs") {
  CHECK(Tree("<<E\nE\n") == "(heredoc)");
  CHECK(Tree("<<E\na\n b\\n\"\nE\n") == "(heredoc \"a\\n b\\\\n\\\"\\n\")");
  CHECK(Tree("<<E\n$${a} %%{b}\nE\n") == "(heredoc \"${a} %{b}\\n\")");
  CHECK(Tree("<<E\n${<<F\nx\nF\n}y\nE\n") == "(heredoc (heredoc \"x\\n\") \"y\\n\")");
  CHECK(Tree("[<<A\nx\nA\n, 1]") == "(tuple (heredoc \"x\\n\") 1)");
  CHECK(Tree("<<E\r\na\r\nE\r\n") == "(heredoc \"a\\r\\n\")");
}

TEST_CASE("<<- removes the indentation that all lines have") {
  CHECK(Tree("<<-E\n   a\n\n  ${b}\n    c\n  E\n") == "(heredoc \" a\\n\\n\" b \"\\n  c\\n\")");
  CHECK(Tree("<<-E\n    a ${b}\n  c\n  E\n") == "(heredoc \"  a \" b \"\\nc\\n\")");
  CHECK(Tree("<<-E\n\t\ta\n\t b\nE\n") == "(heredoc \"a\\nb\\n\")");
  CHECK(Tree("<<-E\n  a\n${b}\n  E\n") == "(heredoc \"  a\\n\" b \"\\n\")");
  CHECK(Tree("<<-E\n   a\n  \n   b\n  E\n") == "(heredoc \"a\\n  \\nb\\n\")");  // blank lines stay
  CHECK(Tree("<<-E\n\u00a0\u00a0a\n  b\n  E\n") == "(heredoc \"a\\nb\\n\")");
  CHECK(Tree("<<-E\n  %{~ if a ~}\n  b\n  %{~ endif ~}\n  E\n") ==
        "(heredoc \"\" (template-if a (template \"  b\\n\") (template)) \"\")");
}

TEST_CASE("a bare template") {
  CHECK(ParseTemplateText("a ${b}\n").tree == "(template \"a \" b \"\\n\")");
  CHECK(ParseTemplateText("${b}").tree == "(wrap b)");
  CHECK(ParseTemplateText("").tree == "(template)");
  CHECK(ParseTemplateText("%{for x in y ~}\n  - ${x}\n%{endfor ~}\nend").tree ==
        "(template (template-for x y (template \"  - \" x \"\\n\")) \"end\")");
  CHECK(ParseTemplateText("a ${").errors == E{"1:5-1:5 Missing expression"});
  CHECK(ParseTemplateText("%{ if a }x").errors == E{"1:11-1:11 Unexpected end of template"});
}

TEST_CASE("errors in templates stand where HCL has them") {
  CHECK(Errors("\"abc") == E{"1:5-1:5 Unterminated template string"});
  CHECK(Errors("\"${a\"").front() == "1:2-1:4 Unclosed template interpolation sequence");
  CHECK(Errors("\"${1 2}\"") == E{"1:6-1:7 Extra characters after interpolation expression"});
  CHECK(Errors("\"%{1}\"") == E{"1:4-1:5 Invalid template directive"});
  CHECK(Errors("\"%{elif a}\"") == E{"1:4-1:8 Invalid template control keyword"});
  CHECK(Errors("\"%{if a b}%{endif}\"").front() == "1:9-1:10 Extra characters in if marker");
  CHECK(Errors("\"%{for}%{endfor}\"").front() == "1:7-1:8 Invalid 'for' directive");
  CHECK(Errors("\"%{if a}\"") == E{"1:9-1:10 Unexpected end of template"});
  CHECK(Errors("\"%{else}\"") == E{"1:2-1:9 Unexpected else directive"});
  CHECK(Errors("\"%{if a}%{endfor}\"") == E{"1:9-1:18 Unexpected endfor directive"});
  CHECK(Errors("\"%{if a}%{else}%{else}%{endif}\"") ==
        E{"1:16-1:23 Unexpected else directive", "1:23-1:31 Unexpected endif directive"});
  CHECK(Errors("\"%{for a in b}%{else}%{endfor}\"") ==
        E{"1:15-1:22 Unexpected else directive", "1:22-1:31 Unexpected endfor directive"});
}

}  // namespace
}  // namespace tkn::parser
