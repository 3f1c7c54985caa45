#include <catch2/catch.hpp>

#include "engine/lang/test_scope.h"

namespace tkn::lang::testing {
namespace {

TEST_CASE("regular expressions", "[lang]") {
  constexpr Row kRows[] = {
      {R"(regex("[a-z]+", "53453453.345345aaabbbccc23454"))", R"("aaabbbccc")"},
      {R"~(regex("(\\d+)-(\\d+)", "10-20"))~", R"([
  "10",
  "20",
])"},
      {R"~(regex("(?P<y>\\d+)-(?P<m>\\d+)", "10-20"))~", R"({
  "m" = "20"
  "y" = "10"
})"},
      {R"(regex("z", "abc"))", "Error: Error in function call"},
      {R"(regex("(", "abc"))", "Error: Invalid function argument"},
      {R"(regex("(?:x)?", ""))", R"("")"},
      {R"~(regex("(a)|(b)", "b"))~", R"([
  tostring(null),
  "b",
])"},
      {R"(regexall("[a-z]", "1a2b"))", R"(tolist([
  "a",
  "b",
]))"},
      {R"~(regexall("(?P<c>[a-z])", "1a2b"))~", R"(tolist([
  {
    "c" = "a"
  },
  {
    "c" = "b"
  },
]))"},
      {R"(regexall("x", "abc"))", "tolist([])"},
      {R"(regexall("", "ab"))", R"(tolist([
  "",
  "",
  "",
]))"},
      {R"(regex(unknown, "a"))", "(known after apply)"},
      {R"(regex("a", unknown))", "(known after apply)"},
      {R"~(regex("(a)", unknown))~", "(known after apply)"},
      {R"(regex("s", secret))", "(sensitive value)"},
      {R"(regex("\\p{Greek}+", "abc αβγ"))", R"("αβγ")"},
      {R"(regex("a{1001}", "a"))", "Error: Invalid function argument"},
      {R"(regex("(?i)ABC", "xabc"))", R"("abc")"},
      {R"~(regex("(?=a)", "a"))~", "Error: Invalid function argument"},
      {R"(can(regex("^x", "y")))", "false"},
  };
  CheckRows(kRows);
}

}  // namespace
}  // namespace tkn::lang::testing
