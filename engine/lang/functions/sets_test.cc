#include <catch2/catch.hpp>

#include "engine/lang/test_scope.h"

namespace tkn::lang::testing {
namespace {

TEST_CASE("sets", "[lang]") {
  constexpr Row kRows[] = {
      {R"(setunion(["a"], ["b", "a"]))", R"(toset([
  "a",
  "b",
]))"},
      {"setunion()", "Error: Not enough function arguments"},
      {R"(setintersection(["a", "b"], ["b", "c"]))", R"(toset([
  "b",
]))"},
      {R"(setsubtract(["a", "b"], ["b"]))", R"(toset([
  "a",
]))"},
      {R"(setsubtract(["a"], unknown))", "(known after apply)"},
      {R"(setsymmetricdifference(["a", "b"], ["b", "c"]))", "Error: Call to unknown function"},
      {R"(setproduct(["a", "b"], [1, 2]))", R"(tolist([
  [
    "a",
    1,
  ],
  [
    "a",
    2,
  ],
  [
    "b",
    1,
  ],
  [
    "b",
    2,
  ],
]))"},
      {R"(setproduct(["a"], []))", "tolist([])"},
      {R"(setproduct(["a"]))", "Error: Error in function call"},
      {R"(setproduct(toset(["a"]), toset(["b"])))", R"(toset([
  [
    "a",
    "b",
  ],
]))"},
      {R"(setunion([1], ["a"]))", R"(toset([
  "1",
  "a",
]))"},
      {R"(toset(["b", "a", "b"]))", R"(toset([
  "a",
  "b",
]))"},
      {R"(toset([1, "a", true]))", R"(toset([
  "1",
  "a",
  "true",
]))"},
      {"toset([])", "toset([])"},
      {R"(toset([unknown, "a"]))", R"(toset([
  "a",
  (known after apply),
]))"},
      {R"(toset(["a", null]))", R"(toset([
  "a",
  tostring(null),
]))"},
      {R"(toset("a"))", "Error: Invalid function argument"},
      {"toset(secret)", "Error: Invalid function argument"},
      {"toset([{ a = 1 }, { a = 2 }])", R"(toset([
  {
    "a" = 1
  },
  {
    "a" = 2
  },
]))"},
      {R"([for x in toset(["b", "a"]) : x])", R"([
  "a",
  "b",
])"},
      {R"(toset(["a"])[0])", "Error: Invalid index"},
      {R"(toset(["a"]) == toset(["a", "a"]))", "true"},
      {R"(setintersection(["a"], [unknown]))", "(known after apply)"},
      {R"(contains(toset(["a"]), "a"))", "true"},
      {R"(toset([tostring(unknown), "a"]))", R"(toset([
  "a",
  (known after apply),
]))"},
      {R"(length(toset([tostring(unknown), "a"])))", "(known after apply)"},
      {R"(setunion(["a"], [tostring(unknown)]))", R"(toset([
  "a",
  (known after apply),
]))"},
  };
  CheckRows(kRows);
}

}  // namespace
}  // namespace tkn::lang::testing
