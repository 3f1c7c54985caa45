#include <catch2/catch.hpp>
#include <string>

#include "parser/token.h"

namespace tkn::parser {
namespace {

using K = TokenKind;

std::vector<K> Kinds(std::string_view text, ScanMode mode = ScanMode::kNormal) {
  std::vector<K> kinds;
  for (const Token& token : Scan(text, mode)) kinds.push_back(token.kind);
  CHECK(kinds.back() == K::kEnd);
  kinds.pop_back();
  return kinds;
}

std::vector<std::string> Texts(std::string_view text, ScanMode mode = ScanMode::kNormal) {
  std::vector<std::string> texts;
  for (const Token& token : Scan(text, mode)) texts.emplace_back(token.Text(text));
  texts.pop_back();
  return texts;
}

TEST_CASE("operators are the longest that fit") {
  CHECK(Texts("a==b=>c=d!=!e<=f<g") == std::vector<std::string>{"a", "==", "b", "=>", "c", "=", "d",
                                                                "!=", "!", "e", "<=", "f", "<",
                                                                "g"});
  CHECK(Texts("a::b:c....") == std::vector<std::string>{"a", "::", "b", ":", "c", "...", "."});
  CHECK(Kinds("**") == std::vector{K::kStar, K::kStar});
  CHECK(Kinds("&|^~;`'$") == std::vector{K::kBitAnd, K::kBitOr, K::kBitXor, K::kBitNot,
                                         K::kSemicolon, K::kBacktick, K::kApostrophe, K::kInvalid});
}

TEST_CASE("a number takes in all that looks like one, but for dots at its end") {
  CHECK(Texts("1.5e-3 1.2.3 1...2 1e 1.. 0x10") ==
        std::vector<std::string>{"1.5e-3", "1.2.3", "1...2", "1", "e", "1", ".", ".", "0", "x10"});
}

TEST_CASE("line comments have their newline, block comments must be closed") {
  CHECK(Kinds("# a\n// b\r\n/* c\n */ // d") ==
        std::vector{K::kLineComment, K::kLineComment, K::kComment, K::kComment});
  CHECK(Kinds("/* a") == std::vector{K::kSlash, K::kStar, K::kIdentifier});
}

TEST_CASE("quoted text holds sequences, which hold quoted text") {
  CHECK(Texts("\"a${b(\"c\")}d\"") ==
        std::vector<std::string>{"\"", "a", "${", "b", "(", "\"", "c", "\"", ")", "}", "d", "\""});
  CHECK(Kinds("\"${{}}\"") == std::vector{K::kOpenQuote, K::kInterpolation, K::kOpenBrace,
                                          K::kCloseBrace, K::kTemplateEnd, K::kCloseQuote});
  CHECK(Texts("\"%{~ if a ~}\"") == std::vector<std::string>{"\"", "%{~", "if", "a", "~}", "\""});
}

TEST_CASE("doubled signs and escapes do not end quoted text") {
  CHECK(Texts(R"("$${a} %%{b} $ \" \$")") ==
        std::vector<std::string>{"\"", R"($${a} %%{b} $ \" \$)", "\""});
}

TEST_CASE("a newline in quoted text is a token of its own") {
  CHECK(Kinds("\"a\nb\"") == std::vector{K::kOpenQuote, K::kQuotedText, K::kQuotedNewline,
                                         K::kQuotedText, K::kCloseQuote});
  CHECK(Kinds("\"\\\n") == std::vector{K::kOpenQuote, K::kInvalid, K::kQuotedNewline});
}

TEST_CASE("a heredoc has a token for each line and ends at its marker") {
  CHECK(Texts("<<-E\na\n EX\n  E \nb") ==
        std::vector<std::string>{"<<-E\n", "a\n", " EX\n", "  E ", "\n", "b"});
  CHECK(Kinds("<<E\nx${a}E\nE\n") == std::vector{K::kOpenHeredoc, K::kText, K::kInterpolation,
                                                 K::kIdentifier, K::kTemplateEnd, K::kText,
                                                 K::kCloseHeredoc, K::kNewline});
  CHECK(Kinds("<< E\n").front() == K::kLess);
  CHECK(Kinds("<<E x\n").front() == K::kLess);
  CHECK(Kinds("<<E\nE").back() == K::kText);  // the marker needs a newline
}

TEST_CASE("a template is text and sequences, line by line") {
  CHECK(Texts("a\nb${c}\"}", ScanMode::kTemplate) ==
        std::vector<std::string>{"a\n", "b", "${", "c", "}", "\"}"});
}

TEST_CASE("broken UTF-8 is told from characters without a use") {
  CHECK(Kinds("\xff\u2260") == std::vector{K::kBadUtf8, K::kInvalid});
  CHECK(Kinds("\"a\xff\"") ==
        std::vector{K::kOpenQuote, K::kQuotedText, K::kBadUtf8, K::kCloseQuote});
  CHECK(Kinds("<<E\n\xff\nE\n") ==
        std::vector{K::kOpenHeredoc, K::kBadUtf8, K::kText, K::kCloseHeredoc, K::kNewline});
}

TEST_CASE("a byte order mark is skipped at the start only") {
  const auto tokens = Scan("\uFEFFa", ScanMode::kNormal);
  CHECK(tokens[0].begin == 3);
  CHECK(Kinds("a\uFEFF") == std::vector{K::kIdentifier, K::kInvalid});
}

}  // namespace
}  // namespace tkn::parser
