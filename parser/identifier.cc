#include "parser/identifier.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "parser/parse.h"

namespace tkn::parser {
namespace {

enum Role : std::uint8_t { kNone = 0, kStart = 1, kContinue = 2 };

constexpr std::array<std::uint8_t, 128> kAsciiRoles = [] {
  std::array<std::uint8_t, 128> roles{};
  for (char c = 'a'; c <= 'z'; ++c) roles[static_cast<std::size_t>(c)] = kStart | kContinue;
  for (char c = 'A'; c <= 'Z'; ++c) roles[static_cast<std::size_t>(c)] = kStart | kContinue;
  for (char c = '0'; c <= '9'; ++c) roles[static_cast<std::size_t>(c)] = kContinue;
  roles['_'] = kStart | kContinue;
  roles['-'] = kContinue;
  return roles;
}();

struct Decoded {
  utf8proc_int32_t point = -1;
  std::size_t size = 0;
};

Decoded Decode(std::string_view text) {
  Decoded result;
  const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                     static_cast<utf8proc_ssize_t>(text.size()), &result.point);
  if (size > 0) result.size = static_cast<std::size_t>(size);
  return result;
}

// utf8proc knows general categories but not ID_Start and ID_Continue. Those are, by UAX #31,
// categories and a few characters that are kept in (Other_ID_*) or out (Pattern_Syntax) for
// stability.
std::uint8_t RoleOf(utf8proc_int32_t point) {
  switch (point) {
    case 0x1885:
    case 0x1886:
    case 0x2118:
    case 0x212E:
    case 0x309B:
    case 0x309C:
      return kStart | kContinue;
    case 0x00B7:
    case 0x0387:
    case 0x19DA:
      return kContinue;
    case 0x2E2F:
      return kNone;
    default:
      break;
  }
  if (point >= 0x1369 && point <= 0x1371) return kContinue;
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
      return kStart | kContinue;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_PC:
      return kContinue;
    default:
      return kNone;
  }
}

// Length of the character at the front if it may play `role`, else 0.
std::size_t Match(std::string_view text, Role role) {
  if (text.empty()) return 0;
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) return (kAsciiRoles[first] & role) != 0 ? 1 : 0;
  const Decoded decoded = Decode(text);
  return decoded.size > 0 && (RoleOf(decoded.point) & role) != 0 ? decoded.size : 0;
}

}  // namespace

std::size_t CharacterLength(std::string_view text) {
  if (text.empty()) return 0;
  if (static_cast<unsigned char>(text.front()) < 0x80) return 1;
  return Decode(text).size;
}

std::size_t IdentifierLength(std::string_view text) {
  std::size_t length = Match(text, kStart);
  if (length == 0) return 0;
  while (true) {
    while (length < text.size() && static_cast<unsigned char>(text[length]) < 0x80) {
      if ((kAsciiRoles[static_cast<unsigned char>(text[length])] & kContinue) == 0) return length;
      ++length;
    }
    const std::size_t more = Match(text.substr(length), kContinue);
    if (more == 0) return length;
    length += more;
  }
}

bool IsIdentifier(std::string_view text) {
  return !text.empty() && IdentifierLength(text) == text.size();
}

}  // namespace tkn::parser
