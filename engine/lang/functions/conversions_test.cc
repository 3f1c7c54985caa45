#include <catch2/catch.hpp>

#include "engine/lang/test_scope.h"

namespace tkn::lang::testing {
namespace {

TEST_CASE("conversions, conditionals and type()", "[lang]") {
  constexpr Row kRows[] = {
      {"tostring(1)", R"("1")"},
      {"tostring(1.50)", R"("1.5")"},
      {"tostring(true)", R"("true")"},
      {"tostring(null)", "tostring(null)"},
      {"tostring([])", "Error: Invalid function argument"},
      {"tostring(unknown)", "(known after apply)"},
      {R"(tonumber("1.5"))", "1.5"},
      {R"(tonumber("0x1F"))", "Error: Invalid function argument"},
      {R"(tonumber(""))", "Error: Invalid function argument"},
      {R"(tonumber("1e3"))", "1000"},
      {"tonumber(true)", "Error: Invalid function argument"},
      {"tonumber(null)", "tonumber(null)"},
      {R"(tobool("true"))", "true"},
      {R"(tobool("True"))", "Error: Invalid function argument"},
      {"tobool(1)", "Error: Invalid function argument"},
      {R"(tobool("yes"))", "Error: Invalid function argument"},
      {R"(tolist(["a", 1]))", R"(tolist([
  "a",
  "1",
]))"},
      {R"(tolist(toset(["b", "a"])))", R"(tolist([
  "a",
  "b",
]))"},
      {"tolist([1, {}])", "Error: Invalid function argument"},
      {"tolist({})", "Error: Invalid function argument"},
      {"tolist(null)", "tolist(null) /* of dynamic */"},
      {"tonumber(secret)", "Error: Invalid function argument"},
      {"tobool(secret)", "Error: Invalid function argument"},
      {R"(true ? 1 : "a")", R"("1")"},
      {R"(true ? [1] : ["a"])", R"([
  "1",
])"},
      {"true ? [1] : [1, 2]", R"(tolist([
  1,
]))"},
      {"true ? {} : []", "Error: Inconsistent conditional result types"},
      {"true ? null : 1", "tonumber(null)"},
      {R"(unknown == "a" ? 1 : 2)", "(known after apply)"},
      {"null ? 1 : 2", "Error: Null condition"},
      {R"("true" ? 1 : 2)", "1"},
      {R"("x" ? 1 : 2)", "Error: Incorrect condition type"},
      {"true ? { a = 1 } : { b = 2 }", R"(tomap({
  "a" = 1
}))"},
      {R"(true ? tomap({ a = 1 }) : { b = "x" })", R"(tomap({
  "a" = "1"
}))"},
      {"false ? 1 : secret", "(sensitive value)"},
      {R"(secret == "s3" ? "a" : "b")", "(sensitive value)"},
      {"type(1)", "number"},
      {R"(type([1, "a"]))", R"(tuple([
    number,
    string,
]))"},
      {"type(tomap({ a = 1 }))", "map(number)"},
      {"type({ a = 1, b = [true] })", R"(object({
    a: number,
    b: tuple([
        bool,
    ]),
}))"},
      {"type(null)", "dynamic"},
      {"type(unknown)", "dynamic"},
      {"type(secret)", "string"},
      {"tonumber(tostring(unknown))", "(known after apply)"},
      {"type(tostring(unknown))", "string"},
      {"tobool(unknown) ? 1 : 2", "(known after apply)"},
      {R"(tobool(unknown) ? "a" : 1)", "(known after apply)"},
  };
  CheckRows(kRows);
}

}  // namespace
}  // namespace tkn::lang::testing
