#include "parser/grammar/text.h"

#include <string>

#include "parser/identifier.h"

namespace tkn::parser::grammar {
namespace {

constexpr const char* kSummary = "Invalid escape sequence";
constexpr Error kUnknownEscape{kSummary,
                               "After a backslash only n, r, t, a quote, another backslash, u or U "
                               "can follow. A backslash itself is "
                               "written twice.",
                               false};
constexpr Error kShortEscape{kSummary, "\\u must be followed by four hexadecimal digits.", false};
constexpr Error kLongEscape{kSummary, "\\U must be followed by eight hexadecimal digits.", false};
constexpr Error kNoCharacter{kSummary, "No character has this number.", false};

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void AppendUtf8(std::string& to, std::uint32_t point) {
  const auto byte = [&](std::uint32_t value) { to += static_cast<char>(value); };
  if (point < 0x80) {
    byte(point);
  } else if (point < 0x800) {
    byte(0xC0 | (point >> 6));
    byte(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    byte(0xE0 | (point >> 12));
    byte(0x80 | ((point >> 6) & 0x3F));
    byte(0x80 | (point & 0x3F));
  } else {
    byte(0xF0 | (point >> 18));
    byte(0x80 | ((point >> 12) & 0x3F));
    byte(0x80 | ((point >> 6) & 0x3F));
    byte(0x80 | (point & 0x3F));
  }
}

class Decoder {
 public:
  Decoder(State& state, const Token& token)
      : state_(state), token_(token), raw_(state.Text(token)) {}

  std::string_view Run() {
    const bool quoted = token_.kind == TokenKind::kQuotedText;
    while (at_ < raw_.size()) {
      const char c = raw_[at_];
      if (quoted && c == '\\') {
        ReadEscape();
        continue;
      }
      if ((c == '$' || c == '%') && at_ + 2 < raw_.size() && raw_[at_ + 1] == c &&
          raw_[at_ + 2] == '{') {
        ++at_;
        out_ += raw_.substr(at_, 2);
        at_ += 2;
        continue;
      }
      out_ += c;
      ++at_;
    }
    return state_.arena.Copy(std::string_view(out_));
  }

 private:
  void ReadEscape() {
    const std::size_t begin = at_++;
    const char c = at_ < raw_.size() ? raw_[at_] : '\0';
    switch (c) {
      case 'n':
        out_ += '\n';
        break;
      case 'r':
        out_ += '\r';
        break;
      case 't':
        out_ += '\t';
        break;
      case '"':
        out_ += '"';
        break;
      case '\\':
        out_ += '\\';
        break;
      case 'u':
        return ReadCodePoint(begin, 4);
      case 'U':
        return ReadCodePoint(begin, 8);
      default:
        at_ += CharacterLength(raw_.substr(at_));
        return Complain(kUnknownEscape, begin);
    }
    ++at_;
  }

  void ReadCodePoint(std::size_t begin, int digits) {
    ++at_;
    std::uint32_t point = 0;
    for (int i = 0; i < digits; ++i) {
      const int value = at_ < raw_.size() ? HexValue(raw_[at_]) : -1;
      if (value < 0) return Complain(digits == 4 ? kShortEscape : kLongEscape, begin);
      point = point * 16 + static_cast<std::uint32_t>(value);
      ++at_;
    }
    if (point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
      return Complain(kNoCharacter, begin);
    }
    AppendUtf8(out_, point);
  }

  // The escape stays in the text as it was written.
  void Complain(const Error& error, std::size_t begin) {
    out_ += raw_.substr(begin, at_ - begin);
    state_.Report(error, {state_.file, static_cast<std::uint32_t>(token_.begin + begin),
                          static_cast<std::uint32_t>(token_.begin + at_)});
  }

  State& state_;
  const Token& token_;
  std::string_view raw_;
  std::size_t at_ = 0;
  std::string out_;
};

bool NeedsDecoding(std::string_view raw, bool quoted) {
  if (quoted && raw.find('\\') != std::string_view::npos) return true;
  return raw.find("$${") != std::string_view::npos || raw.find("%%{") != std::string_view::npos;
}

// Length of the white space character at the front, 0 for none.
std::size_t SpaceLength(std::string_view text) {
  if (text.empty()) return 0;
  const auto c = static_cast<unsigned char>(text[0]);
  if (c == ' ' || (c >= '\t' && c <= '\r')) return 1;
  if (text.starts_with("\xC2\x85") || text.starts_with("\xC2\xA0")) return 2;
  if (text.size() < 3) return 0;
  if (text.starts_with("\xE1\x9A\x80") || text.starts_with("\xE3\x80\x80") ||
      text.starts_with("\xE2\x81\x9F")) {
    return 3;
  }
  const auto third = static_cast<unsigned char>(text[2]);
  if (text.starts_with("\xE2\x80") &&
      (third <= 0x8A || third == 0xA8 || third == 0xA9 || third == 0xAF)) {
    return 3;
  }
  return 0;
}

// One column of white space: CR LF is one.
std::size_t SpaceColumn(std::string_view text) {
  return text.starts_with("\r\n") ? 2 : SpaceLength(text);
}

}  // namespace

std::string_view DecodeText(State& state, const Token& token) {
  const std::string_view raw = state.Text(token);
  if (!NeedsDecoding(raw, token.kind == TokenKind::kQuotedText)) return raw;
  return Decoder(state, token).Run();
}

std::string_view TrimLeft(std::string_view text) {
  while (const std::size_t length = SpaceLength(text)) text.remove_prefix(length);
  return text;
}

std::string_view TrimRight(std::string_view text) {
  while (!text.empty()) {
    std::size_t begin = text.size() - 1;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
    if (SpaceLength(text.substr(begin)) != text.size() - begin) break;
    text.remove_suffix(text.size() - begin);
  }
  return text;
}

std::size_t LeadingColumns(std::string_view text) {
  std::size_t columns = 0;
  for (; const std::size_t length = SpaceColumn(text); ++columns) text.remove_prefix(length);
  return columns;
}

std::string_view DropColumns(std::string_view text, std::size_t columns) {
  for (; columns > 0; --columns) text.remove_prefix(SpaceColumn(text));
  return text;
}

}  // namespace tkn::parser::grammar
