#include "state/tfstate/json_text.h"

#include <utf8proc.h>

#include <stdexcept>
#include <vector>

#include "engine/value/json.h"

namespace tkn::state {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

void SkipSpace(std::string_view text, std::size_t& at) {
  while (at < text.size() && IsSpace(text[at])) ++at;
}

int HexDigit(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Past the closing quote; false with `at` on the offending byte.
bool ScanString(std::string_view text, std::size_t& at) {
  for (++at; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      ++at;
      return true;
    }
    if (static_cast<unsigned char>(c) < 0x20) return false;
    if (c != '\\') continue;
    if (++at == text.size()) return false;
    if (text[at] == 'u') {
      for (int i = 0; i < 4; ++i) {
        if (++at == text.size() || HexDigit(text[at]) < 0) return false;
      }
    } else if (std::string_view("\"\\/bfnrt").find(text[at]) == std::string_view::npos) {
      return false;
    }
  }
  return false;
}

bool ScanDigits(std::string_view text, std::size_t& at) {
  if (at == text.size() || !IsDigit(text[at])) return false;
  while (at < text.size() && IsDigit(text[at])) ++at;
  return true;
}

bool ScanNumber(std::string_view text, std::size_t& at) {
  if (text[at] == '-') ++at;
  if (at < text.size() && text[at] == '0') {
    ++at;
  } else if (!ScanDigits(text, at)) {
    return false;
  }
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (!ScanDigits(text, at)) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (!ScanDigits(text, at)) return false;
  }
  return true;
}

bool ScanWord(std::string_view text, std::size_t& at) {
  for (const std::string_view word : {"true", "false", "null"}) {
    if (text.substr(at, word.size()) == word) {
      at += word.size();
      return true;
    }
  }
  return false;
}

bool ScanScalar(std::string_view text, std::size_t& at) {
  const char c = text[at];
  if (c == '"') return ScanString(text, at);
  if (c == '-' || IsDigit(c)) return ScanNumber(text, at);
  return ScanWord(text, at);
}

// One value and what is in it, with a stack of its own.
bool ScanValue(std::string_view text, std::size_t& at) {
  std::vector<char> open;
  bool value_wanted = true;
  for (;;) {
    SkipSpace(text, at);
    if (at == text.size()) return false;
    const char c = text[at];
    if (value_wanted) {
      if (c == '{' || c == '[') {
        if (open.size() == JsonText::kMaxDepth) return false;
        open.push_back(c == '{' ? '}' : ']');
        ++at;
        SkipSpace(text, at);
        if (at < text.size() && text[at] == open.back()) {
          ++at;
          open.pop_back();
          value_wanted = false;
        }
      } else {
        if (!ScanScalar(text, at)) return false;
        value_wanted = false;
      }
    } else if (c == ',') {
      ++at;
      value_wanted = true;
    } else if (c == open.back()) {
      ++at;
      open.pop_back();
    } else {
      return false;
    }
    if (!value_wanted && open.empty()) return true;
    if (!value_wanted || open.back() != '}') continue;
    SkipSpace(text, at);
    if (at == text.size() || text[at] != '"' || !ScanString(text, at)) return false;
    SkipSpace(text, at);
    if (at == text.size() || text[at] != ':') return false;
    ++at;
  }
}

// The same for a text that is known to be valid: only brackets and strings matter.
std::size_t EndOfValue(std::string_view text, std::size_t at) {
  int depth = 0;
  do {
    const char c = text[at];
    if (c == '"') {
      static_cast<void>(ScanString(text, at));
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++at;
    if (depth == 0 && c != '}' && c != ']') {
      while (at < text.size() && !IsSpace(text[at]) && text[at] != ',' && text[at] != '}' &&
             text[at] != ']')
        ++at;
    }
  } while (depth > 0);
  return at;
}

// One string value with what Go escapes escaped; the rest as it is.
void AppendString(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case '<':
        out += "\\u003c";
        break;
      case '>':
        out += "\\u003e";
        break;
      case '&':
        out += "\\u0026";
        break;
      case '\xE2':
        if (text.substr(i, 3) == "\xE2\x80\xA8" || text.substr(i, 3) == "\xE2\x80\xA9") {
          out += text[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
          i += 2;
          break;
        }
        [[fallthrough]];
      default:
        out += text[i];
    }
  }
}

