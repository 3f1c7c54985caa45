#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace tkn::parser {

enum class TokenKind : std::uint8_t {
  kEnd,          // always the last one, empty
  kNewline,      // LF or CR LF
  kComment,      // /* */, or # and // at the end of the text: no newline in its end
  kLineComment,  // # or //, with the newline that ends it
  kIdentifier,
  kNumber,  // anything that begins as one: "1.2.3" too
  kOpenQuote,
  kCloseQuote,
  kQuotedText,     // raw, with its escapes
  kQuotedNewline,  // or several at once
  kOpenHeredoc,    // <<NAME or <<-NAME, with the newline
  kCloseHeredoc,   // its line, without the newline
  kText,           // of a heredoc or a bare template, one for each line
  kInterpolation,  // ${ or ${~
  kDirective,      // %{ or %{~
  kTemplateEnd,    // } or ~} of the two above
  kOpenBrace,
  kCloseBrace,
  kOpenBracket,
  kCloseBracket,
  kOpenParen,
  kCloseParen,
  kComma,
  kDot,
  kEllipsis,
  kColon,
  kDoubleColon,
  kQuestion,
  kArrow,  // =>
  kAssign,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kAnd,
  kOr,
  kNot,
  kPlus,
  kMinus,
  kStar,
  kSlash,
  kPercent,
  // What the language has no use for, told apart for the errors.
  kBitAnd,
  kBitOr,
  kBitXor,
  kBitNot,
  kSemicolon,
  kBacktick,
  kApostrophe,
  kInvalid,
  kBadUtf8,
};

// Half-open range of bytes. White space between tokens is in none.
struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  std::string_view Text(std::string_view source) const { return source.substr(begin, end - begin); }
};

enum class ScanMode : std::uint8_t { kNormal, kTemplate };

// Splits any text of less than 4 GiB into tokens; nothing is an error here, since broken input
// becomes tokens of the last kinds. Templates are scanned in place: their parts and what they
// interpolate are tokens of one list. Starts at `begin` (past a byte order mark there); offsets
// count from the start of `text`.
[[nodiscard]] std::vector<Token> Scan(std::string_view text, ScanMode mode,
                                      std::uint32_t begin = 0);

}  // namespace tkn::parser
