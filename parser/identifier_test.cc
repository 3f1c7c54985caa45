#include "parser/identifier.h"

#include <catch2/catch.hpp>

#include "parser/parse.h"

namespace tkn::parser {
namespace {

TEST_CASE("identifiers are Unicode letters, then digits, marks and dashes too") {
  for (const char* good : {"a", "_", "A1", "a-b", "a--", "é", "日本", "e\u0301", "aː", "ᢅ"}) {
    CAPTURE(good);
    CHECK(IsIdentifier(good));
  }
  for (const char* bad : {"", "1", "-a", "a b", "a.b", "\u0301", "\u0967", "²", "a²", "–", "a–b",
                          "\xff", "a\xff", "\u2E2F", "$"}) {
    CAPTURE(bad);
    CHECK_FALSE(IsIdentifier(bad));
  }
}

TEST_CASE("an identifier ends before what can't be in one") {
  CHECK(IdentifierLength("ab-c.d") == 4);
  CHECK(IdentifierLength("é\xff") == 2);
  CHECK(IdentifierLength(".a") == 0);
}

TEST_CASE("only well-formed UTF-8 is a character") {
  CHECK(CharacterLength("a") == 1);
  CHECK(CharacterLength("é") == 2);
  CHECK(CharacterLength("😀x") == 4);
  CHECK(CharacterLength("") == 0);
  CHECK(CharacterLength("\xc3") == 0);
  CHECK(CharacterLength("\xc0\x80") == 0);
  CHECK(CharacterLength("\xed\xa0\x80") == 0);
  CHECK(CharacterLength("\xf5\x80\x80\x80") == 0);
}

}  // namespace
}  // namespace tkn::parser
