#include "engine/value/text.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <new>

namespace tkn {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct Rune {
  utf8proc_int32_t code = 0xFFFD;
  std::size_t size = 1;
  bool valid = false;
};

Rune Decode(std::string_view text, std::size_t at) {
  Rune rune;
  utf8proc_int32_t code = 0;
  const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                                     static_cast<utf8proc_ssize_t>(text.size() - at), &code);
  if (size > 0) rune = {code, static_cast<std::size_t>(size), true};
  return rune;
}

void Encode(utf8proc_int32_t code, std::string& out) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto size = utf8proc_encode_char(code, bytes.data());
  out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size));
}

// The same text, its invalid bytes replaced.
std::string Valid(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const Rune rune = Decode(text, i);
    out += rune.valid ? text.substr(i, rune.size) : kReplacement;
    i += rune.size;
  }
  return out;
}

bool IsLetterOrDigit(utf8proc_int32_t code) {
  switch (utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
      return true;
    default:
      return false;
  }
}

bool IsSpace(utf8proc_int32_t code) {
  if (code == 0x85) return true;
  const auto category = utf8proc_category(code);
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
         category == UTF8PROC_CATEGORY_ZP;
}

bool EndsWord(utf8proc_int32_t code) {
  if (code <= 0x7F) {
    const bool word = (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') ||
                      (code >= 'A' && code <= 'Z') || code == '_';
    return !word;
  }
  return !IsLetterOrDigit(code) && IsSpace(code);
}

bool IsPrintable(utf8proc_int32_t code) {
  if (code < 0x7F) return code >= 0x20;
  switch (utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return false;
    default:
      return true;
  }
}

template <typename Map>
std::string MapRunes(std::string_view text, const Map& map) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const Rune rune = Decode(text, i);
    Encode(map(rune.code), out);
    i += rune.size;
  }
  return out;
}

void AppendHex(unsigned value, int digits, std::string& out) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
    out += "0123456789abcdef"[(value >> shift) & 0xF];
  }
}

}  // namespace

bool IsAscii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<signed char>(c) >= 0; });
}

std::string NormalizeNfc(std::string_view text) {
  if (IsAscii(text)) return std::string(text);
  const auto normalize = [](std::string_view input) {
    utf8proc_uint8_t* output = nullptr;
    const auto size =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(input.data()),
                     static_cast<utf8proc_ssize_t>(input.size()), &output,
                     static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(output, &std::free);
    if (size == UTF8PROC_ERROR_NOMEM) throw std::bad_alloc();
    std::string result;
    if (size >= 0) {
      result.assign(reinterpret_cast<const char*>(output), static_cast<std::size_t>(size));
    }
    return std::pair(size >= 0, std::move(result));
  };
  auto [ok, result] = normalize(text);
  if (!ok) result = normalize(Valid(text)).second;
  return std::move(result);
}

std::size_t NextGrapheme(std::string_view text, std::size_t from) {
  if (from >= text.size()) return text.size();
  Rune rune = Decode(text, from);
  std::size_t at = from + rune.size;
  utf8proc_int32_t state = 0;
  while (at < text.size()) {
    const Rune next = Decode(text, at);
    if (utf8proc_grapheme_break_stateful(rune.code, next.code, &state)) break;
    rune = next;
    at += rune.size;
  }
  return at;
}

std::size_t GraphemeCount(std::string_view text) {
  if (IsAscii(text) && text.find('\r') == std::string_view::npos) return text.size();
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); i = NextGrapheme(text, i)) ++count;
  return count;
}

std::string SafePrefix(std::string_view prefix) {
  std::string text = NormalizeNfc(prefix);
  std::size_t last = 0;
  for (std::size_t i = 0; i < text.size(); i = NextGrapheme(text, i)) last = i;
  constexpr std::string_view kNeverCombine = "-_:;/\\,.(){}[]|?!~ \t@#$%^&*+\"'";
  if (text.size() == last + 1 && kNeverCombine.find(text[last]) != std::string_view::npos) {
    return text;
  }
  text.resize(last);
  return text;
}

std::string ToUpper(std::string_view text) {
  return MapRunes(text, [](utf8proc_int32_t code) {
    return code == 0xDF ? code : utf8proc_toupper(code);  // Terraform leaves the sharp s alone
  });
}

std::string ToLower(std::string_view text) {
  return MapRunes(text, [](utf8proc_int32_t code) { return utf8proc_tolower(code); });
}

std::string ToTitle(std::string_view text) {
  utf8proc_int32_t previous = ' ';
  return MapRunes(text, [&](utf8proc_int32_t code) {
    const bool begins = EndsWord(previous);
    previous = code;
    return begins && code != 0xDF ? utf8proc_totitle(code) : code;
  });
}

std::string Quote(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size();) {
    const Rune rune = Decode(text, i);
    if (!rune.valid) {
      out += "\\x";
      AppendHex(static_cast<unsigned char>(text[i]), 2, out);
    } else if (rune.code == '"' || rune.code == '\\') {
      out += '\\';
      out += static_cast<char>(rune.code);
    } else if (rune.code >= '\a' && rune.code <= '\r') {
      out += '\\';
      out += "abtnvfr"[rune.code - '\a'];
    } else if (IsPrintable(rune.code)) {
      out += text.substr(i, rune.size);
    } else if (rune.code < 0x80) {
      out += "\\x";
      AppendHex(static_cast<unsigned>(rune.code), 2, out);
    } else if (rune.code < 0x10000) {
      out += "\\u";
      AppendHex(static_cast<unsigned>(rune.code), 4, out);
    } else {
      out += "\\U";
      AppendHex(static_cast<unsigned>(rune.code), 8, out);
    }
    i += rune.size;
  }
  return out + "\"";
}

std::string QuoteLiteral(std::string_view text) {
  constexpr std::string_view kNames = "nrt\"\\";
  constexpr std::string_view kMeant = "\n\r\t\"\\";
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size();) {
    const Rune rune = Decode(text, i);
    const auto named = rune.valid ? kMeant.find(text[i]) : std::string_view::npos;
    if (named != std::string_view::npos) {
      out += '\\';
      out += kNames[named];
    } else if (!IsPrintable(rune.code)) {
      const bool is_short = rune.code < 0x10000;
      out += is_short ? "\\u" : "\\U";
      AppendHex(static_cast<unsigned>(rune.code), is_short ? 4 : 8, out);
    } else {
      if ((text[i] == '$' || text[i] == '%') && text.substr(i + 1).starts_with("{")) out += text[i];
      Encode(rune.code, out);
    }
    i += rune.size;
  }
  return out + "\"";
}

}  // namespace tkn
