#include "parser/format/spacing.h"

namespace tkn::parser::format {
namespace {

using K = TokenKind;

bool IsText(K kind) { return kind == K::kQuotedText || kind == K::kText; }

// A minus after one of these is a sign.
bool EndsNoOperand(K kind) {
  switch (kind) {
    case K::kOpenParen:
    case K::kOpenBrace:
    case K::kOpenBracket:
    case K::kAssign:
    case K::kColon:
    case K::kComma:
    case K::kQuestion:
    case K::kPlus:
    case K::kMinus:
    case K::kStar:
    case K::kSlash:
    case K::kPercent:
    case K::kEqual:
    case K::kNotEqual:
    case K::kGreater:
    case K::kGreaterEqual:
    case K::kLess:
    case K::kLessEqual:
    case K::kAnd:
    case K::kOr:
    case K::kNot:
      return true;
    default:
      return false;
  }
}

// No space belongs to the text of a template.
bool TouchesTemplateText(K token, K after) {
  return IsText(token) || token == K::kOpenQuote || token == K::kOpenHeredoc || IsText(after) ||
         after == K::kCloseQuote || after == K::kCloseHeredoc;
}

bool OpensSequence(K kind) { return kind == K::kInterpolation || kind == K::kDirective; }

}  // namespace

bool SpaceBetween(const WrittenToken* before, const WrittenToken& token,
                  const WrittenToken& after) {
  const K here = token.kind;
  const K next = after.kind;
  if (next == K::kNewline) return false;
  if (here == K::kIdentifier && (next == K::kOpenParen || next == K::kDoubleColon)) return false;
  if (here == K::kDoubleColon && next == K::kIdentifier) return false;
  if (here == K::kDot || next == K::kDot) return false;
  if (next == K::kComma || next == K::kEllipsis) return false;
  if (here == K::kComma) return true;
  if (TouchesTemplateText(here, next)) return false;
  // The "in" of a for expression: what follows is no index.
  if (here == K::kIdentifier && token.text == "in" && before != nullptr &&
      before->kind == K::kIdentifier) {
    return true;
  }
  if (next == K::kOpenBracket &&
      (here == K::kIdentifier || here == K::kNumber || BracketChange(token) < 0)) {
    return false;
  }
  if (here == K::kNot) return false;
  if (here == K::kMinus) return before != nullptr && !EndsNoOperand(before->kind);
  if (here == K::kOpenBrace || next == K::kCloseBrace) {
    return here != K::kOpenBrace || next != K::kCloseBrace;
  }
  if (OpensSequence(here) && next == K::kOpenBrace) return true;
  if (here == K::kCloseBrace && next == K::kTemplateEnd) return true;
  if (here == K::kTemplateEnd && OpensSequence(next)) return false;
  return BracketChange(token) <= 0 && BracketChange(after) >= 0;
}

}  // namespace tkn::parser::format
