#include "engine/value/text.h"

#include <catch2/catch.hpp>

namespace tkn {
namespace {

TEST_CASE("text is composed and made valid", "[text]") {
  CHECK(NormalizeNfc("plain") == "plain");
  CHECK(NormalizeNfc("e\u0301") == "\u00e9");
  CHECK(NormalizeNfc("a\xFFz") == "a\uFFFDz");
  CHECK(NormalizeNfc("\xE2\x82") == "\uFFFD\uFFFD");
}

TEST_CASE("length counts what people see as characters", "[text]") {
  CHECK(GraphemeCount("") == 0);
  CHECK(GraphemeCount("abc") == 3);
  CHECK(GraphemeCount("\u00e9e\u0301") == 2);
  CHECK(GraphemeCount("\r\n") == 1);
  CHECK(GraphemeCount("\U0001F468\u200D\U0001F469\u200D\U0001F467") == 1);
  CHECK(GraphemeCount("\U0001F1E9\U0001F1EA\U0001F1EB") == 2);
  CHECK(NextGrapheme("e\u0301x", 0) == 3);
  CHECK(NextGrapheme("x", 1) == 1);
}

TEST_CASE("letter case is as Terraform's", "[text]") {
  CHECK(ToUpper("stra\u00dfe \u01c6") == "STRA\u00dfE \u01c4");
  CHECK(ToLower("\u0130\u00c0\u1e9e\u03a3") == "i\u00e0\u00df\u03c3");
  CHECK(ToTitle("hello wORLD foo-bar it's a_b \u01c6") == "Hello WORLD Foo-Bar It'S A_b \u01c5");
}

TEST_CASE("a safe prefix leaves out what may still combine", "[text]") {
  CHECK(SafePrefix("") == "");
  CHECK(SafePrefix("https://") == "https://");
  CHECK(SafePrefix("abc") == "ab");
  CHECK(SafePrefix("ami-") == "ami-");
  CHECK(SafePrefix("x\u00e9") == "x");
}

TEST_CASE("quotes", "[text]") {
  CHECK(Quote("a\"\\\n\t\x01\u00e9\u200b\U0010FFFF") == R"("a\"\\\n\t\x01é\u200b\U0010ffff")");
  CHECK(Quote("\xFF") == R"("\xff")");
  CHECK(QuoteLiteral("${a}%{b}$\x01\n\"") == R"("$${a}%%{b}$\u0001\n\"")");
}

}  // namespace
}  // namespace tkn
