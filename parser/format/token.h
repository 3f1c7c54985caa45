#pragma once

#include <string_view>
#include <vector>

#include "parser/token.h"

namespace tkn::parser::format {

// A token as it is written: `spaces` go before it.
struct WrittenToken {
  TokenKind kind;
  std::string_view text;
  std::size_t spaces = 0;
};

using Tokens = std::vector<WrittenToken>;

// What the token adds to the number of open brackets.
inline int BracketChange(const WrittenToken& token) {
  switch (token.kind) {
    case TokenKind::kOpenBrace:
    case TokenKind::kOpenBracket:
    case TokenKind::kOpenParen:
    case TokenKind::kInterpolation:
    case TokenKind::kDirective:
      return 1;
    case TokenKind::kCloseBrace:
    case TokenKind::kCloseBracket:
    case TokenKind::kCloseParen:
    case TokenKind::kTemplateEnd:
      return -1;
    default:
      return 0;
  }
}

inline bool IsComment(const WrittenToken& token) {
  return token.kind == TokenKind::kComment || token.kind == TokenKind::kLineComment;
}

}  // namespace tkn::parser::format
