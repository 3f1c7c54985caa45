#include <catch2/catch.hpp>

#include "engine/lang/test_scope.h"

namespace tkn::lang::testing {
namespace {

TEST_CASE("evaluation: for, splat, index, templates, syntax", "[lang]") {
  constexpr Row kRows[] = {
      {R"([for x in ["a", "b"] : upper(x)])", R"([
  "A",
  "B",
])"},
      {R"([for i, x in ["a", "b"] : "${i}${x}"])", R"([
  "0a",
  "1b",
])"},
      {"{ for k, v in { a = 1, b = 2 } : v => k }", R"({
  "1" = "a"
  "2" = "b"
})"},
      {R"({ for x in ["a", "b", "a"] : x => 1... })", R"({
  "a" = [
    1,
    1,
  ]
  "b" = [
    1,
  ]
})"},
      {R"({ for x in ["a", "a"] : x => 1 })", "Error: Duplicate object key"},
      {R"([for x in ["a", "b"] : x if x != "a"])", R"([
  "b",
])"},
      {R"([for x in "abc" : x])", "Error: Iteration over non-iterable value"},
      {"1e2000000", "Error: Invalid number literal"},
      {"-1e-1000001", "Error: Invalid number literal"},
      {"[for x in null : x]", "Error: Iteration over null value"},
      {"[for x in unknown : x]", "(known after apply)"},
      {"[for x in [unknown] : x]", R"([
  (known after apply),
])"},
      {"[for x in [1] : x if null]", "Error: Condition is null"},
      {"{ for x in [1] : null => x }", "Error: Invalid object key"},
      {"[for x in { a = 1 } : x]", R"([
  1,
])"},
      {"[[1, 2], [3]][*][0]", R"([
  1,
  3,
])"},
      {"[{ a = 1 }, { a = 2 }][*].a", R"([
  1,
  2,
])"},
      {"[{ a = 1 }].*.a", R"([
  1,
])"},
      {R"("x"[*])", R"([
  "x",
])"},
      {"nothing[*]", "[]"},
      {"null[*]", "[]"},
      {"unknown[*]", "(known after apply)"},
      {"{ a = 1 }[*].a", R"([
  1,
])"},
      {R"(["a", "b"][1])", R"("b")"},
      {R"(["a"]["0"])", R"("a")"},
      {R"(["a"][1])", "Error: Invalid index"},
      {R"(["a"][-1])", "Error: Invalid index"},
      {R"(["a"][0.5])", "Error: Invalid index"},
      {R"(["a"][unknown])", "(known after apply)"},
      {R"(["a"].0)", R"("a")"},
      {R"("abc"[0])", "Error: Invalid index"},
      {"null.a", "Error: Attempt to get attribute from null value"},
      {R"("a".b)", "Error: Unsupported attribute"},
      {R"(nothing["x"])", "Error: Attempt to index null value"},
      {R"("a${1}b${true}")", R"("a1btrue")"},
      {R"("${[1]}")", R"([
  1,
])"},
      {R"("a${[1]}")", "Error: Invalid template interpolation value"},
      {R"("a${null}")", "Error: Invalid template interpolation value"},
      {R"("a${unknown}")", "(known after apply)"},
      {R"("${1}")", "1"},
      {R"("%{ if true }yes%{ else }no%{ endif }")", R"("yes")"},
      {R"("%{ for x in ["a", "b"] }<${x}>%{ endfor }")", R"("<a><b>")"},
      {R"("a %{~ if true ~} b %{~ endif ~} c")", R"("abc")"},
      {R"("%{ if unknown == "a" }x%{ endif }")", "(known after apply)"},
      {R"("$${x} %%{y}")", R"("${x} %{y}")"},
      {R"("\u00e9\t\"\\")", R"("é\t\"\\")"},
      {R"("\x")", "Error: Invalid escape sequence"},
      {"1 +", "Error: Missing expression"},
      {"(1 + 2) * 3", "9"},
      {"1 + 2 * 3 - 4 / 2", "5"},
      {"!(1 > 2) && true", "true"},
      {"1 < 2 == true", "true"},
      {"a b", "Error: Extra characters after expression"},
      {R"(upper(upper("a")))", R"("A")"},
      {R"(nope("a"))", "Error: Call to unknown function"},
      {R"(uper("a"))", "Error: Call to unknown function"},
      {"max([1, 2]...)", "2"},
      {R"(max("a"...))", "Error: Invalid expanding argument value"},
      {"max(null...)", "Error: Invalid expanding argument value"},
      {"[1, 2,]", R"([
  1,
  2,
])"},
      {"[,]", "Error: Invalid expression"},
      {"{ a : 1, b = 2 }", R"({
  "a" = 1
  "b" = 2
})"},
      {"{ a = 1 b = 2 }", "Error: Missing attribute separator"},
      {R"(1 == 1 ? "a" : "b")", R"("a")"},
      {"-1", "-1"},
      {"--1", "1"},
      {"!!true", "true"},
      {"1.5.6", "Error: Invalid number literal"},
      {"0x10", "Error: Extra characters after expression"},
      {"1_000", "Error: Extra characters after expression"},
      {"[for x in tolist([tostring(unknown)]) : x]", R"([
  (known after apply),
])"},
      {"tolist(unknown)[0]", "(known after apply)"},
      {R"("a${tostring(unknown)}")", "(known after apply)"},
      {R"(["a", "b"][tonumber(unknown)])", "(known after apply)"},
  };
  CheckRows(kRows);
}

}  // namespace
}  // namespace tkn::lang::testing
