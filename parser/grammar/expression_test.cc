#include <catch2/catch.hpp>

#include "parser/parsed_text.h"

namespace tkn::parser {
namespace {

std::string Tree(const std::string& text) {
  const ParsedText parsed = ParseExpressionText(text);
  CAPTURE(text);
  CHECK(parsed.errors == std::vector<std::string>{});
  return parsed.tree;
}

TEST_CASE("literals") {
  CHECK(Tree("1.50") == "1.50");
  CHECK(Tree("true") == "true");
  CHECK(Tree("null") == "null");
  CHECK(Tree("\"\"") == "\"\"");
  CHECK(Tree(R"("a\n\r\t\"\\\u00e9\U0001F600$${b}%%{c}")") == "\"a\\n\\r\\t\\\"\\\\é😀${b}%{c}\"");
}

TEST_CASE("operators bind by precedence, and to the left") {
  CHECK(Tree("a || b && c == d < e + f * g") == "(|| a (&& b (== c (< d (+ e (* f g))))))");
  CHECK(Tree("a * b + c < d == e && f || g") == "(|| (&& (== (< (+ (* a b) c) d) e) f) g)");
  CHECK(Tree("1 - 2 - 3") == "(- (- 1 2) 3)");
  CHECK(Tree("a / b % c") == "(% (/ a b) c)");
  CHECK(Tree("a != b >= c <= d > e") == "(!= a (> (<= (>= b c) d) e))");
  CHECK(Tree("-a + !b") == "(+ (neg a) (! b))");
  CHECK(Tree("-a.b * 2") == "(* (neg a.b) 2)");
  CHECK(Tree("--1") == "(neg (neg 1))");
  CHECK(Tree("(1 + 2) * 3") == "(* (paren (+ 1 2)) 3)");
}

TEST_CASE("conditionals nest to the right") {
  CHECK(Tree("a ? b : c ? d : e") == "(? a b (? c d e))");
  CHECK(Tree("a ? b ? c : d : e") == "(? a (? b c d) e)");
  CHECK(Tree("a == b ? c : d") == "(? (== a b) c d)");
}

TEST_CASE("steps join a traversal as long as they are constant") {
  CHECK(Tree("a.b[0][\"c\"].d") == "a.b[0][\"c\"].d");
  CHECK(Tree("a.0.b") == "a.0.b");
  CHECK(Tree("a[b].c") == "(steps (index a b) .c)");
  CHECK(Tree("a[-1]") == "(index a (neg 1))");
  CHECK(Tree("a[true]") == "(index a true)");
  CHECK(Tree("f(x).y[0]") == "(steps (call f x) .y[0])");
  CHECK(Tree("(a).b") == "(steps (paren a) .b)");
  CHECK(Tree("[1][0]") == "(steps (tuple 1) [0])");
  CHECK(Tree("true.x") == "(steps true .x)");
  CHECK(Tree("a[\"x${y}\"]") == "(index a (template \"x\" y))");
}

TEST_CASE("a full splat takes all steps, an attribute splat those with dots") {
  CHECK(Tree("a[*]") == "(splat a _)");
  CHECK(Tree("a[*].b[0].c") == "(splat a @.b[0].c)");
  CHECK(Tree("a[*].b[*].c") == "(splat a (splat @.b @.c))");
  CHECK(Tree("a.*") == "(attribute-splat a _)");
  CHECK(Tree("a.*.b.0[1]") == "(steps (attribute-splat a @.b.0) [1])");
  CHECK(Tree("a.*.b[*].c") == "(splat (attribute-splat a @.b) @.c)");
}

TEST_CASE("calls") {
  CHECK(Tree("f()") == "(call f)");
  CHECK(Tree("f(1, 2,)") == "(call f 1 2)");
  CHECK(Tree("f(a...)") == "(call f a...)");
  CHECK(Tree("f(\n1,\n2\n)") == "(call f 1 2)");
  CHECK(Tree("a::b::c(1)") == "(call a::b::c 1)");
  CHECK(Tree("a :: b (1)") == "(call a::b 1)");
}

TEST_CASE("tuples and objects") {
  CHECK(Tree("[]") == "(tuple)");
  CHECK(Tree("[1, [2],]") == "(tuple 1 (tuple 2))");
  CHECK(Tree("{}") == "(object)");
  CHECK(Tree("{ a = 1, \"b\" : 2\n c = 3\n\n (d) = 4, null = 5, }") ==
        "(object (a 1) (\"b\" 2) (c 3) ((paren d) 4) (null 5))");
  CHECK(Tree("{ a.b = 1, 2 = 3 }") == "(object (a.b 1) (2 3))");
}

TEST_CASE("for expressions") {
  CHECK(Tree("[for v in c : v]") == "(for-tuple v in c v)");
  CHECK(Tree("[for k, v in c : v if k]") == "(for-tuple k v in c v if k)");
  CHECK(Tree("{for k, v in c : k => v... if v}") == "(for-object k v in c k => v... if v)");
  CHECK(Tree("{\nfor\nv\nin\nc\n:\nv\n=>\nv\n}") == "(for-object v in c v => v)");
}

TEST_CASE("newlines and comments are free inside brackets") {
  CHECK(Tree("(\n1 # x\n+ /* y */ 2 // z\n)") == "(paren (+ 1 2))");
  CHECK(Tree("a[\n0\n]") == "a[0]");
}

TEST_CASE("errors stand where HCL has them") {
  const auto errors = [](const std::string& text) { return ParseExpressionText(text).errors; };
  using E = std::vector<std::string>;
  CHECK(errors("") == E{"1:1-1:1 Missing expression"});
  CHECK(errors("1 +") == E{"1:4-1:4 Missing expression"});
  CHECK(errors("1 + * 2") == E{"1:5-1:6 Invalid expression"});
  CHECK(errors("1 2") == E{"1:3-1:4 Extra characters after expression"});
  CHECK(errors("1 & 2") ==
        E{"1:3-1:4 Unsupported operator", "1:3-1:4 Extra characters after expression"});
  CHECK(errors("(1 2)") == E{"1:4-1:5 Unbalanced parentheses"});
  CHECK(errors("a ? b") == E{"1:6-1:6 Missing false expression in conditional"});
  CHECK(errors("[1 2]") == E{"1:4-1:5 Missing item separator"});
  CHECK(errors("[1") == E{"1:1-1:2 Unterminated tuple constructor expression"});
  CHECK(errors("{ a = 1") == E{"1:1-1:2 Unterminated object constructor expression"});
  CHECK(errors("{ a }") == E{"1:5-1:6 Missing key/value separator"});
  CHECK(errors("{ a, b }") == E{"1:4-1:5 Missing attribute value"});
  CHECK(errors("{ a = 1 b = 2 }") == E{"1:9-1:10 Missing attribute separator"});
  CHECK(errors("f(1 2)") == E{"1:5-1:6 Missing argument separator"});
  CHECK(errors("f(1") == E{"1:1-1:3 Unterminated function call"});
  CHECK(errors("f(a... b)") == E{"1:4-1:7 Missing closing parenthesis"});
  CHECK(errors("a::") == E{"1:4-1:4 Missing function name"});
  CHECK(errors("a::b") == E{"1:5-1:5 Missing open parenthesis"});
  CHECK(errors("a.") == E{"1:3-1:3 Invalid attribute name"});
  CHECK(errors("a.0.1") == E{"1:3-1:6 Invalid legacy index syntax"});
  CHECK(errors("a.*.*") == E{"1:5-1:6 Nested splat expression not allowed"});
  CHECK(errors("a[b c]") == E{"1:6-1:7 Missing close bracket on index"});
  CHECK(errors("1.2.3") == E{"1:1-1:6 Invalid number literal"});
  CHECK(errors("1e99999999999") == E{"1:1-1:14 Invalid number literal"});
  CHECK(errors("[for]") == E{"1:5-1:6 Invalid 'for' expression"});
  CHECK(errors("[for a, in b : c]") == E{"1:12-1:13 Invalid 'for' expression"});
  CHECK(errors("[for a of b : c]") == E{"1:8-1:10 Invalid 'for' expression"});
  CHECK(errors("[for a in b, c]") == E{"1:12-1:13 Invalid 'for' expression"});
  CHECK(errors("[for a in b : a => a]") == E{"1:15-1:16 Invalid 'for' expression"});
  CHECK(errors("{for a in b : a}") == E{"1:15-1:16 Invalid 'for' expression"});
  CHECK(errors("\"\\q\"") == E{"1:2-1:4 Invalid escape sequence"});
  CHECK(errors("\"\\u12\"") == E{"1:2-1:6 Invalid escape sequence"});
  CHECK(errors("\"\\ud800\"") == E{"1:2-1:8 Invalid escape sequence"});
}

TEST_CASE("several mistakes that do not mislead the parser are all told") {
  CHECK(ParseExpressionText("[\"\\q\", 1.2.3, \"\\w\"]").errors ==
        std::vector<std::string>{"1:3-1:5 Invalid escape sequence",
                                 "1:8-1:13 Invalid number literal",
                                 "1:16-1:18 Invalid escape sequence"});
}

TEST_CASE("a broken expression is invalid as a whole") {
  CHECK(ParseExpressionText("[1, +]").tree == "<invalid>");
}

std::string Repeat(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST_CASE("depth and height of a tree have limits, told once") {
  const std::vector<std::string> deep = {"Nesting too deep"};
  const auto summaries = [](const std::string& text) {
    std::vector<std::string> found;
    for (const std::string& error : ParseExpressionText(text).errors) {
      found.push_back(error.substr(error.find(' ') + 1));
    }
    return found;
  };
  CHECK(summaries(Repeat("(", 990) + "1" + Repeat(")", 990)).empty());
  for (const char* open :
       {"(", "[", "{a=", "-", "!", "\"${", "f(", "a?", "a?b:", "[for x in ", "a["}) {
    CAPTURE(open);
    CHECK(summaries(Repeat(open, 20000)) == deep);
  }
  CHECK(summaries("1" + Repeat("+1", 1900)).empty());
  CHECK(summaries("1" + Repeat("+1", 20000)) == deep);
  CHECK(summaries("a" + Repeat("[i]", 20000)) == deep);
  CHECK(summaries("a" + Repeat("[*]", 20000)) == deep);
  CHECK(summaries("\"" + Repeat("%{if a}", 20000) + "\"") == deep);
  CHECK(summaries("a" + Repeat(".b", 9000)).empty());  // steps are flat
  CHECK(summaries("a" + Repeat(".b", 20000)) == deep);
}

}  // namespace
}  // namespace tkn::parser
