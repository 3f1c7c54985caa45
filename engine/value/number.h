#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tkn {

// A number as Terraform computes: binary floating point of 512 bits, whole numbers that fit a
// machine word kept in one. Immutable; copies are cheap. Infinities exist (1/0 is an error before it gets here).
class Number {
 public:
  struct Big;

  Number() = default;
  explicit Number(std::int64_t value) : small_(value) {}
  static Number FromDouble(double value);
  // Decimal with optional sign, fraction and exponent, as in HCL, JSON and tonumber(). Exponents past what 512-bit
  // floats hold, and texts of more than a few thousand digits, give nullopt.
  static std::optional<Number> Parse(std::string_view text);
  // Digits in base 2 to 62, as parseint() takes them.
  static std::optional<Number> ParseInteger(std::string_view digits, int base);

  bool IsInteger() const;
  std::optional<std::int64_t> ToInt64() const;  // nullopt unless whole and in range
  double ToDouble() const;
  int Sign() const;

  // As Terraform prints it in templates, JSON and plans: shortest exact decimal, never an exponent.
  std::string ToString() const;
  // In base 2, 8, 10 or 16, whole numbers only.
  std::string ToBase(int base) const;

  Number operator-() const;
  friend Number operator+(const Number& a, const Number& b);
  friend Number operator-(const Number& a, const Number& b);
  friend Number operator*(const Number& a, const Number& b);
  friend Number operator/(const Number& a, const Number& b);  // b is not zero
  static Number Modulo(const Number& a, const Number& b);     // sign of a, as Terraform's %
  static Number Pow(const Number& base, const Number& exponent);
  static Number Log(const Number& value, const Number& base);
  Number Floor() const;
  Number Ceil() const;

  friend bool operator==(const Number& a, const Number& b);
  friend std::strong_ordering operator<=>(const Number& a, const Number& b);
  std::size_t Hash() const;

 private:
  explicit Number(std::shared_ptr<const Big> big) : big_(std::move(big)) {}
  std::int64_t small_ = 0;
  std::shared_ptr<const Big> big_;  // set when `small_` can't hold it
};

}  // namespace tkn
