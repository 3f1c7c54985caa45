#pragma once

#include <atomic>
#include <boost/multiprecision/cpp_int.hpp>

#include "engine/value/number.h"

// Numbers beyond the machine word. Only number*.cc include this: the library behind it is costly to
// compile. Not cpp_bin_float, as its precision is fixed at compile time and Terraform's numbers
// carry their own.
namespace tkn {

using Integer = boost::multiprecision::cpp_int;

// (-1)^negative * mantissa * 2^exponent, rounded to `precision` bits. The mantissa is odd, or 0 for
// zero (only -0 is ever stored) and for infinity.
struct Number::Big {
  mutable std::atomic<std::uint32_t> references{1};
  bool negative = false;
  bool infinite = false;
  std::uint32_t precision = 512;
  std::int64_t exponent = 0;
  Integer mantissa{};
};

// The parts of a number, whichever way it is kept.
struct NumberParts {
  bool negative = false;
  bool infinite = false;
  std::uint32_t precision = 64;
  std::int64_t exponent = 0;
  Integer mantissa{};
};

struct NumberFactory {
  static NumberParts Take(const Number& number);
  static std::uint32_t PrecisionOf(const Number& number);
  // Rounds to nearest, ties to even. `sticky`: the true value is a little above the mantissa.
  static Number Make(NumberParts parts, bool sticky = false);
  // For a value that needs no rounding.
  static Number Small(std::int64_t value, std::uint32_t precision);
  static const Number::Big* BigOf(const Number& number) {
    return number.IsBig() ? number.big() : nullptr;
  }
  // Both kept in a word, in 64 bits or more.
  static bool BothWhole(const Number& a, const Number& b) { return (a.rep_ | b.rep_) <= 1; }
  static std::int64_t Word(const Number& number) { return number.small_; }
  static std::uintptr_t Rep(const Number& number) { return number.rep_; }
};

// 10^n.
Integer PowerOfTen(std::uint64_t n);
// floor(log2(n)) + 1, 0 for 0.
std::uint64_t BitLength(const Integer& n);

}  // namespace tkn
