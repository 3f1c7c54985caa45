#include <array>
#include <vector>

#include "parser/identifier.h"
#include "parser/large_pages.h"
#include "parser/token.h"

namespace tkn::parser {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// One template that is being scanned, or one ${ } within it.
struct Frame {
  enum class Kind : std::uint8_t { kQuoted, kHeredoc, kTemplate, kSequence };
  Kind kind;
  bool start_of_line = true;     // kHeredoc: only there its marker ends it
  std::string_view marker = {};  // kHeredoc
  std::uint32_t braces = 0;      // kSequence: how many { are open in it
};

class Scanner {
 public:
  Scanner(std::string_view text, std::uint32_t begin) : text_(text), at_(begin) {
    tokens_.reserve((text.size() - begin) / 4 + 8);
    PreferLargePages(tokens_.data(), tokens_.capacity() * sizeof(Token));
    if (text_.substr(at_).starts_with(kByteOrderMark)) {
      at_ += static_cast<std::uint32_t>(kByteOrderMark.size());
    }
  }

  std::vector<Token> Run(ScanMode mode) {
    if (mode == ScanMode::kTemplate) frames_.push_back({.kind = Frame::Kind::kTemplate});
    while (at_ < text_.size()) {
      if (frames_.empty() || frames_.back().kind == Frame::Kind::kSequence) {
        ScanNormal();
        continue;
      }
      switch (frames_.back().kind) {
        case Frame::Kind::kQuoted:
          ScanQuoted();
          break;
        case Frame::Kind::kHeredoc:
          ScanHeredoc();
          break;
        default:
          ScanBare();
          break;
      }
    }
    Emit(TokenKind::kEnd, 0);
    return std::move(tokens_);
  }

 private:
  char Peek(std::size_t offset = 0) const {
    return at_ + offset < text_.size() ? text_[at_ + offset] : '\0';
  }
  std::size_t NewlineLength(std::size_t offset = 0) const {
    if (Peek(offset) == '\n') return 1;
    return Peek(offset) == '\r' && Peek(offset + 1) == '\n' ? 2 : 0;
  }
  void Emit(TokenKind kind, std::size_t length) {
    const auto end = static_cast<std::uint32_t>(at_ + length);
    tokens_.push_back({kind, at_, end});
    at_ = end;
  }
  void EmitUpTo(TokenKind kind, std::size_t end) { Emit(kind, end - at_); }

  void ScanNormal();
  void ScanOperator(char c);
  void ScanNumber();
  void ScanLineComment();
  bool ScanBlockComment();
  bool ScanHeredocStart();
  void ScanCloseBrace();
  void ScanQuoted();
  void ScanHeredoc();
  void ScanBare();
  bool IsSequenceStart(std::size_t at) const;
  void ScanSequenceStart();
  std::size_t PlainLength(std::size_t at) const;
  void EmitBroken();

