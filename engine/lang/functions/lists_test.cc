#include <catch2/catch.hpp>

#include "engine/lang/test_scope.h"

namespace tkn::lang::testing {
namespace {

TEST_CASE("functions on lists", "[lang]") {
  constexpr Row kRows[] = {
      {R"(chunklist(["a", "b", "c"], 2))", R"(tolist([
  tolist([
    "a",
    "b",
  ]),
  tolist([
    "c",
  ]),
]))"},
      {R"(chunklist(["a"], 0))", R"(tolist([
  tolist([
    "a",
  ]),
]))"},
      {R"(chunklist(["a"], -1))", "Error: Error in function call"},
      {R"(coalesce("", "b"))", R"("b")"},
      {R"(coalesce(null, 1, "a"))", R"("1")"},
      {"coalesce()", "Error: Error in function call"},
      {"coalesce(null, null)", "Error: Error in function call"},
      {R"(coalesce(unknown, "a"))", "(known after apply)"},
      {R"(coalescelist([], ["a"]))", R"([
  "a",
])"},
      {"coalescelist([], [])", "Error: Error in function call"},
      {R"(compact(["a", "", null, "b"]))", R"(tolist([
  "a",
  "b",
]))"},
      {R"(compact([1, ""]))", R"(tolist([
  "1",
]))"},
      {R"(concat(["a"], [1], [true]))", R"([
  "a",
  1,
  true,
])"},
      {R"(concat(["a"], unknown))", "(known after apply)"},
      {"concat([], [])", "[]"},
      {R"(concat(["a"], "b"))", "Error: Invalid function argument"},
      {R"(contains(["a", "b"], "a"))", "true"},
      {R"(contains([1, 2], "1"))", "false"},
      {R"(contains(unknown, "a"))", "(known after apply)"},
      {R"(contains(["a", unknown], "a"))", "true"},
      {R"(distinct(["a", "b", "a"]))", R"(tolist([
  "a",
  "b",
]))"},
      {R"(distinct([1, "1"]))", R"(tolist([
  "1",
]))"},
      {R"(element(["a", "b", "c"], 4))", R"("b")"},
      {R"(element(["a"], -1))", R"("a")"},
      {R"(element(["a", "b"], -1))", "Error: Error in function call"},
      {R"(element(tolist(["a", "b"]), -1))", R"("b")"},
      {"element([], 0)", "Error: Error in function call"},
      {R"(element(["a", "b"], 1.5))", "Error: Error in function call"},
      {R"(element(toset(["a"]), 0))", "Error: Error in function call"},
      {R"(flatten([["a", ["b"]], [], "c"]))", R"([
  "a",
  "b",
  "c",
])"},
      {R"(flatten("a"))", "Error: Error in function call"},
      {"flatten([unknown])", "(known after apply)"},
      {"flatten(tostring(unknown))", "(known after apply)"},
      {R"(alltrue(toset([tostring(unknown), "true"])))", "Error: Invalid function argument"},
      {R"(sort(toset([tostring(unknown), "true"])))", "(known after apply)"},
      {R"(index(["a", "b"], "b"))", "1"},
      {R"(index(["a"], "z"))", "Error: Error in function call"},
      {"length([1, 2])", "2"},
      {"length({ a = 1 })", "1"},
      {R"(length("👨‍👩‍👧é"))", "2"},
      {"length(null)", "Error: Invalid function argument"},
      {"length(unknown)", "(known after apply)"},
      {"length(1)", "Error: Error in function call"},
      {R"(length(toset(["a", "a"])))", "1"},
      {"one([])", "null"},
      {R"(one(["a"]))", R"("a")"},
      {R"(one(["a", "b"]))", "Error: Invalid function argument"},
      {"one(toset([]))", "null"},
      {"one(null)", "Error: Invalid function argument"},
      {"range(3)", R"(tolist([
  0,
  1,
  2,
]))"},
      {"range(1, 4)", R"(tolist([
  1,
  2,
  3,
]))"},
      {"range(0, 1, 0.25)", R"(tolist([
  0,
  0.25,
  0.5,
  0.75,
]))"},
      {"range(5, 1, -2)", R"(tolist([
  5,
  3,
]))"},
      {"range(1, 4, 0)", "Error: Error in function call"},
      {"range(1, 4, -1)", "Error: Invalid function argument"},
      {"range()", "Error: Error in function call"},
      {"range(1, 2, 3, 4)", "Error: Error in function call"},
      {R"(reverse(["a", "b"]))", R"([
  "b",
  "a",
])"},
      {R"(reverse(toset(["b", "a"])))", R"(tolist([
  "b",
  "a",
]))"},
      {R"(slice(["a", "b", "c"], 1, 2))", R"([
  "b",
])"},
      {R"(slice(["a"], 0, 2))", "Error: Invalid function argument"},
      {R"(slice(["a", "b"], 2, 1))", "Error: Invalid function argument"},
      {R"(slice(toset(["a"]), 0, 1))", "Error: Invalid function argument"},
      {R"(sort(["b", "a", "C"]))", R"(tolist([
  "C",
  "a",
  "b",
]))"},
      {R"(sort(["b", 1, true]))", R"(tolist([
  "1",
  "b",
  "true",
]))"},
      {"sort([null])", "Error: Error in function call"},
      {R"(sort(["b", unknown]))", R"(tolist([
  (known after apply),
  (known after apply),
]))"},
      {R"(matchkeys(["a", "b", "c"], ["1", "2", "1"], ["1"]))", R"(tolist([
  "a",
  "c",
]))"},
      {R"(matchkeys(["a"], ["1", "2"], ["1"]))", "Error: Error in function call"},
      {"alltrue([])", "true"},
      {R"(alltrue([true, "true"]))", "true"},
      {"alltrue([true, null])", "false"},
      {"alltrue([true, unknown])", "(known after apply)"},
      {"anytrue([])", "false"},
      {"anytrue([false, true])", "true"},
      {"anytrue([false, unknown])", "(known after apply)"},
      {R"(concat(["a"], [tostring(unknown)]))", R"([
  "a",
  (known after apply),
])"},
      {"length([tostring(unknown)])", "1"},
      {R"(contains(["a", tostring(unknown)], "a"))", "true"},
      {R"(coalesce(tostring(unknown), "a"))", "(known after apply)"},
      {"flatten([[tostring(unknown)]])", R"([
  (known after apply),
])"},
      {R"(sort([tostring(unknown), "a"]))", R"(tolist([
  (known after apply),
  (known after apply),
]))"},
      {R"(element(["a"], tonumber(unknown)))", "(known after apply)"},
  };
  CheckRows(kRows);
}

}  // namespace
}  // namespace tkn::lang::testing
