#include "parser/json/token.h"

namespace tkn::parser::json {
namespace {

bool IsNumberByte(char c) { return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.'; }

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

std::size_t NumberEnd(std::string_view text, std::size_t at) {
  while (at < text.size() && (IsNumberByte(text[at]) || text[at] == 'e' || text[at] == 'E')) ++at;
  return at;
}

std::size_t KeywordEnd(std::string_view text, std::size_t at) {
  while (at < text.size() && (IsLetter(text[at]) || (text[at] >= '0' && text[at] <= '9'))) ++at;
  return at;
}

std::size_t StringEnd(std::string_view text, std::size_t at) {
  bool escaped = false;
  for (++at; at < text.size(); ++at) {
    const char c = text[at];
    if (static_cast<unsigned char>(c) < 0x20) return at;
    if (c == '"' && !escaped) return at + 1;
    escaped = c == '\\' && !escaped;
  }
  return at;
}

TokenKind PunctuationOf(char c) {
  switch (c) {
    case '{':
      return TokenKind::kOpenBrace;
    case '}':
      return TokenKind::kCloseBrace;
    case '[':
      return TokenKind::kOpenBracket;
    case ']':
      return TokenKind::kCloseBracket;
    case ',':
      return TokenKind::kComma;
    case ':':
      return TokenKind::kColon;
    case '=':
      return TokenKind::kEquals;
    default:
      return TokenKind::kInvalid;
  }
}

}  // namespace

std::vector<Token> Scan(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  const auto emit = [&](TokenKind kind, std::size_t end) {
    tokens.push_back({kind, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)});
    at = end;
  };
  while (at < text.size()) {
    const char c = text[at];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++at;
    } else if (c == '"') {
      emit(TokenKind::kString, StringEnd(text, at));
    } else if (IsNumberByte(c)) {
      emit(TokenKind::kNumber, NumberEnd(text, at));
    } else if (IsLetter(c)) {
      emit(TokenKind::kKeyword, KeywordEnd(text, at));
    } else {
      emit(PunctuationOf(c), at + 1);
      if (tokens.back().kind == TokenKind::kInvalid) break;
    }
  }
  emit(TokenKind::kEnd, at);
  return tokens;
}

}  // namespace tkn::parser::json
