#include "parser/grammar/lexical_errors.h"

namespace tkn::parser::grammar {
namespace {

constexpr const char* kOperator = "Unsupported operator";
constexpr const char* kCharacter = "Invalid character";

// Repeated mistakes of one kind are told once, or a few times.
class LexicalChecker {
 public:
  explicit LexicalChecker(State& state) : state_(state) {}

  void Check(const Token& token) {
    switch (token.kind) {
      case TokenKind::kBitAnd:
        return Operator(token,
                        "There are no operators on bits. For \"and\" of conditions write \"&&\".");
      case TokenKind::kBitOr:
        return Operator(token,
                        "There are no operators on bits. For \"or\" of conditions write \"||\".");
      case TokenKind::kBitXor:
        return Operator(token, "There are no operators on bits.");
      case TokenKind::kBitNot:
        return Operator(token,
                        "There are no operators on bits. To negate a condition write \"!\".");
      case TokenKind::kBacktick:
        return Pair(token, backticks_,
                    "Backticks have no meaning here. Text of several lines is written as a "
                    "heredoc, which begins "
                    "with \"<<EOT\".");
      case TokenKind::kApostrophe:
        return Pair(token, apostrophes_,
                    "Text is enclosed in double quotes (\"), not in single ones.");
      case TokenKind::kSemicolon:
        if (semicolons_++ == 0) {
          Report(token, kCharacter,
                 "Semicolons have no meaning here. Arguments and blocks end with their line; "
                 "elements of lists and "
                 "objects are separated by commas.");
        }
        return;
      case TokenKind::kBadUtf8:
        if (encoding_++ == 0) {
          Report(token, "Invalid character encoding",
                 "This byte is no part of a character in UTF-8, the encoding that all files must "
                 "have. Perhaps the "
                 "editor saved the file in another one.");
        }
        return;
      case TokenKind::kQuotedNewline:
        return Report(token, "Invalid multi-line string",
                      "Quoted text must end on the line it begins on. Write a line break as \\n, "
                      "or use a heredoc, "
                      "which begins with \"<<EOT\".");
      case TokenKind::kInvalid:
        return Character(token);
      default:
        return;
    }
  }

 private:
  void Report(const Token& token, const char* summary, const char* detail) {
    state_.Report({.summary = summary, .detail = detail, .only_first = false}, state_.Range(token));
  }
  void Operator(const Token& token, const char* detail) {
    if (operators_++ < 4) Report(token, kOperator, detail);
  }
  // These come in pairs, of which the first is enough.
  void Pair(const Token& token, int& count, const char* detail) {
    if (count % 2 == 0) Report(token, kCharacter, detail);
    if (count <= 2) ++count;
  }
  void Character(const Token& token) {
    const std::string_view text = state_.Text(token);
    if (text == "\u201C" || text == "\u201D") {
      return Report(token, kCharacter,
                    "Text is enclosed in straight double quotes (\"). Curly ones often come from "
                    "word processors and "
                    "web pages.");
    }
    Report(token, kCharacter, "This character has no meaning here.");
  }

  State& state_;
  int operators_ = 0;
  int backticks_ = 0;
  int apostrophes_ = 0;
  int semicolons_ = 0;
  int encoding_ = 0;
};

}  // namespace

void ReportLexicalErrors(State& state) {
  LexicalChecker checker(state);
  for (Iterator at = state.first; at != state.last; ++at) checker.Check(*at);
}

}  // namespace tkn::parser::grammar
