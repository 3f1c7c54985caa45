#include <catch2/catch.hpp>

#include "engine/lang/test_scope.h"

namespace tkn::lang::testing {
namespace {

TEST_CASE("maps and objects", "[lang]") {
  constexpr Row kRows[] = {
      {"keys({ b = 1, a = 2 })", R"([
  "a",
  "b",
])"},
      {"keys(tomap({ b = 1, a = 2 }))", R"(tolist([
  "a",
  "b",
]))"},
      {"keys({})", "[]"},
      {R"(keys("a"))", "Error: Invalid function argument"},
      {"keys(unknown)", "(known after apply)"},
      {R"(values({ b = 1, a = "x" }))", R"([
  "x",
  1,
])"},
      {"values({})", "[]"},
      {R"(lookup({ a = 1 }, "a"))", "1"},
      {R"(lookup({ a = 1 }, "b", 2))", "2"},
      {R"(lookup({ a = 1 }, "b"))", "Error: Invalid function argument"},
      {R"(lookup(tomap({ a = "x" }), "b", "d"))", R"("d")"},
      {"lookup({ a = 1 }, unknown, 2)", "(known after apply)"},
      {R"(lookup(secret, "a"))", "Error: Invalid function argument"},
      {"merge({ a = 1 }, { b = 2 }, { a = 3 })", R"({
  "a" = 3
  "b" = 2
})"},
      {"merge({ a = 1 }, null)", R"({
  "a" = 1
})"},
      {"merge()", "{}"},
      {R"(merge({}, tomap({ a = "x" })))", R"({
  "a" = "x"
})"},
      {R"(merge({ a = 1 }, "x"))", "Error: Error in function call"},
      {"merge({ a = 1 }, unknown)", "(known after apply)"},
      {R"(zipmap(["a", "b"], [1, 2]))", R"({
  "a" = 1
  "b" = 2
})"},
      {R"(zipmap(["a"], []))", "Error: Error in function call"},
      {R"(zipmap(["a", "a"], [1, 2]))", R"({
  "a" = 2
})"},
      {"zipmap([], [])", "{}"},
      {R"(transpose({ a = ["1", "2"], b = ["2"] }))", R"(tomap({
  "1" = tolist([
    "a",
  ])
  "2" = tolist([
    "a",
    "b",
  ])
}))"},
      {"transpose({ a = [null] })", "Error: Error in function call"},
      {R"(tomap({ a = 1, b = "x" }))", R"(tomap({
  "a" = "1"
  "b" = "x"
}))"},
      {"tomap({ a = 1, b = [] })", "Error: Invalid function argument"},
      {"tomap([])", "Error: Invalid function argument"},
      {R"(map("a", "b"))", "Error: Error in function call"},
      {R"(list("a"))", "Error: Error in function call"},
      {"{ a = 1 }.a", "1"},
      {R"({ a = 1 }["b"])", "Error: Invalid index"},
      {"{ a = 1 }.b", "Error: Unsupported attribute"},
      {R"(tomap({ a = 1 })["b"])", "Error: Invalid index"},
      {R"({ "a.b" = 1, c-d = 2 })", R"({
  "a.b" = 1
  "c-d" = 2
})"},
      {R"({ (upper("a")) = 1 })", R"({
  "A" = 1
})"},
      {R"({ 1 = "x", true = "y" })", R"({
  "1" = "x"
  "true" = "y"
})"},
      {"{ a = 1, a = 2 }", R"({
  "a" = 2
})"},
      {"{ (null) = 1 }", "Error: Null value as key"},
      {"{ (unknown) = 1 }", "(known after apply)"},
      {"{ (secret) = 1 }", "(sensitive value)"},
      {"{ (tostring(unknown)) = 1 }", "(known after apply)"},
      {"keys({ a = tostring(unknown) })", R"([
  "a",
])"},
      {"values({ a = tostring(unknown) })", R"([
  (known after apply),
])"},
      {"merge({ a = tostring(unknown) }, { b = 1 })", R"({
  "a" = (known after apply)
  "b" = 1
})"},
  };
  CheckRows(kRows);
}

}  // namespace
}  // namespace tkn::lang::testing
