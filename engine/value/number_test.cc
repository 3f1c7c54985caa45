#include "engine/value/number.h"

#include <catch2/catch.hpp>
#include <random>

#include "engine/value/inspect.h"

namespace tkn {
namespace {

Number N(std::string_view text) {
  const auto number = Number::Parse(text);
  CAPTURE(text);
  REQUIRE(number);
  return *number;
}

std::string Reprint(std::string_view text) {
  const auto number = Number::Parse(text);
  return number ? number->ToString() : "none";
}

TEST_CASE("numbers parse as Terraform parses them", "[number]") {
  CHECK(Reprint("0") == "0");
  CHECK(Reprint("-0") == "-0");
  CHECK(Reprint("0.0") == "0");
  CHECK(Reprint("007") == "7");
  CHECK(Reprint("+5") == "5");
  CHECK(Reprint(".5") == "0.5");
  CHECK(Reprint("1.") == "1");
  CHECK(Reprint("1e5") == "100000");
  CHECK(Reprint("1E+5") == "100000");
  CHECK(Reprint("12.5e-3") == "0.0125");
  CHECK(Reprint("1p3") == "8");
  CHECK(Reprint("Inf") == "+Inf");
  CHECK(Reprint("-inf") == "-Inf");
  CHECK(Reprint("9223372036854775807") == "9223372036854775807");
  CHECK(Reprint("-9223372036854775808") == "-9223372036854775808");
  CHECK(Reprint("9223372036854775808") == "9223372036854775808");
  CHECK(Reprint("100000000000000000000000") == "100000000000000000000000");
  CHECK(Reprint("1e400") == "1" + std::string(400, '0'));
  CHECK(Reprint("1e-10") == "0.0000000001");
  for (const char* wrong : {"", " 1", "1 ", "-", ".", "e5", "1e", "1e+", "1e+-5", "0x10", "1_000",
                            "0b1", "1.2.3", "\xD9\xA3", "NaN", "1e99999999999", "1e1000001"}) {
    CAPTURE(wrong);
    CHECK_FALSE(Number::Parse(wrong));
  }
  CHECK_FALSE(Number::Parse(std::string(10'001, '1')));
}

TEST_CASE("whole numbers past 512 bits are rounded to them", "[number]") {
  std::string digits;
  for (int i = 0; i < 20; ++i) digits += "1234567890";
  CHECK(
      Reprint(digits) ==
      "12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012"
      "345678901234567890123456789012345678901234567890123456789012346" +
          std::string(45, '0'));
}

TEST_CASE("fractions print the fewest digits that tell them apart", "[number]") {
  CHECK((N("0.1") + N("0.2")).ToString() == "0.3");
  CHECK((N("1") / N("3")).ToString() == "0." + std::string(154, '3') + "5");
  CHECK((N("5") / N("2")).ToString() == "2.5");
  CHECK((N("1.5") * N("2")).ToString() == "3");
}

TEST_CASE("precision is that of where a number came from", "[number]") {
  CHECK((Number(1) / Number(3)).ToString() == "0.33333333333333333334");
  CHECK(Number::FromDouble(0.1).ToString() == "0.1");
  CHECK(Number::Pow(N("2"), N("0.5")).ToString() == "1.4142135623730951");
  CHECK(Number::Log(N("2"), N("10")).ToString() == "0.30102999566398114");
  CHECK((Number::Log(N("2"), N("10")) * N("1")).ToString() ==
        "0.30102999566398114250631579125183634459972381591796875");
  CHECK((Number::Pow(N("2"), N("3")) / Number::Pow(N("3"), N("1"))).ToString() ==
        "2.6666666666666665");
  CHECK(Number::Pow(N("2"), N("600")).ToString() == "4149515568880993" + std::string(165, '0'));
  CHECK(Number::FromDouble(1e23).ToString() == "100000000000000000000000");
  CHECK(Number::FromDouble(5e-324).ToString().ends_with("5"));
  // A product is kept exact within 512 bits.
  const Number big = Number::FromDouble(9007199254740991);
  CHECK((big * big).ToString() == "81129638414606663681390495662081");
}

TEST_CASE("arithmetic leaves the machine word and comes back", "[number]") {
  const Number most(INT64_MAX);
  CHECK((most + Number(1)).ToString() == "9223372036854775808");
  CHECK((most + Number(1) - Number(1)) == most);
  CHECK((N("9223372036854775807") * N("9223372036854775807")).ToString() ==
        "85070591730234615847396907784232501249");
  CHECK((-Number(INT64_MIN)).ToString() == "9223372036854775808");
  CHECK((Number(INT64_MIN) / Number(-1)).ToString() == "9223372036854775808");
  CHECK((N("1e30") - N("1e30") + N("7")).ToInt64() == 7);
  CHECK((Number(0) * Number(-1)).ToString() == "-0");
  CHECK((-Number(0)).ToString() == "-0");
  CHECK(-Number(0) == Number(0));
  CHECK((-Number(0)).Hash() == Number(0).Hash());
}

TEST_CASE("modulo has the sign of the left operand", "[number]") {
  CHECK(Number::Modulo(N("5"), N("3")).ToString() == "2");
  CHECK(Number::Modulo(N("-5"), N("3")).ToString() == "-2");
  CHECK(Number::Modulo(N("5"), N("-3")).ToString() == "2");
  CHECK(Number::Modulo(N("5.5"), N("2")).ToString() == "1.5");
  CHECK(Number::Modulo(N("1e30"), N("7")).ToString() == "1");
  CHECK(Number::Modulo(Number(INT64_MIN), Number(-1)).Sign() == 0);
}

TEST_CASE("floor and ceil", "[number]") {
  CHECK(N("1.5").Floor().ToString() == "1");
  CHECK(N("1.5").Ceil().ToString() == "2");
  CHECK(N("-1.5").Floor().ToString() == "-2");
  CHECK(N("-1.5").Ceil().ToString() == "-1");
  CHECK(N("-0.5").Ceil().Sign() == 0);
  CHECK(N("7").Ceil().ToString() == "7");
}

TEST_CASE("integers in other bases", "[number]") {
  CHECK(Number::ParseInteger("ff", 16)->ToString() == "255");
  CHECK(Number::ParseInteger("-FF", 16)->ToString() == "-255");
  CHECK(Number::ParseInteger("zZ", 62)->ToString() == "2231");
  CHECK(Number::ParseInteger(std::string(700, '1'), 2)->ToString().substr(0, 30) ==
        "526013590154837350724098988288");
  CHECK_FALSE(Number::ParseInteger("12", 2));
  CHECK_FALSE(Number::ParseInteger("", 10));
  CHECK_FALSE(Number::ParseInteger("1.5", 10));
  CHECK(Number(255).ToBase(16) == "ff");
  CHECK(Number(-10).ToBase(2) == "-1010");
  CHECK(Number(0).ToBase(8) == "0");
}

TEST_CASE("short form has ten digits", "[number]") {
  CHECK(N("12345678901").ToShortString() == "1.23456789e+10");
  CHECK(N("1234567890").ToShortString() == "1234567890");
  CHECK(N("100").ToShortString() == "100");
  CHECK(N("0.5").ToShortString() == "0.5");
  CHECK(N("0.000015").ToShortString() == "1.5e-05");
  CHECK((N("1") / N("3")).ToShortString() == "0.3333333333");
  CHECK(N("1e30").ToShortString() == "1e+30");
  CHECK(N("-2.5").ToShortString() == "-2.5");
  CHECK(N("0").ToShortString() == "0");
}

TEST_CASE("numbers are equal when they print the same", "[number]") {
  CHECK(Number::FromDouble(0.1) == N("0.1"));
  CHECK(Number::FromDouble(0.1).Hash() == N("0.1").Hash());
  CHECK(Number::FromDouble(0.1) > N("0.1"));
  CHECK(N("1") == Number(1));
  CHECK(N("1.5") != N("1.25"));
  CHECK(Number::Infinity(false) > N("1e1000"));
  CHECK(Number::Infinity(true) < N("-1e1000"));
  CHECK(Number::Infinity(false) == N("Inf"));
}

TEST_CASE("conversion to words and doubles", "[number]") {
  CHECK(N("1.5").ToInt64() == std::nullopt);
  CHECK(N("9223372036854775807").ToInt64() == INT64_MAX);
  CHECK(N("-9223372036854775808").ToInt64() == INT64_MIN);
  CHECK(N("9223372036854775808").ToInt64() == std::nullopt);
  CHECK(N("0.1").ToDouble() == 0.1);
  CHECK(N("1e400").ToDouble() == HUGE_VAL);
  CHECK(N("1e-400").ToDouble() == 0);
  CHECK(N("5e-324").ToDouble() == 5e-324);
  CHECK(N("2.2250738585072011e-308").ToDouble() == 2.2250738585072011e-308);
  CHECK(N("0.5").IsExactDouble());
  CHECK_FALSE(N("0.1").IsExactDouble());
}

TEST_CASE("doubles survive, and numbers print and parse", "[number][property]") {
  const auto seed = GENERATE(range(0u, 200u));
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  const double value =
      std::ldexp(static_cast<double>(random() >> 11), static_cast<int>(random() % 400) - 250) *
      (random() % 2 == 0 ? 1 : -1);
  const Number number = Number::FromDouble(value);
  CHECK(number.ToDouble() == value);
  CHECK(std::stod(number.ToString()) == value);
  const Number quotient = N(std::to_string(random())) / N(std::to_string(random() % 1000 + 1));
  CHECK(N(quotient.ToString()).IsIdentical(quotient));
}

TEST_CASE("arithmetic agrees with words and wide integers", "[number][property]") {
  const auto seed = GENERATE(range(0u, 200u));
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  const auto pick = [&] { return static_cast<std::int64_t>(random() >> (random() % 60)); };
  const std::int64_t a = pick();
  const std::int64_t b = pick();
  const auto wide = [](__int128 value) {
    if (value == 0) return std::string("0");
    std::string digits;
    const bool negative = value < 0;
    for (; value != 0; value /= 10)
      digits.insert(0, 1, static_cast<char>('0' + std::abs(int(value % 10))));
    return (negative ? "-" : "") + digits;
  };
  CHECK((N(std::to_string(a)) + N(std::to_string(b))).ToString() == wide(__int128{a} + b));
  CHECK((N(std::to_string(a)) - N(std::to_string(b))).ToString() == wide(__int128{a} - b));
  CHECK((N(std::to_string(a)) * N(std::to_string(b))) == N(wide(__int128{a} * b)));
  CHECK((N(std::to_string(a)) < N(std::to_string(b))) == (a < b));
  if (b != 0) CHECK(Number::Modulo(Number(a), Number(b)) == Number(a % b));
}

}  // namespace
}  // namespace tkn