void AppendCodePoint(std::int32_t code, std::string& out) {
  if (code >= 0xD800 && code < 0xE000) code = 0xFFFD;  // half of a pair, as Go reads it
  utf8proc_uint8_t bytes[4];
  const auto size = utf8proc_encode_char(code, bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

std::int32_t FourHexDigits(std::string_view text) {
  std::int32_t code = 0;
  for (const char c : text.substr(0, 4)) code = code * 16 + HexDigit(c);
  return code;
}

void NewLine(int depth, std::string& out) {
  out += '\n';
  out.append(static_cast<std::size_t>(depth) * 2, ' ');
}

}  // namespace

bool JsonText::IsValid(std::string_view text, std::size_t* offset) {
  std::size_t at = 0;
  bool valid = ScanValue(text, at);
  if (valid) {
    SkipSpace(text, at);
    valid = at == text.size();
  }
  *offset = at + 1;
  if (!valid) return false;
  for (at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    utf8proc_int32_t code = 0;
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at),
                                       static_cast<utf8proc_ssize_t>(text.size() - at), &code);
    *offset = at + 1;
    if (size <= 0) return false;
    at += static_cast<std::size_t>(size);
  }
  return true;
}

JsonText::Kind JsonText::KindOf(std::string_view value) {
  switch (value.empty() ? 'n' : value.front()) {
    case '{':
      return Kind::kObject;
    case '[':
      return Kind::kArray;
    case '"':
      return Kind::kString;
    case 't':
    case 'f':
      return Kind::kBool;
    case 'n':
      return Kind::kNull;
    default:
      return Kind::kNumber;
  }
}

std::string JsonText::Decode(std::string_view value) {
  if (value.size() < 2) throw std::logic_error("not a JSON string");
  const std::string_view text = value.substr(1, value.size() - 2);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    const auto at = std::string_view("bfnrt").find(c);
    if (at != std::string_view::npos) {
      out += "\b\f\n\r\t"[at];
    } else if (c != 'u') {
      out += c;
    } else {
      std::int32_t code = FourHexDigits(text.substr(i + 1));
      i += 4;
      const bool high = code >= 0xD800 && code < 0xDC00;
      if (high && text.substr(i + 1, 2) == "\\u") {
        const std::int32_t low = FourHexDigits(text.substr(i + 3));
        if (low >= 0xDC00 && low < 0xE000) {
          code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
          i += 6;
        }
      }
      AppendCodePoint(code, out);
    }
  }
  return out;
}

std::string JsonText::Compact(std::string_view value) {
  std::string out;
  out.reserve(value.size());
  for (std::size_t at = 0; at < value.size();) {
    if (value[at] == '"') {
      const std::size_t begin = at;
      static_cast<void>(ScanString(value, at));
      AppendString(value.substr(begin, at - begin), out);
    } else {
      if (!IsSpace(value[at])) out += value[at];
      ++at;
    }
  }
  return out;
}

void JsonText::AppendIndented(std::string_view value, int depth, std::string& out) {
  for (std::size_t at = 0; at < value.size();) {
    const char c = value[at];
    if (c == '"') {
      const std::size_t begin = at;
      static_cast<void>(ScanString(value, at));
      AppendString(value.substr(begin, at - begin), out);
      continue;
    }
    ++at;
    if (IsSpace(c)) continue;
    if (c == '{' || c == '[') {
      out += c;
      SkipSpace(value, at);
      if (at < value.size() && (value[at] == '}' || value[at] == ']')) {
        out += value[at++];
      } else {
        NewLine(++depth, out);
      }
    } else if (c == '}' || c == ']') {
      NewLine(--depth, out);
      out += c;
    } else if (c == ',') {
      out += c;
      NewLine(depth, out);
    } else if (c == ':') {
      out += ": ";
    } else {
      out += c;
    }
  }
}

bool JsonText::Next(Member& member) {
  if (at_ == 0) {
    SkipSpace(text_, at_);
    ++at_;  // the opening bracket
  } else {
    SkipSpace(text_, at_);
    if (at_ < text_.size() && text_[at_] == ',') ++at_;
  }
  SkipSpace(text_, at_);
  if (at_ >= text_.size() || text_[at_] == '}' || text_[at_] == ']') return false;
  member.key = {};
  if (text_.front() == '{') {
    const std::size_t key = at_;
    at_ = EndOfValue(text_, at_);
    member.key = text_.substr(key, at_ - key);
    SkipSpace(text_, at_);
    ++at_;  // the colon
    SkipSpace(text_, at_);
  }
  const std::size_t value = at_;
  at_ = EndOfValue(text_, at_);
  member.value = text_.substr(value, at_ - value);
  return true;
}

}  // namespace tkn::state
