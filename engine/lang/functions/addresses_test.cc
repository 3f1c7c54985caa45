#include <catch2/catch.hpp>

#include "engine/lang/test_scope.h"

namespace tkn::lang::testing {
namespace {

TEST_CASE("address ranges", "[lang]") {
  constexpr Row kRows[] = {
      {R"(cidrhost("10.12.112.0/20", 16))", R"("10.12.112.16")"},
      {R"(cidrhost("10.12.112.0/20", -1))", R"("10.12.127.255")"},
      {R"(cidrhost("fd00:fd12:3456:7890::/56", 34))", R"("fd00:fd12:3456:7800::22")"},
      {R"(cidrhost("10.0.0.0/30", 4))", "Error: Error in function call"},
      {R"(cidrhost("10.0.0.0", 1))", "Error: Error in function call"},
      {R"(cidrnetmask("172.16.0.0/12"))", R"("255.240.0.0")"},
      {R"(cidrnetmask("fd00::/8"))", "Error: Error in function call"},
      {R"(cidrsubnet("172.16.0.0/12", 4, 2))", R"("172.18.0.0/16")"},
      {R"(cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162))", R"("fd00:fd12:3456:7800:a200::/72")"},
      {R"(cidrsubnet("10.0.0.0/30", 4, 0))", "Error: Error in function call"},
      {R"(cidrsubnet("10.0.0.0/24", 2, 4))", "Error: Error in function call"},
      {R"(cidrsubnet("10.0.0.0/24", -1, 0))", R"("10.0.0.0/23")"},
      {R"(cidrsubnet("10.0.0.0/24", 0, 0))", R"("10.0.0.0/24")"},
      {R"(cidrsubnets("10.1.0.0/16", 4, 4, 8, 4))", R"(tolist([
  "10.1.0.0/20",
  "10.1.16.0/20",
  "10.1.32.0/24",
  "10.1.48.0/20",
]))"},
      {R"(cidrsubnets("10.0.0.0/30", 2, 2, 2, 2, 2))", "Error: Invalid function argument"},
      {R"(cidrsubnets("10.1.0.0/16"))", "tolist([])"},
      {"cidrhost(unknown, 1)", "(known after apply)"},
      {R"(cidrsubnet("10.0.0.0/8", 8, unknown))", "(known after apply)"},
      {R"(cidrhost("300.0.0.0/8", 1))", "Error: Error in function call"},
      {R"(cidrhost("010.0.0.0/8", 1))", R"("10.0.0.1")"},
      {R"(cidrsubnet("10.0.3.0/24", -8, 1))", R"("10.1.3.0/16")"},
      {R"(cidrsubnet("10.0.3.0/24", 1, -1))", R"("0.0.0.128/25")"},
      {R"(cidrsubnet("fd00::/8", 64, 99999999999999999999))", R"("fd6b:c75e:2d63:fff:ff00::/72")"},
      {R"(cidrsubnet("10.0.3.0/24", 33, 0))", "Error: Error in function call"},
      {R"(cidrhost("::ffff:10.0.0.0/120", 1))", R"("0:1::ffff:a00:0")"},
      {R"(cidrhost("10.0.0.0/24", -257))", "Error: Error in function call"},
  };
  CheckRows(kRows);
}

}  // namespace
}  // namespace tkn::lang::testing
