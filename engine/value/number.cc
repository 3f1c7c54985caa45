#include "engine/value/number.h"

#include <cmath>
#include <stdexcept>

#include "engine/value/number_big.h"

namespace tkn {

namespace mp = boost::multiprecision;

namespace {

constexpr std::uint32_t kPrecisions[] = {64, 512, 53};  // by Number::rep_

std::uint64_t Magnitude(std::int64_t value) {
  return value < 0 ? ~static_cast<std::uint64_t>(value) + 1 : static_cast<std::uint64_t>(value);
}

}  // namespace

std::uint64_t BitLength(const Integer& n) { return n.is_zero() ? 0 : mp::msb(n) + 1; }

Integer PowerOfTen(std::uint64_t n) { return mp::pow(Integer(5), static_cast<unsigned>(n)) << n; }

void Number::AddRef() const { big()->references.fetch_add(1, std::memory_order_relaxed); }

void Number::DropRef() const {
  if (big()->references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete big();
}

Number NumberFactory::Small(std::int64_t value, std::uint32_t precision) {
  Number number(value);
  number.rep_ = precision == 64 ? 0 : precision == 512 ? 1 : 2;
  return number;
}

std::uint32_t NumberFactory::PrecisionOf(const Number& number) {
  return number.IsBig() ? number.big()->precision : kPrecisions[number.rep_];
}

NumberParts NumberFactory::Take(const Number& number) {
  if (number.IsBig()) {
    const Number::Big& big = *number.big();
    return {big.negative, big.infinite, big.precision, big.exponent, big.mantissa};
  }
  NumberParts parts;
  parts.negative = number.small_ < 0;
  parts.precision = kPrecisions[number.rep_];
  parts.mantissa = Magnitude(number.small_);
  if (parts.precision == 53 && number.small_ != 0) {  // more bits than precision, when not stripped
    const auto zeros = mp::lsb(parts.mantissa);
    parts.mantissa >>= zeros;
    parts.exponent = static_cast<std::int64_t>(zeros);
  }
  return parts;
}

Number NumberFactory::Make(NumberParts parts, bool sticky) {
  if (!parts.infinite) {
    const std::uint64_t bits = BitLength(parts.mantissa);
    if (bits > parts.precision) {
      const std::uint64_t drop = bits - parts.precision;
      const bool half = mp::bit_test(parts.mantissa, static_cast<unsigned>(drop - 1));
      const bool rest = sticky || mp::lsb(parts.mantissa) < drop - 1;
      parts.mantissa >>= drop;
      parts.exponent += static_cast<std::int64_t>(drop);
      if (half && (rest || mp::bit_test(parts.mantissa, 0))) ++parts.mantissa;
    }
    if (parts.mantissa.is_zero()) {
      parts.exponent = 0;
    } else if (const auto zeros = mp::lsb(parts.mantissa); zeros > 0) {
      parts.mantissa >>= zeros;
      parts.exponent += static_cast<std::int64_t>(zeros);
    }
    const bool word_precision =
        parts.precision == 64 || parts.precision == 512 || parts.precision == 53;
    const bool negative_zero = parts.negative && parts.mantissa.is_zero();
    if (word_precision && !negative_zero && parts.exponent >= 0 &&
        static_cast<std::int64_t>(BitLength(parts.mantissa)) + parts.exponent <= 63) {
      const auto value = static_cast<std::int64_t>(
          Integer(parts.mantissa << static_cast<unsigned>(parts.exponent)));
      return Small(parts.negative ? -value : value, parts.precision);
    }
  }
  auto* big = new Number::Big;
  big->negative = parts.negative;
  big->infinite = parts.infinite;
  big->precision = parts.precision;
  big->exponent = parts.exponent;
  big->mantissa = std::move(parts.mantissa);
  Number number;
  number.rep_ = reinterpret_cast<std::uintptr_t>(big);
  return number;
}

Number Number::Infinity(bool negative) {
  return NumberFactory::Make({.negative = negative, .infinite = true, .precision = 512});
}

Number Number::FromDouble(double value) {
  if (std::isnan(value)) throw std::logic_error("a number cannot be NaN");
  NumberParts parts;
  parts.negative = std::signbit(value);
  parts.precision = 53;
  if (std::isinf(value)) {
    parts.infinite = true;
  } else {
    int exponent = 0;
    const double fraction = std::frexp(std::fabs(value), &exponent);
    parts.mantissa = static_cast<std::uint64_t>(std::ldexp(fraction, 53));
    parts.exponent = exponent - 53;
  }
  return NumberFactory::Make(std::move(parts));
}

bool Number::IsInfinite() const { return IsBig() && big()->infinite; }

bool Number::IsInteger() const { return !IsBig() || (!big()->infinite && big()->exponent >= 0); }

std::optional<std::int64_t> Number::ToInt64() const {
  if (!IsBig()) return small_;
  if (!IsInteger()) return std::nullopt;
  const Big& big = *this->big();
  const auto bits = static_cast<std::int64_t>(BitLength(big.mantissa)) + big.exponent;
  if (bits > 64) return std::nullopt;
  const auto magnitude =
      static_cast<std::uint64_t>(Integer(big.mantissa << static_cast<unsigned>(big.exponent)));
  constexpr auto kTop = std::uint64_t{1} << 63;
  if (magnitude > kTop || (magnitude == kTop && !big.negative)) return std::nullopt;
  return static_cast<std::int64_t>(big.negative ? ~magnitude + 1 : magnitude);
}

double Number::ToDouble() const {
  if (!IsBig()) return static_cast<double>(small_);
  const Big& big = *this->big();
  double result = 0;
  if (big.infinite) {
    result = HUGE_VAL;
  } else {
    // Rounded to what a double of this size holds before it becomes one, so that it is rounded
    // once.
    NumberParts parts{false, false, 53, big.exponent, big.mantissa};
    const auto top = static_cast<std::int64_t>(BitLength(parts.mantissa)) + parts.exponent;
    if (top > 2000) {
      result = HUGE_VAL;
    } else if (top > -1075) {
      if (top < -1021) parts.precision = static_cast<std::uint32_t>(top + 1074);
      if (parts.precision == 0) {
        result = parts.mantissa > 1 ? std::ldexp(1.0, -1074) : 0;
      } else {
        const NumberParts rounded = NumberFactory::Take(NumberFactory::Make(std::move(parts)));
        result = std::ldexp(static_cast<double>(rounded.mantissa.convert_to<std::uint64_t>()),
                            static_cast<int>(rounded.exponent));
      }
    }
  }
  return big.negative ? -result : result;
}

bool Number::IsExactDouble() const {
  if (IsInfinite()) return true;
  const double value = ToDouble();
  return !std::isinf(value) && (FromDouble(value) <=> *this) == 0;
}

int Number::Sign() const {
  if (!IsBig()) return small_ < 0 ? -1 : small_ > 0 ? 1 : 0;
  if (!big()->infinite && big()->mantissa.is_zero()) return 0;
  return big()->negative ? -1 : 1;
}

Number Number::operator-() const {
  if (!IsBig() && small_ != 0 && small_ != INT64_MIN) {
    return NumberFactory::Small(-small_, NumberFactory::PrecisionOf(*this));
  }
  NumberParts parts = NumberFactory::Take(*this);
  parts.negative = !parts.negative;
  return NumberFactory::Make(std::move(parts));
}

Number Number::Abs() const {
  const bool negative = IsBig() ? big()->negative : small_ < 0;
  return negative ? -*this : *this;
}

namespace {

Number AddParts(NumberParts a, NumberParts b) {
  const std::uint32_t precision = std::max(a.precision, b.precision);
  if (a.infinite || b.infinite) {
    if (a.infinite && b.infinite && a.negative != b.negative) {
      throw std::logic_error("sum of opposite infinities");
    }
    NumberParts result = a.infinite ? std::move(a) : std::move(b);
    result.precision = precision;
    return NumberFactory::Make(std::move(result));
  }
  NumberParts result;
  result.precision = precision;
  if (a.mantissa.is_zero() && b.mantissa.is_zero()) {
    result.negative = a.negative && b.negative;
    return NumberFactory::Make(std::move(result));
  }
  if (a.mantissa.is_zero()) a.exponent = b.exponent;
  if (b.mantissa.is_zero()) b.exponent = a.exponent;
  result.exponent = std::min(a.exponent, b.exponent);
  a.mantissa <<= static_cast<std::size_t>(a.exponent - result.exponent);
  b.mantissa <<= static_cast<std::size_t>(b.exponent - result.exponent);
  if (a.negative) a.mantissa = -a.mantissa;
  if (b.negative) b.mantissa = -b.mantissa;
  result.mantissa = a.mantissa + b.mantissa;
  result.negative = result.mantissa < 0;
  if (result.negative) result.mantissa = -result.mantissa;
  return NumberFactory::Make(std::move(result));
}

}  // namespace

Number operator+(const Number& a, const Number& b) {
  std::int64_t sum = 0;
  if (NumberFactory::BothWhole(a, b) && !__builtin_add_overflow(a.small_, b.small_, &sum)) {
    Number result(sum);
    result.rep_ = a.rep_ | b.rep_;
    return result;
  }
  return AddParts(NumberFactory::Take(a), NumberFactory::Take(b));
}

Number operator-(const Number& a, const Number& b) {
  std::int64_t difference = 0;
  if (NumberFactory::BothWhole(a, b) && !__builtin_sub_overflow(a.small_, b.small_, &difference)) {
    Number result(difference);
    result.rep_ = a.rep_ | b.rep_;
    return result;
  }
  NumberParts negated = NumberFactory::Take(b);
  negated.negative = !negated.negative;
  return AddParts(NumberFactory::Take(a), std::move(negated));
}

Number operator*(const Number& a, const Number& b) {
  std::int64_t product = 0;
  if (NumberFactory::BothWhole(a, b) && !__builtin_mul_overflow(a.small_, b.small_, &product) &&
      product != 0) {
    Number result(product);
    result.rep_ = a.rep_ | b.rep_;
    return result;
  }
  NumberParts left = NumberFactory::Take(a);
  const NumberParts right = NumberFactory::Take(b);
  NumberParts result;
  result.negative = left.negative != right.negative;
  result.infinite = left.infinite || right.infinite;
  result.precision = std::max(left.precision, right.precision);
  if (result.infinite) {
    if (a.Sign() == 0 || b.Sign() == 0) throw std::logic_error("product of zero and infinity");
    return NumberFactory::Make(std::move(result));
  }
  result.mantissa = left.mantissa * right.mantissa;
  result.exponent = left.exponent + right.exponent;
  if (!result.mantissa.is_zero()) {
    const auto zeros = mp::lsb(result.mantissa);
    result.mantissa >>= zeros;
    result.exponent += static_cast<std::int64_t>(zeros);
  }
  // As cty: an exact product within 512 bits is kept exact.
  const std::uint64_t needed = std::min<std::uint64_t>(BitLength(result.mantissa), 512);
  result.precision = std::max(result.precision, static_cast<std::uint32_t>(needed));
  return NumberFactory::Make(std::move(result));
}

Number operator/(const Number& a, const Number& b) {
  if (b.Sign() == 0) throw std::logic_error("division by zero");
  if (NumberFactory::BothWhole(a, b) && a.small_ != 0 && a.small_ != INT64_MIN &&
      a.small_ % b.small_ == 0) {
    Number result(a.small_ / b.small_);
    result.rep_ = a.rep_ | b.rep_;
    return result;
  }
  NumberParts left = NumberFactory::Take(a);
  const NumberParts right = NumberFactory::Take(b);
  NumberParts result;
  result.negative = left.negative != right.negative;
  result.precision = std::max(left.precision, right.precision);
  if (left.infinite) {
    if (right.infinite) throw std::logic_error("quotient of infinities");
    result.infinite = true;
    return NumberFactory::Make(std::move(result));
  }
  if (right.infinite || left.mantissa.is_zero()) return NumberFactory::Make(std::move(result));
  const auto have = static_cast<std::int64_t>(BitLength(left.mantissa)) -
                    static_cast<std::int64_t>(BitLength(right.mantissa));
  const auto shift = std::max<std::int64_t>(0, std::int64_t{result.precision} + 2 - have);
  left.mantissa <<= static_cast<std::size_t>(shift);
  Integer rest;
  mp::divide_qr(left.mantissa, right.mantissa, result.mantissa, rest);
  result.exponent = left.exponent - right.exponent - shift;
  return NumberFactory::Make(std::move(result), !rest.is_zero());
}

namespace {

// Towards zero, at the precision of the number.
NumberParts Truncated(const Number& number) {
  NumberParts parts = NumberFactory::Take(number);
  if (parts.exponent < 0) {
    const auto drop = static_cast<std::uint64_t>(-parts.exponent);
    if (drop >= BitLength(parts.mantissa)) {
      parts.mantissa = 0;
    } else {
      parts.mantissa >>= drop;
    }
    parts.exponent = 0;
  }
  return parts;
}

// A whole result has no sign of its own when it is zero.
Number Whole(NumberParts parts) {
  if (parts.mantissa.is_zero()) parts.negative = false;
  return NumberFactory::Make(std::move(parts));
}

Number StepFrom(const Number& number, bool up) {
  if (number.IsInteger() || number.IsInfinite()) return number;
  NumberParts parts = Truncated(number);
  if (parts.negative != up) ++parts.mantissa;
  return Whole(std::move(parts));
}

}  // namespace

Number Number::Modulo(const Number& a, const Number& b) {
  if (a.IsInfinite() || b.IsInfinite()) return a * b;
  if (b.Sign() == 0) return a;
  if (NumberFactory::BothWhole(a, b) && b.small_ != -1) {
    Number result(a.small_ % b.small_);
    result.rep_ = a.rep_ | b.rep_;
    return result;
  }
  // The rounding to a's precision on the way is Terraform's.
  const std::uint32_t precision = NumberFactory::PrecisionOf(a);
  NumberParts quotient = Truncated(a / b);
  quotient.precision = precision;
  const auto rounded = [&](const Number& number) {
    NumberParts parts = NumberFactory::Take(number);
    parts.precision = precision;
    return NumberFactory::Make(std::move(parts));
  };
  NumberParts left = NumberFactory::Take(b);
  const NumberParts right = NumberFactory::Take(Whole(std::move(quotient)));
  left.negative = left.negative != right.negative;
  left.mantissa *= right.mantissa;
  left.exponent += right.exponent;
  left.precision = precision;
  return rounded(a - Whole(std::move(left)));
}

Number Number::Pow(const Number& base, const Number& exponent) {
  return FromDouble(std::pow(base.ToDouble(), exponent.ToDouble()));
}

Number Number::Log(const Number& value, const Number& base) {
  return FromDouble(std::log(value.ToDouble()) / std::log(base.ToDouble()));
}

Number Number::Floor() const { return StepFrom(*this, false); }
Number Number::Ceil() const { return StepFrom(*this, true); }

std::strong_ordering operator<=>(const Number& a, const Number& b) {
  if (!a.IsBig() && !b.IsBig()) return a.small_ <=> b.small_;
  const int sign = a.Sign();
  if (const auto order = sign <=> b.Sign(); order != 0 || sign == 0) return order;
  const NumberParts left = NumberFactory::Take(a);
  const NumberParts right = NumberFactory::Take(b);
  const auto oriented = [&](auto x, auto y) { return sign > 0 ? x <=> y : y <=> x; };
  if (left.infinite || right.infinite) return oriented(int{left.infinite}, int{right.infinite});
  const auto left_top = static_cast<std::int64_t>(BitLength(left.mantissa)) + left.exponent;
  const auto right_top = static_cast<std::int64_t>(BitLength(right.mantissa)) + right.exponent;
  if (left_top != right_top) return oriented(left_top, right_top);
  const std::int64_t exponent = std::min(left.exponent, right.exponent);
  const Integer x = left.mantissa << static_cast<std::size_t>(left.exponent - exponent);
  const Integer y = right.mantissa << static_cast<std::size_t>(right.exponent - exponent);
  return oriented(x.compare(y), 0);
}

bool Number::IsIdentical(const Number& other) const {
  return NumberFactory::PrecisionOf(*this) == NumberFactory::PrecisionOf(other) &&
         (*this <=> other) == 0;
}

bool operator==(const Number& a, const Number& b) {
  if (!a.IsBig() && !b.IsBig()) return a.small_ == b.small_;
  if ((a <=> b) == 0 && NumberFactory::PrecisionOf(a) == NumberFactory::PrecisionOf(b)) return true;
  if (a.Sign() != b.Sign()) return false;
  if (a.Sign() == 0) return true;
  if (a.IsInfinite() || b.IsInfinite()) return a.IsInfinite() && b.IsInfinite();
  const NumberParts x = NumberFactory::Take(a);
  const NumberParts y = NumberFactory::Take(b);
  const auto distance = static_cast<std::int64_t>(BitLength(x.mantissa)) + x.exponent -
                        static_cast<std::int64_t>(BitLength(y.mantissa)) - y.exponent;
  if (distance < -1 || distance > 1) return false;
  return a.ToString() == b.ToString();
}

std::size_t Number::Hash() const {
  if (const auto word = ToInt64()) {
    return static_cast<std::size_t>(*word) * 0x9e3779b97f4a7c15ULL ^ 0x5bd1e995;
  }
  return std::hash<std::string>{}(ToString());
}

}  // namespace tkn
