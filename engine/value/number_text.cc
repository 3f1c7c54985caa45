#include <algorithm>
#include <charconv>

#include "engine/value/number_big.h"

// Numbers from and to text.
namespace tkn {

namespace mp = boost::multiprecision;

namespace {

constexpr std::size_t kMaxCharacters = 10'000;
constexpr std::int64_t kMaxExponent = 1'000'000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Digits without sign, point or superfluous zeros; the value is 0.DIGITS * 10^point.
struct FoundDecimal {
  std::string digits;
  std::int64_t point = 0;
};

void TrimZeros(FoundDecimal& decimal) {
  while (!decimal.digits.empty() && decimal.digits.back() == '0') decimal.digits.pop_back();
}

void RoundUp(FoundDecimal& decimal) {
  std::string& digits = decimal.digits;
  while (!digits.empty() && digits.back() == '9') digits.pop_back();
  if (digits.empty()) {
    digits = "1";
    ++decimal.point;
  } else {
    ++digits.back();
  }
}

// A positive value as numerator / denominator * 10^point, the fraction at least 0.1 and below 1.
struct Scaled {
  Integer numerator;
  Integer denominator = 1;
  Integer half_ulp;  // in the numerator's units
  std::int64_t point = 0;
};

Scaled Scale(Integer mantissa, std::int64_t exponent) {
  Scaled scaled;
  scaled.numerator = std::move(mantissa);
  scaled.half_ulp = 1;
  const auto bits = static_cast<std::int64_t>(BitLength(scaled.numerator)) + exponent;
  if (exponent >= 0) {
    scaled.numerator <<= static_cast<std::size_t>(exponent);
    scaled.half_ulp <<= static_cast<std::size_t>(exponent);
  } else {
    scaled.denominator <<= static_cast<std::size_t>(-exponent);
  }
  // log10(2) from below; at most one step off, mended after it.
  scaled.point = static_cast<std::int64_t>(static_cast<double>(bits - 1) * 0.30102999566398114);
  if (scaled.point > 0) {
    scaled.denominator *= PowerOfTen(static_cast<std::uint64_t>(scaled.point));
  } else if (scaled.point < 0) {
    const Integer power = PowerOfTen(static_cast<std::uint64_t>(-scaled.point));
    scaled.numerator *= power;
    scaled.half_ulp *= power;
  }
  while (scaled.numerator >= scaled.denominator) {
    scaled.denominator *= 10;
    ++scaled.point;
  }
  while (scaled.numerator * 10 < scaled.denominator) {
    scaled.numerator *= 10;
    scaled.half_ulp *= 10;
    --scaled.point;
  }
  return scaled;
}

char NextDigit(Scaled& scaled) {
  scaled.numerator *= 10;
  Integer digit;
  Integer rest;
  mp::divide_qr(scaled.numerator, scaled.denominator, digit, rest);
  scaled.numerator = std::move(rest);
  return static_cast<char>('0' + digit.convert_to<int>());
}

// The fewest digits that lie nearer to this number than to its neighbours at this precision.
FoundDecimal Shortest(const NumberParts& parts) {
  FoundDecimal decimal;
  if (parts.mantissa.is_zero()) return decimal;
  const std::uint64_t bits = BitLength(parts.mantissa);
  // Whole numbers within the precision have no shorter form than themselves.
  if (parts.exponent >= 0 && bits + static_cast<std::uint64_t>(parts.exponent) <= parts.precision) {
    decimal.digits = Integer(parts.mantissa << static_cast<std::size_t>(parts.exponent)).str();
    decimal.point = static_cast<std::int64_t>(decimal.digits.size());
    TrimZeros(decimal);
    return decimal;
  }
  const std::uint64_t widen = parts.precision + 1 - bits;  // the lowest bit becomes half an ulp
  Scaled scaled = Scale(parts.mantissa << widen, parts.exponent - static_cast<std::int64_t>(widen));
  const bool inclusive = widen > 1 || !mp::bit_test(parts.mantissa, 0);
  decimal.point = scaled.point;
  while (true) {
    decimal.digits += NextDigit(scaled);
    scaled.half_ulp *= 10;
    const int low = scaled.numerator.compare(scaled.half_ulp);
    const int high = Integer(scaled.numerator + scaled.half_ulp).compare(scaled.denominator);
    const bool down = low < 0 || (low == 0 && inclusive);
    const bool up = high > 0 || (high == 0 && inclusive);
    if (!down && !up) continue;
    bool round_up = up;
    if (down && up) {
      const int half = Integer(scaled.numerator * 2).compare(scaled.denominator);
      round_up = half > 0 || (half == 0 && (decimal.digits.back() - '0') % 2 != 0);
    }
    if (round_up) RoundUp(decimal);
    TrimZeros(decimal);
    return decimal;
  }
}

FoundDecimal Rounded(const NumberParts& parts, std::size_t count) {
  FoundDecimal decimal;
  if (parts.mantissa.is_zero()) return decimal;
  Scaled scaled = Scale(parts.mantissa, parts.exponent);
  decimal.point = scaled.point;
  while (decimal.digits.size() < count) decimal.digits += NextDigit(scaled);
  const int half = Integer(scaled.numerator * 2).compare(scaled.denominator);
  const bool odd = !decimal.digits.empty() && (decimal.digits.back() - '0') % 2 != 0;
  if (half > 0 || (half == 0 && odd)) RoundUp(decimal);
  TrimZeros(decimal);
  return decimal;
}

// Digits up to `places` behind the decimal point.
FoundDecimal RoundedPlaces(const NumberParts& parts, std::int64_t places) {
  if (parts.mantissa.is_zero()) return {};
  const std::int64_t point = Scale(parts.mantissa, parts.exponent).point;
  if (point + places < 0) return {};
  return Rounded(parts, static_cast<std::size_t>(point + places));
}

std::string Positional(const FoundDecimal& decimal) {
  const std::string& digits = decimal.digits;
  if (digits.empty()) return "0";
  std::string out;
  const auto size = static_cast<std::int64_t>(digits.size());
  if (decimal.point <= 0) {
    out = "0." + std::string(static_cast<std::size_t>(-decimal.point), '0') + digits;
  } else if (decimal.point >= size) {
    out = digits + std::string(static_cast<std::size_t>(decimal.point - size), '0');
  } else {
    const auto point = static_cast<std::size_t>(decimal.point);
    out = digits.substr(0, point) + "." + digits.substr(point);
  }
  return out;
}

}  // namespace

std::string Number::ToString() const {
  if (!IsBig()) {
    char text[24];
    const auto [end, error] = std::to_chars(std::begin(text), std::end(text), small_);
    // In 53 bits, 2^53 and beyond are printed as doubles are.
    if (rep_ != 2 || (small_ < (1LL << 53) && small_ > -(1LL << 53))) return {text, end};
  }
  const NumberParts parts = NumberFactory::Take(*this);
  if (parts.infinite) return parts.negative ? "-Inf" : "+Inf";
  return (parts.negative ? "-" : "") + Positional(Shortest(parts));
}

std::string Number::ToShortString() const {
  constexpr std::int64_t kDigits = 10;
  const NumberParts parts = NumberFactory::Take(*this);
  if (parts.infinite) return parts.negative ? "-Inf" : "+Inf";
  const FoundDecimal decimal = Rounded(parts, kDigits);
  const std::string sign = parts.negative ? "-" : "";
  const auto size = static_cast<std::int64_t>(decimal.digits.size());
  const std::int64_t exponent = decimal.digits.empty() ? 0 : decimal.point - 1;
  std::int64_t limit = kDigits;
  if (limit > size && size >= decimal.point) limit = size;
  if (decimal.digits.empty() || (exponent >= -4 && exponent < limit)) {
    return sign + Positional(decimal);
  }
  std::string out = sign + decimal.digits.substr(0, 1);
  if (size > 1) out += "." + decimal.digits.substr(1);
  const std::string power = std::to_string(exponent < 0 ? -exponent : exponent);
  return out + (exponent < 0 ? "e-" : "e+") + (power.size() < 2 ? "0" : "") + power;
}

Number::Decimal Number::ShortestDecimal() const {
  const NumberParts parts = NumberFactory::Take(*this);
  FoundDecimal decimal = Shortest(parts);
  return {parts.negative, std::move(decimal.digits), decimal.point};
}

Number::Decimal Number::RoundedTo(std::size_t digits) const {
  const NumberParts parts = NumberFactory::Take(*this);
  FoundDecimal decimal = Rounded(parts, digits);
  return {parts.negative, std::move(decimal.digits), decimal.point};
}

Number::Decimal Number::RoundedToPlaces(std::int64_t places) const {
  const NumberParts parts = NumberFactory::Take(*this);
  FoundDecimal decimal = RoundedPlaces(parts, places);
  return {parts.negative, std::move(decimal.digits), decimal.point};
}

std::string Number::ToBase(int base) const {
  constexpr char kDigits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
  NumberParts parts = NumberFactory::Take(*this);
  if (parts.infinite) return parts.negative ? "-Inf" : "+Inf";
  Integer rest = parts.exponent >= 0
                     ? Integer(parts.mantissa << static_cast<std::size_t>(parts.exponent))
                     : Integer(parts.mantissa >> static_cast<std::size_t>(-parts.exponent));
  if (rest.is_zero()) return "0";
  std::string out;
  while (!rest.is_zero()) {
    Integer quotient;
    Integer digit;
    mp::divide_qr(rest, Integer(base), quotient, digit);
    out += kDigits[digit.convert_to<int>()];
    rest = std::move(quotient);
  }
  if (parts.negative) out += '-';
  std::ranges::reverse(out);
  return out;
}

std::optional<Number> Number::Parse(std::string_view text) {
  NumberParts parts;
  parts.precision = 512;
  const bool is_signed = !text.empty() && (text[0] == '-' || text[0] == '+');
  parts.negative = is_signed && text[0] == '-';
  std::string_view rest = text.substr(is_signed ? 1 : 0);
  if (rest == "Inf" || rest == "inf") return Infinity(parts.negative);

  // The common case: a short whole number.
  if (!rest.empty() && rest.size() <= 18 && std::ranges::all_of(rest, IsDigit)) {
    std::int64_t value = 0;
    std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (value != 0 || !parts.negative) {
      return NumberFactory::Small(parts.negative ? -value : value, 512);
    }
  }
  if (rest.size() > kMaxCharacters) return std::nullopt;

  std::string digits;
  std::int64_t power = 0;
  bool any = false;
  bool fraction = false;
  std::size_t i = 0;
  for (; i < rest.size(); ++i) {
    if (rest[i] == '.') {
      if (fraction) return std::nullopt;
      fraction = true;
    } else if (IsDigit(rest[i])) {
      any = true;
      if (!digits.empty() || rest[i] != '0') digits += rest[i];
      if (fraction) --power;
    } else {
      break;
    }
  }
  if (!any) return std::nullopt;
  if (i < rest.size()) {
    const char kind = rest[i];
    if (kind != 'e' && kind != 'E' && kind != 'p' && kind != 'P') return std::nullopt;
    rest.remove_prefix(i + 1);
    if (!rest.empty() && rest[0] == '+') {
      rest.remove_prefix(1);
      if (rest.empty() || !IsDigit(rest[0])) return std::nullopt;
    }
    std::int64_t exponent = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), exponent);
    if (end != rest.data() + rest.size() || error != std::errc()) return std::nullopt;
    if (exponent > kMaxExponent || exponent < -kMaxExponent) return std::nullopt;
    if (kind == 'e' || kind == 'E') {
      power += exponent;
    } else {
      parts.exponent = exponent;
    }
  }
  while (digits.size() > 1 && digits.back() == '0') {
    digits.pop_back();
    ++power;
  }
  if (digits.empty()) {
    parts.exponent = 0;
    return NumberFactory::Make(std::move(parts));
  }
  parts.mantissa = Integer(digits);
  if (power >= 0) {
    parts.mantissa *= PowerOfTen(static_cast<std::uint64_t>(power));
    return NumberFactory::Make(std::move(parts));
  }
  const Integer divisor = PowerOfTen(static_cast<std::uint64_t>(-power));
  const auto have = static_cast<std::int64_t>(BitLength(parts.mantissa)) -
                    static_cast<std::int64_t>(BitLength(divisor));
  const auto shift = std::max<std::int64_t>(0, std::int64_t{parts.precision} + 2 - have);
  const Integer dividend = parts.mantissa << static_cast<std::size_t>(shift);
  Integer remainder;
  mp::divide_qr(dividend, divisor, parts.mantissa, remainder);
  parts.exponent -= shift;
  return NumberFactory::Make(std::move(parts), !remainder.is_zero());
}

std::optional<Number> Number::ParseInteger(std::string_view digits, int base) {
  NumberParts parts;
  if (!digits.empty() && (digits[0] == '-' || digits[0] == '+')) {
    parts.negative = digits[0] == '-';
    digits.remove_prefix(1);
  }
  if (digits.empty() || digits.size() > kMaxCharacters || base < 2 || base > 62) {
    return std::nullopt;
  }
  for (const char c : digits) {
    int digit = 62;
    if (IsDigit(c)) {
      digit = c - '0';
    } else if (c >= 'a' && c <= 'z') {
      digit = c - 'a' + 10;
    } else if (c >= 'A' && c <= 'Z') {
      digit = base <= 36 ? c - 'A' + 10 : c - 'A' + 36;
    }
    if (digit >= base) return std::nullopt;
    parts.mantissa *= base;
    parts.mantissa += digit;
  }
  if (parts.mantissa.is_zero()) parts.negative = false;
  parts.precision =
      std::max<std::uint32_t>(64, static_cast<std::uint32_t>(BitLength(parts.mantissa)));
  return NumberFactory::Make(std::move(parts));
}

}  // namespace tkn
