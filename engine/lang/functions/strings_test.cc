#include <catch2/catch.hpp>

#include "engine/lang/test_scope.h"

namespace tkn::lang::testing {
namespace {

TEST_CASE("functions on text", "[lang]") {
  constexpr Row kRows[] = {
      {R"(chomp("a\r\n\n"))", R"("a")"},
      {"chomp(nothing)", "Error: Invalid function argument"},
      {"chomp(unknown)", "(known after apply)"},
      {R"(endswith("abc", "bc"))", "true"},
      {R"(endswith("abc", ""))", "true"},
      {R"(startswith("äbc", "ä"))", "true"},
      {R"(startswith(unknown, "x"))", "(known after apply)"},
      {R"(indent(2, "a\nb\n\nc"))", R"(<<EOT
a
  b
  
  c
EOT)"},
      {R"(indent(-1, "a\nb"))", "Error: Error in function call"},
      {R"(indent(1.5, "a"))", "Error: Error in function call"},
      {R"(join(", ", ["a", "b"], ["c"]))", R"("a, b, c")"},
      {R"(join(",", []))", R"("")"},
      {R"(join(",", ["a", null]))", "Error: Invalid function argument"},
      {R"(join(",", [1, true]))", R"("1,true")"},
      {R"(join(",", ["a", unknown]))", "(known after apply)"},
      {R"(join(secret, ["a", "b"]))", "(sensitive value)"},
      {R"(join(",", "a"))", "Error: Invalid function argument"},
      {R"(lower("ÀÉẞ"))", R"("àéß")"},
      {R"(upper("straße"))", R"("STRAßE")"},
      {R"(title("hello wOrld foo-bar"))", R"("Hello WOrld Foo-Bar")"},
      {"lower(1)", R"("1")"},
      {"lower([])", "Error: Invalid function argument"},
      {R"(replace("a.b.c", ".", "-"))", R"("a-b-c")"},
      {R"(replace("hello", "/l+/", "<$0>"))", R"("he<ll>o")"},
      {R"(replace("2024-01", "/(\\d+)-(\\d+)/", "$2/$1"))", R"("01/2024")"},
      {R"(replace("abc", "/(/", "x"))", "Error: Error in function call"},
      {R"(replace("abc", "", "-"))", R"("-a-b-c-")"},
      {R"(split(",", "a,,b"))", R"(tolist([
  "a",
  "",
  "b",
]))"},
      {R"(split("", "aé"))", R"(tolist([
  "a",
  "é",
]))"},
      {R"(split(",", ""))", R"(tolist([
  "",
]))"},
      {R"(split(",", secret))", "(sensitive value)"},
      {R"(split(",", unknown))", "(known after apply)"},
      {R"(strrev("aé👨‍👩‍👧b"))", R"("b👨\u200d👩\u200d👧éa")"},
      {R"(strcontains("hello", "ell"))", "true"},
      {R"(substr("hello", 1, 3))", R"("ell")"},
      {R"(substr("hello", -3, -1))", R"("llo")"},
      {R"(substr("hello", 10, 1))", R"("")"},
      {R"(substr("hello", 0, 99))", R"("hello")"},
      {R"(substr("hé👍llo", 1, 2))", R"("é👍")"},
      {R"(substr("hello", 0, -2))", R"("hello")"},
      {R"(trim("  xx ", " "))", R"("xx")"},
      {R"(trim("!?a?!", "!?"))", R"("a")"},
      {R"(trimprefix("aab", "a"))", R"("ab")"},
      {R"(trimsuffix("a.tf", ".tf"))", R"("a")"},
      {R"(trimspace(" \t\n a b \r\n"))", R"("a b")"},
      {"trimspace(null)", "Error: Invalid function argument"},
      {"upper()", "Error: Not enough function arguments"},
      {R"(upper("a", "b"))", "Error: Too many function arguments"},
      {"upper(secret)", "(sensitive value)"},
      {"upper(tostring(unknown))", "(known after apply)"},
      {R"(split(",", tostring(unknown)))", "(known after apply)"},
      {R"(join(",", [tostring(unknown)]))", "(known after apply)"},
      {R"(trimprefix(tostring(unknown), "a"))", "(known after apply)"},
  };
  CheckRows(kRows);
}

}  // namespace
}  // namespace tkn::lang::testing