  std::string_view text_;
  std::uint32_t at_;
  std::vector<Token> tokens_;
  std::vector<Frame> frames_;
};

void Scanner::ScanNormal() {
  const char c = Peek();
  if (c == ' ' || c == '\t') {
    ++at_;
    return;
  }
  if (const std::size_t length = NewlineLength()) return Emit(TokenKind::kNewline, length);
  if (IsDigit(c)) return ScanNumber();
  if (const std::size_t length = IdentifierLength(text_.substr(at_))) {
    return Emit(TokenKind::kIdentifier, length);
  }
  ScanOperator(c);
}

void Scanner::ScanOperator(char c) {
  const char next = Peek(1);
  switch (c) {
    case '#':
      return ScanLineComment();
    case '/':
      if (next == '/') return ScanLineComment();
      if (next == '*' && ScanBlockComment()) return;
      return Emit(TokenKind::kSlash, 1);
    case '"':
      frames_.push_back({.kind = Frame::Kind::kQuoted});
      return Emit(TokenKind::kOpenQuote, 1);
    case '{':
      if (!frames_.empty()) ++frames_.back().braces;
      return Emit(TokenKind::kOpenBrace, 1);
    case '}':
      return ScanCloseBrace();
    case '~':
      if (next == '}') return ScanCloseBrace();
      return Emit(TokenKind::kBitNot, 1);
    case '[':
      return Emit(TokenKind::kOpenBracket, 1);
    case ']':
      return Emit(TokenKind::kCloseBracket, 1);
    case '(':
      return Emit(TokenKind::kOpenParen, 1);
    case ')':
      return Emit(TokenKind::kCloseParen, 1);
    case ',':
      return Emit(TokenKind::kComma, 1);
    case '.':
      if (next == '.' && Peek(2) == '.') return Emit(TokenKind::kEllipsis, 3);
      return Emit(TokenKind::kDot, 1);
    case ':':
      return next == ':' ? Emit(TokenKind::kDoubleColon, 2) : Emit(TokenKind::kColon, 1);
    case '?':
      return Emit(TokenKind::kQuestion, 1);
    case '=':
      if (next == '=') return Emit(TokenKind::kEqual, 2);
      if (next == '>') return Emit(TokenKind::kArrow, 2);
      return Emit(TokenKind::kAssign, 1);
    case '!':
      return next == '=' ? Emit(TokenKind::kNotEqual, 2) : Emit(TokenKind::kNot, 1);
    case '<':
      if (next == '=') return Emit(TokenKind::kLessEqual, 2);
      if (next == '<' && ScanHeredocStart()) return;
      return Emit(TokenKind::kLess, 1);
    case '>':
      return next == '=' ? Emit(TokenKind::kGreaterEqual, 2) : Emit(TokenKind::kGreater, 1);
    case '&':
      return next == '&' ? Emit(TokenKind::kAnd, 2) : Emit(TokenKind::kBitAnd, 1);
    case '|':
      return next == '|' ? Emit(TokenKind::kOr, 2) : Emit(TokenKind::kBitOr, 1);
    case '+':
      return Emit(TokenKind::kPlus, 1);
    case '-':
      return Emit(TokenKind::kMinus, 1);
    case '*':
      return Emit(TokenKind::kStar, 1);
    case '%':
      return Emit(TokenKind::kPercent, 1);
    case '^':
      return Emit(TokenKind::kBitXor, 1);
    case ';':
      return Emit(TokenKind::kSemicolon, 1);
    case '`':
      return Emit(TokenKind::kBacktick, 1);
    case '\'':
      return Emit(TokenKind::kApostrophe, 1);
    default:
      return EmitBroken();
  }
}

void Scanner::EmitBroken() {
  const std::size_t length = CharacterLength(text_.substr(at_));
  if (length == 0) return Emit(TokenKind::kBadUtf8, 1);
  Emit(TokenKind::kInvalid, length);
}

void Scanner::ScanNumber() {
  std::size_t end = at_ + 1;
  for (std::size_t at = end; at < text_.size();) {
    if (IsDigit(text_[at])) {
      end = ++at;
    } else if (text_[at] == '.') {
      ++at;  // belongs to the number only if more of it follows
    } else if (text_[at] == 'e' || text_[at] == 'E') {
      std::size_t digit = at + 1;
      if (digit < text_.size() && (text_[digit] == '+' || text_[digit] == '-')) ++digit;
      if (digit >= text_.size() || !IsDigit(text_[digit])) break;
      end = at = digit + 1;
    } else {
      break;
    }
  }
  EmitUpTo(TokenKind::kNumber, end);
}

void Scanner::ScanLineComment() {
  const std::size_t newline = text_.find('\n', at_);
  if (newline == std::string_view::npos) return EmitUpTo(TokenKind::kComment, text_.size());
  EmitUpTo(TokenKind::kLineComment, newline + 1);
}

bool Scanner::ScanBlockComment() {
  const std::size_t close = text_.find("*/", at_ + 2);
  if (close == std::string_view::npos) return false;
  EmitUpTo(TokenKind::kComment, close + 2);
  return true;
}

bool Scanner::ScanHeredocStart() {
  std::size_t name = 2;
  if (Peek(name) == '-') ++name;
  const std::size_t length = IdentifierLength(text_.substr(at_ + name));
  if (length == 0) return false;
  const std::size_t newline = NewlineLength(name + length);
  if (newline == 0) return false;
  frames_.push_back({.kind = Frame::Kind::kHeredoc, .marker = text_.substr(at_ + name, length)});
  Emit(TokenKind::kOpenHeredoc, name + length + newline);
  return true;
}

void Scanner::ScanCloseBrace() {
  const bool trims = Peek() == '~';
  const std::size_t length = trims ? 2 : 1;
  if (!frames_.empty()) {
    if (frames_.back().braces == 0) {
      frames_.pop_back();
      return Emit(TokenKind::kTemplateEnd, length);
    }
    --frames_.back().braces;
  }
  // "~}" closes no plain brace: the parser gets to see that it was misplaced.
  Emit(trims ? TokenKind::kTemplateEnd : TokenKind::kCloseBrace, length);
}

bool Scanner::IsSequenceStart(std::size_t at) const {
  return (text_[at] == '$' || text_[at] == '%') && at + 1 < text_.size() && text_[at + 1] == '{';
}

void Scanner::ScanSequenceStart() {
  const TokenKind kind = Peek() == '$' ? TokenKind::kInterpolation : TokenKind::kDirective;
  if (frames_.back().kind == Frame::Kind::kHeredoc) frames_.back().start_of_line = false;
  frames_.push_back({.kind = Frame::Kind::kSequence});
  Emit(kind, Peek(2) == '~' ? 3 : 2);
}

// Bytes at `at` that are one step of literal text: a character, or an escaped ${ or %{. 0 for
// broken UTF-8.
std::size_t Scanner::PlainLength(std::size_t at) const {
  const char c = text_[at];
  if ((c == '$' || c == '%') && at + 2 < text_.size() && text_[at + 1] == c &&
      text_[at + 2] == '{') {
    return 3;
  }
  return CharacterLength(text_.substr(at));
}

void Scanner::ScanQuoted() {
  std::size_t end = at_;
  while (end < text_.size()) {
    const char c = text_[end];
    if (c == '"' || c == '\n' || IsSequenceStart(end)) break;
    if (c == '\r' && end + 1 < text_.size() && text_[end + 1] == '\n') break;
    std::size_t length = 0;
    if (c == '\\') {
      if (end + 1 >= text_.size() || text_[end + 1] == '\n' || text_[end + 1] == '\r') break;
      length = CharacterLength(text_.substr(end + 1));
      if (length > 0) ++length;
    } else {
      length = PlainLength(end);
    }
    if (length == 0) break;
    end += length;
  }
  if (end > at_) EmitUpTo(TokenKind::kQuotedText, end);
  if (at_ >= text_.size()) return;
  if (Peek() == '"') {
    frames_.pop_back();
    return Emit(TokenKind::kCloseQuote, 1);
  }
  if (std::size_t length = NewlineLength()) {
    while (const std::size_t more = NewlineLength(length)) length += more;
    return Emit(TokenKind::kQuotedNewline, length);
  }
  if (IsSequenceStart(at_)) return ScanSequenceStart();
  EmitBroken();
}

std::string_view TrimSpace(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\v\f");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n\v\f") - first + 1);
}

