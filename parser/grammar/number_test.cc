#include "parser/grammar/number.h"

#include <catch2/catch.hpp>
#include <string>

namespace tkn::parser::grammar {
namespace {

TEST_CASE("numbers are decimal, and their exponent of two fits 32 bits") {
  for (const char* good : {"0", "007", "1.50", "1.", "1.e5", "1e5", "1E+5", "1e-5", "1e646456993",
                           "1e2147483646", "1e-2147483648", "0e99999999999"}) {
    CAPTURE(good);
    CHECK(IsNumber(good));
  }
  for (const char* bad : {"1.2.3", "1...2", "1e5e5", "1e", "1e2147483647", "1e99999999999",
                          "1e-99999999999", "1e9223372036854775808", "0e99999999999999999999"}) {
    CAPTURE(bad);
    CHECK_FALSE(IsNumber(bad));
  }
}

TEST_CASE("digits may be very many") {
  CHECK(IsNumber(std::string(100000, '9')));
  CHECK(IsNumber("0." + std::string(100000, '0') + "1"));
  CHECK_FALSE(IsNumber(std::string(100, '9') + "e2147483600"));
}

}  // namespace
}  // namespace tkn::parser::grammar
