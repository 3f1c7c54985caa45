#include "parser/json/string.h"

#include <algorithm>
#include <cstdint>

#include "parser/identifier.h"

namespace tkn::parser::json {
namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void AppendUtf8(std::string& to, std::uint32_t point) {
  const auto byte = [&](std::uint32_t value) { to += static_cast<char>(value); };
  if (point < 0x80) return byte(point);
  if (point < 0x800) {
    byte(0xC0 | (point >> 6));
  } else {
    if (point < 0x10000) {
      byte(0xE0 | (point >> 12));
    } else {
      byte(0xF0 | (point >> 18));
      byte(0x80 | ((point >> 12) & 0x3F));
    }
    byte(0x80 | ((point >> 6) & 0x3F));
  }
  byte(0x80 | (point & 0x3F));
}

class StringDecoder {
 public:
  explicit StringDecoder(std::string_view quoted) : in_(quoted) {}

  Decoded Run() {
    while (at_ < in_.size()) {
      const char c = in_[at_];
      if (c == '"') {
        if (at_ + 1 != in_.size()) return Fail(at_ + 2);
        return {.text = std::move(out_)};
      }
      if (c == '\\') {
        if (!Escape()) return Fail(std::min(at_ + 1, in_.size()));
        continue;
      }
      const std::size_t length = CharacterLength(in_.substr(at_));
      if (length == 0) {
        AppendUtf8(out_, kReplacement);
        ++at_;
      } else {
        out_ += in_.substr(at_, length);
        at_ += length;
      }
    }
    return Fail(in_.size());
  }

 private:
  static Decoded Fail(std::size_t at) { return {.text = std::nullopt, .error = at}; }

  // On failure `at_` is the wrong byte.
  bool Escape() {
    if (++at_ >= in_.size()) return false;
    switch (in_[at_]) {
      case '"':
        out_ += '"';
        break;
      case '\\':
        out_ += '\\';
        break;
      case '/':
        out_ += '/';
        break;
      case 'b':
        out_ += '\b';
        break;
      case 'f':
        out_ += '\f';
        break;
      case 'n':
        out_ += '\n';
        break;
      case 'r':
        out_ += '\r';
        break;
      case 't':
        out_ += '\t';
        break;
      case 'u':
        return Unicode();
      default:
        return false;
    }
    ++at_;
    return true;
  }

  bool Unicode() {
    std::uint32_t point = 0;
    if (!Hex(point)) return false;
    if (point >= 0xD800 && point < 0xDC00 && in_.substr(at_).starts_with("\\u")) {
      const std::size_t back = at_;
      std::uint32_t low = 0;
      ++at_;
      if (!Hex(low)) return false;
      if (low >= 0xDC00 && low < 0xE000) {
        AppendUtf8(out_, 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00));
        return true;
      }
      at_ = back;  // stands for itself
    }
    AppendUtf8(out_, point >= 0xD800 && point < 0xE000 ? kReplacement : point);
    return true;
  }

  // Four digits after the "u" at `at_`.
  bool Hex(std::uint32_t& point) {
    ++at_;
    for (int i = 0; i < 4; ++i, ++at_) {
      const int value = at_ < in_.size() ? HexValue(in_[at_]) : -1;
      if (value < 0) return false;
      point = point * 16 + static_cast<std::uint32_t>(value);
    }
    return true;
  }

  std::string_view in_;
  std::size_t at_ = 1;
  std::string out_;
};

}  // namespace

Decoded DecodeString(std::string_view quoted) { return StringDecoder(quoted).Run(); }

bool IsJsonNumber(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t begin = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at - begin;
  };
  if (at < text.size() && text[at] == '-') ++at;
  const std::size_t first = at;
  const std::size_t whole = digits();
  if (whole == 0 || (whole > 1 && text[first] == '0')) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

}  // namespace tkn::parser::json
