#include "parser/grammar/number.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace tkn::parser::grammar {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Bits of the integer that the first `count` digits make, which begin with no zero.
std::int64_t BitLength(std::uint64_t leading, std::size_t count) {
  if (count <= 19) return std::bit_width(leading);
  // `leading` has the first 19; the others shift it by powers of ten.
  const double bits =
      std::log2(static_cast<double>(leading)) + static_cast<double>(count - 19) * std::log2(10.0);
  return static_cast<std::int64_t>(bits) + 1;
}

}  // namespace

bool IsNumber(std::string_view text) {
  std::uint64_t leading = 0;
  std::size_t digits = 0;  // without zeros at the start
  std::int64_t fraction = 0;
  std::size_t at = 0;
  bool in_fraction = false;
  for (; at < text.size() && (IsDigit(text[at]) || (text[at] == '.' && !in_fraction)); ++at) {
    if (text[at] == '.') {
      in_fraction = true;
      continue;
    }
    if (in_fraction) ++fraction;
    if (digits == 0 && text[at] == '0') continue;
    if (++digits <= 19) leading = leading * 10 + static_cast<std::uint64_t>(text[at] - '0');
  }
  std::int64_t exponent = 0;
  if (at < text.size()) {
    if (text[at] != 'e' && text[at] != 'E') return false;
    const bool negative = ++at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (at >= text.size()) return false;
    constexpr std::int64_t kLimit = std::numeric_limits<std::int64_t>::max();
    for (; at < text.size(); ++at) {
      if (!IsDigit(text[at])) return false;
      if (exponent > (kLimit - 9) / 10) return false;
      exponent = exponent * 10 + (text[at] - '0');
    }
    if (negative) exponent = -exponent;
  }
  if (digits == 0) return true;
  constexpr std::int64_t kRange = std::numeric_limits<std::int32_t>::max();
  if (exponent > kRange || exponent < -2 * kRange) return false;
  const std::int64_t power = exponent - fraction + BitLength(leading, digits);
  return power <= kRange && power >= -kRange - 1;
}

}  // namespace tkn::parser::grammar