void Scanner::ScanHeredoc() {
  std::size_t end = at_;
  while (end < text_.size() && text_[end] != '\n' && !IsSequenceStart(end)) {
    const std::size_t length = PlainLength(end);
    if (length == 0) break;
    end += length;
  }
  Frame& frame = frames_.back();
  if (end < text_.size() && text_[end] == '\n') {
    const std::size_t last = end > at_ && text_[end - 1] == '\r' ? end - 1 : end;
    if (frame.start_of_line && TrimSpace(text_.substr(at_, last - at_)) == frame.marker) {
      frames_.pop_back();
      EmitUpTo(TokenKind::kCloseHeredoc, last);
      return EmitUpTo(TokenKind::kNewline, end + 1);
    }
    frame.start_of_line = true;
    return EmitUpTo(TokenKind::kText, end + 1);
  }
  if (end > at_) {
    frame.start_of_line = false;
    EmitUpTo(TokenKind::kText, end);
  }
  if (at_ >= text_.size()) return;
  if (IsSequenceStart(at_)) return ScanSequenceStart();
  Emit(TokenKind::kBadUtf8, 1);
}

void Scanner::ScanBare() {
  std::size_t end = at_;
  // Strip markers reach to the end of a line, so each line is a token.
  while (end < text_.size() && !IsSequenceStart(end)) {
    const std::size_t length = PlainLength(end);
    if (length == 0) break;
    end += length;
    if (text_[end - 1] == '\n') break;
  }
  if (end > at_) EmitUpTo(TokenKind::kText, end);
  if (at_ >= text_.size()) return;
  if (IsSequenceStart(at_)) return ScanSequenceStart();
  if (PlainLength(at_) == 0) Emit(TokenKind::kBadUtf8, 1);
}

}  // namespace

std::vector<Token> Scan(std::string_view text, ScanMode mode, std::uint32_t begin) {
  return Scanner(text, begin).Run(mode);
}

}  // namespace tkn::parser
