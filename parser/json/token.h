#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace tkn::parser::json {

enum class TokenKind : std::uint8_t {
  kEnd,
  kOpenBrace,
  kCloseBrace,
  kOpenBracket,
  kCloseBracket,
  kComma,
  kColon,
  kEquals,
  kKeyword,  // any word
  kString,   // with its quotes; ends early at a control character and at the end of the text
  kNumber,   // what looks like one
  kInvalid,  // a byte that begins no token: the last one before the end
};

struct Token {
  TokenKind kind;
  std::uint32_t begin;
  std::uint32_t end;
};

// Tokens of JSON, and near misses that the errors tell apart. Ends with a kEnd.
[[nodiscard]] std::vector<Token> Scan(std::string_view text);

}  // namespace tkn::parser::json
