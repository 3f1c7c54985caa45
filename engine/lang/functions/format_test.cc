#include <catch2/catch.hpp>

#include "engine/lang/test_scope.h"

namespace tkn::lang::testing {
namespace {

TEST_CASE("format and formatlist", "[lang]") {
  constexpr Row kRows[] = {
      {R"(format("%s", "a"))", R"("a")"},
      {R"(format("%d|%5d|%-5d|%05d|%+d", 1, 2, 3, 4, 5))", R"("1|    2|3    |00004|+5")"},
      {R"(format("%x %X %o %b", 255, 255, 8, 5))", R"("ff FF 10 101")"},
      {R"(format("%f %.2f %e %g", 1.5, 1.555, 12345.678, 0.000001))",
       R"("1.500000 1.56 1.234568e+04 1e-06")"},
      {R"(format("%q", "a\"b"))", R"("\"a\\\"b\"")"},
      {R"(format("%v %v %v", 1, true, "x"))", R"("1 true x")"},
      {R"(format("%v", [1, "a"]))", R"("[1,\"a\"]")"},
      {R"(format("%#v", "x"))", R"("\"x\"")"},
      {R"(format("%t", true))", R"("true")"},
      {R"(format("%%"))", R"("%")"},
      {R"(format("%5s|%-5s|%.2s", "a", "b", "cde"))", R"("    a|b    |cd")"},
      {R"(format("%*d", 5, 1))", "Error: Error in function call"},
      {R"(format("%[2]s %[1]s", "a", "b"))", R"("b a")"},
      {R"(format("%s"))", "Error: Error in function call"},
      {R"(format("%s", "a", "b"))", "Error: Invalid function argument"},
      {R"(format("%d", "x"))", "Error: Error in function call"},
      {R"(format("%d", 1.5))", "Error: Error in function call"},
      {R"(format("%z", 1))", "Error: Error in function call"},
      {R"(format("%s", null))", "(known after apply)"},
      {R"(format("%s", unknown))", "(known after apply)"},
      {R"(format("%s", secret))", "(sensitive value)"},
      {R"(format("%s", {}))", "Error: Error in function call"},
      {R"(formatlist("%s-%d", ["a", "b"], [1, 2]))", R"(tolist([
  "a-1",
  "b-2",
]))"},
      {R"(formatlist("%s-%s", "x", ["a", "b"]))", R"(tolist([
  "x-a",
  "x-b",
]))"},
      {R"(formatlist("%s", []))", "tolist([])"},
      {R"(formatlist("%s-%s", ["a"], ["b", "c"]))", "Error: Invalid function argument"},
      {R"(formatlist("%s", unknown))", "(known after apply)"},
      {R"(formatlist("%s", secret))", "(sensitive value)"},
      {R"(formatlist("x"))", R"(tolist([
  "x",
]))"},
      {R"(format("a-%s", tostring(unknown)))", "(known after apply)"},
      {R"(formatlist("%s", [tostring(unknown)]))", R"(tolist([
  (known after apply),
]))"},
  };
  CheckRows(kRows);
}

}  // namespace
}  // namespace tkn::lang::testing
