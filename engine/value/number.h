#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tkn {

// A number as Terraform computes: binary floating point. Whole numbers that fit a machine word are
// kept in one. Each number carries its precision as Go's big.Float does, since it shows: literals
// and texts have 512 bits (1/3 prints 155 digits), counts 64 (length(a)/length(b) prints 20),
// results of log() and the like 53. An operation has the larger of its operands' precisions.
// Immutable; a copy is a reference count at most. Infinities exist (1/0 is an error before it gets
// here) and so does -0.
class Number {
 public:
  struct Big;

  constexpr Number() = default;
  // Precision 64, as what counts elements. Literals come from Parse().
  explicit constexpr Number(std::int64_t value) : small_(value) {}
  Number(const Number& other) : small_(other.small_), rep_(other.rep_) {
    if (IsBig()) AddRef();
  }
  Number(Number&& other) noexcept : small_(other.small_), rep_(other.rep_) { other.rep_ = 0; }
  Number& operator=(const Number& other) {
    Number copy(other);
    *this = std::move(copy);
    return *this;
  }
  Number& operator=(Number&& other) noexcept {
    std::swap(small_, other.small_);
    std::swap(rep_, other.rep_);
    return *this;
  }
  ~Number() {
    if (IsBig()) DropRef();
  }

  // Precision 53. Not for NaN.
  static Number FromDouble(double value);
  // Decimal with optional sign, fraction and exponent, as in HCL, JSON and tonumber(); also "Inf".
  // Exponents past a million and texts of more than ten thousand characters give nullopt.
  static std::optional<Number> Parse(std::string_view text);
  // Digits in base 2 to 62, as parseint() takes them: exact whatever their count.
  static std::optional<Number> ParseInteger(std::string_view digits, int base);
  static Number Infinity(bool negative);

  bool IsInteger() const;  // false for infinities
  bool IsInfinite() const;
  std::optional<std::int64_t> ToInt64() const;  // nullopt unless whole and in range
  double ToDouble() const;
  bool IsExactDouble() const;  // ToDouble() loses nothing
  int Sign() const;

  // As Terraform prints it in templates, JSON and plans: the shortest decimal that reads back as
  // this number at its precision, never an exponent.
  std::string ToString() const;
  // Rounded to ten digits, with an exponent where that is shorter: 1.23456789e+10. Used in
  // diagnostics.
  std::string ToShortString() const;
  // What the two above are made of: the value is 0.DIGITS * 10^point, without superfluous zeros.
  // Not for infinities.
  struct Decimal {
    bool negative = false;
    std::string digits{};
    std::int64_t point = 0;
  };
  Decimal ShortestDecimal() const;
  // Rounded, ties to even, to so many digits; to so many places behind the decimal point.
  Decimal RoundedTo(std::size_t digits) const;
  Decimal RoundedToPlaces(std::int64_t places) const;
  // In base 2 to 36, lower case, of the whole part.
  std::string ToBase(int base) const;

  Number operator-() const;
  Number Abs() const;
  friend Number operator+(const Number& a, const Number& b);  // not of opposite infinities
  friend Number operator-(const Number& a, const Number& b);
  friend Number operator*(const Number& a, const Number& b);  // not infinity by 0
  friend Number operator/(const Number& a, const Number& b);  // b is not zero
  static Number Modulo(const Number& a, const Number& b);     // sign of a, as Terraform's %
  static Number Pow(const Number& base, const Number& exponent);
  static Number Log(const Number& value, const Number& base);
  Number Floor() const;
  Number Ceil() const;

  // Equal means that they print the same, whatever their precisions; order is that of the exact
  // values.
  friend bool operator==(const Number& a, const Number& b);
  friend std::strong_ordering operator<=>(const Number& a, const Number& b);
  std::size_t Hash() const;
  // The same value and precision.
  bool IsIdentical(const Number& other) const;

 private:
  friend struct NumberFactory;
  // rep_ is 0, 1 or 2 when `small_` holds the value, with 64, 512 or 53 bits of precision; else a
  // counted Big*.
  bool IsBig() const { return rep_ > 2; }
  const Big* big() const { return reinterpret_cast<const Big*>(rep_); }
  void AddRef() const;
  void DropRef() const;

  std::int64_t small_ = 0;
  std::uintptr_t rep_ = 0;
};

}  // namespace tkn
