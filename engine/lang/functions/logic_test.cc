#include <catch2/catch.hpp>

#include "engine/lang/test_scope.h"

namespace tkn::lang::testing {
namespace {

TEST_CASE("logic, equality, try, can, marks", "[lang]") {
  constexpr Row kRows[] = {
      {"true && false", "false"},
      {"true || false", "true"},
      {"!true", "false"},
      {"!null", "Error: Operation failed"},
      {R"(!"true")", "false"},
      {"true && unknown", "(known after apply)"},
      {"false && unknown", "(known after apply)"},
      {"true || unknown", "(known after apply)"},
      {"1 && true", "Error: Invalid operand"},
      {"null || true", "Error: Operation failed"},
      {"1 == 1", "true"},
      {R"(1 == "1")", "false"},
      {R"("a" != "b")", "true"},
      {"[1] == [1]", "true"},
      {"[1] == tolist([1])", "false"},
      {"{ a = 1 } == { a = 1 }", "true"},
      {"null == null", "true"},
      {"null == 1", "false"},
      {"unknown == null", "(known after apply)"},
      {"unknown == unknown", "(known after apply)"},
      {R"(secret == "s3")", "(sensitive value)"},
      {"1 < 2", "true"},
      {R"("a" < "b")", "Error: Invalid operand | Invalid operand"},
      {R"("1" < 2)", "true"},
      {"null < 1", "Error: Operation failed"},
      {"1 >= unknown", "(known after apply)"},
      {R"(-"3")", "-3"},
      {"-true", "Error: Invalid operand"},
      {R"(1 + "2")", "3"},
      {R"(1 + "x")", "Error: Invalid operand"},
      {"1 + null", "Error: Operation failed"},
      {"1 + unknown", "(known after apply)"},
      {"1 + [1]", "Error: Invalid operand"},
      {R"(try(1 / 0, "d"))", "+Inf"},
      {R"(try(nothing.a, "d"))", R"("d")"},
      {R"(try("a", 1 / 0))", R"("a")"},
      {"try()", "Error: Error in function call"},
      {"try(1 / 0)", "+Inf"},
      {R"(try(unknown, "a"))", "(known after apply)"},
      {"can(1 / 0)", "true"},
      {R"(can("a"))", "true"},
      {"can(unknown)", "(known after apply)"},
      {R"(sensitive("a"))", "(sensitive value)"},
      {"nonsensitive(secret)", R"("s3")"},
      {R"(nonsensitive("a"))", R"("a")"},
      {"issensitive(secret)", "true"},
      {R"(issensitive("a"))", "false"},
      {"issensitive(unknown)", "(known after apply)"},
      {R"(ephemeralasnull("a"))", R"("a")"},
      {"sensitive(null)", "(sensitive value)"},
      {R"([secret, "a"])", R"([
  (sensitive value),
  "a",
])"},
      {"{ a = secret }", R"({
  "a" = (sensitive value)
})"},
      {R"("x${secret}")", "(sensitive value)"},
      {"tostring(unknown) == null", "(known after apply)"},
      {R"("x${tostring(unknown)}" == null)", "false"},
      {R"("x${tostring(unknown)}" == "")", "(known after apply)"},
      {"tonumber(unknown) + 1", "(known after apply)"},
      {"!tobool(unknown)", "(known after apply)"},
  };
  CheckRows(kRows);
}

}  // namespace
}  // namespace tkn::lang::testing
