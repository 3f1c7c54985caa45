#include "engine/value/json_scanner.h"

#include "engine/value/text.h"

namespace tkn {

namespace {

void AppendRune(unsigned code, std::string& out) {
  if (code >= 0xD800 && code < 0xE000) code = 0xFFFD;
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
  } else {
    if (code < 0x10000) {
      out += static_cast<char>(0xE0 | (code >> 12));
    } else {
      out += static_cast<char>(0xF0 | (code >> 18));
      out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    }
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
  }
  out += static_cast<char>(0x80 | (code & 0x3F));
}

}  // namespace

std::nullopt_t JsonScanner::FailHere(std::string_view wanted) {
  if (at_ >= text_.size()) {
    return Fail("the JSON text ends where " + std::string(wanted) + " is expected");
  }
  std::size_t end = NextGrapheme(text_, at_);
  return Fail(std::string(wanted) + " is expected at byte " + std::to_string(at_) +
              " of the JSON text, but there is " + Quote(text_.substr(at_, end - at_)));
}

std::optional<unsigned> JsonScanner::Hex4() {
  if (text_.size() - at_ < 4) return FailHere("a hexadecimal digit");
  unsigned code = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = text_[at_];
    if (c >= '0' && c <= '9') {
      code = code * 16 + static_cast<unsigned>(c - '0');
    } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
      code = code * 16 + static_cast<unsigned>((c | 0x20) - 'a' + 10);
    } else {
      return FailHere("a hexadecimal digit");
    }
    ++at_;
  }
  return code;
}

bool JsonScanner::Escape(std::string& out) {
  if (at_ >= text_.size()) {
    FailHere("an escape");
    return false;
  }
  const char c = text_[at_++];
  constexpr std::string_view kNames = "\"\\/bfnrt";
  constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
  if (const auto found = kNames.find(c); found != std::string_view::npos) {
    out += kMeant[found];
    return true;
  }
  if (c != 'u') {
    --at_;
    FailHere("an escape such as \\n");
    return false;
  }
  auto code = Hex4();
  if (!code) return false;
  if (*code >= 0xD800 && *code < 0xDC00 && text_.substr(at_).starts_with("\\u")) {
    const std::size_t before = at_;
    at_ += 2;
    const auto low = Hex4();
    if (!low) return false;
    if (*low >= 0xDC00 && *low < 0xE000) {
      code = 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00);
    } else {
      at_ = before;
    }
  }
  AppendRune(*code, out);
  return true;
}

std::optional<std::string_view> JsonScanner::Text(std::string& unescaped) {
  if (!Expect('"', "a text in double quotes")) return std::nullopt;
  unescaped.clear();
  while (true) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
           static_cast<unsigned char>(text_[at_]) >= 0x20) {
      ++at_;
    }
    const std::string_view plain = text_.substr(begin, at_ - begin);
    if (at_ >= text_.size()) return FailHere("a closing quote");
    const char c = text_[at_];
    if (c == '"') {
      ++at_;
      if (unescaped.empty()) return plain;
      unescaped += plain;
      return unescaped;
    }
    if (c != '\\') return FailHere("a closing quote or an escape");
    unescaped += plain;
    ++at_;
    if (!Escape(unescaped)) return std::nullopt;
  }
}

std::optional<std::string_view> JsonScanner::Numeral() {
  const std::size_t begin = at_;
  const auto digits = [&] {
    const std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    return at_ - from;
  };
  if (at_ < text_.size() && text_[at_] == '-') ++at_;
  if (at_ < text_.size() && text_[at_] == '0') {
    ++at_;
  } else if (digits() == 0) {
    return FailHere("a value");
  }
  if (at_ < text_.size() && text_[at_] == '.') {
    ++at_;
    if (digits() == 0) return FailHere("a digit");
  }
  if (at_ < text_.size() && (text_[at_] | 0x20) == 'e') {
    ++at_;
    if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
    if (digits() == 0) return FailHere("a digit");
  }
  return text_.substr(begin, at_ - begin);
}

std::optional<Value> JsonScanner::Number() {
  const auto numeral = Numeral();
  if (!numeral) return std::nullopt;
  auto number = tkn::Number::Parse(*numeral);
  if (!number) return Fail("a number in the JSON text is out of range");
  return Value::Number(std::move(*number));
}

}  // namespace tkn
