#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "parser/arena.h"
#include "parser/ast.h"
#include "parser/diagnostic.h"
#include "parser/grammar/errors.h"
#include "parser/token.h"

// What the rules share during one parse: the place to build in, what is open, and how errors are
// dealt with.
namespace tkn::parser::grammar {

using Iterator = const Token*;

// Ends an expression at an error, and is caught wherever the parse can go on. `reported` is false
// when the error only follows from an earlier one; then what was being read counts as read.
struct Failure {
  bool reported = true;
  bool skipped = false;  // the place to go on is reached already
};

// Steps (.a, [0]) of the traversals that are being read.
inline constexpr std::size_t kMaxOpenSteps = 10'000;

// Ends the whole parse: reported already, and everything around would report it again.
struct TooDeep {};

struct State {
  // An expression and how many levels of the tree it has.
  struct Operand {
    const Expression* expression;
    int height;
  };

  // `source` lies at `at` in its file, which the offsets of `tokens` count from the start of.
  State(std::string_view source, FileId id, const std::vector<Token>& tokens, Arena& where,
        Diagnostics& to, std::uint32_t at = 0);

  // The next token that counts, EOF when there is none; moves `at` to it, over comments and, where
  // they do not count, newlines.
  const Token& Peek(Iterator& at) const {
    while (at != last && Skipped(at->kind)) ++at;
    return at == last ? last[-1] : *at;
  }
  const Token& Read(Iterator& at) const {
    const Token& token = Peek(at);
    if (at != last) ++at;
    return token;
  }
  // As the parser is to see it: a line comment counts as its newline.
  TokenKind PeekKind(Iterator& at) const {
    const TokenKind kind = Peek(at).kind;
    return kind == TokenKind::kLineComment ? TokenKind::kNewline : kind;
  }
  TokenKind ReadKind(Iterator& at) const {
    const TokenKind kind = PeekKind(at);
    if (at != last) ++at;
    return kind;
  }
  bool Skipped(TokenKind kind) const {
    return kind == TokenKind::kComment ||
           (!newlines && (kind == TokenKind::kNewline || kind == TokenKind::kLineComment));
  }
  // The token before `at`, whatever it is.
  const Token& Previous(Iterator at) const { return at == first ? *first : at[-1]; }

  std::string_view Text(const Token& token) const {
    return text.substr(token.begin - base, token.end - token.begin);
  }
  SourceRange Range(const Token& token) const { return {file, token.begin, token.end}; }
  SourceRange Range(const Token& from, const Token& to) const { return {file, from.begin, to.end}; }

  // False when the error was left unsaid because it follows from an earlier one.
  bool Report(const Error& error, SourceRange subject, SourceRange context = {});
  // Reports and fails.
  [[noreturn]] void Fail(const Error& error, SourceRange subject, SourceRange context = {});

  // Moves past the token that closes what is open, or to the end. Returns that token.
  const Token& RecoverTo(Iterator& at, TokenKind close);
  // Moves past the line that an item of a body ends with.
  void RecoverAfterItem(Iterator& at);

  // Once an error has set the parser off, whatever has errors of its own is given up.
  void FailIfBroken(std::size_t errors_before) const {
    if (recovering && errors != errors_before) throw Failure{};
  }

  void Push(const Expression* expression, int height);
  void PushInvalid(SourceRange range);
  void PushStep(const Step& step);
  Operand Pop() {
    const Operand top = operands.back();
    operands.pop_back();
    return top;
  }
  // One more than the highest from operand `from` on.
  int HeightAbove(std::size_t from) const;

  [[noreturn]] void FailTooDeep(SourceRange subject);

  const std::string_view text;
  const std::uint32_t base;
  const FileId file;
  const Iterator first;
  const Iterator last;
  Arena& arena;
  Diagnostics& diags;
  const std::uintptr_t stack_floor;

  bool newlines = true;     // they count: not in brackets
  bool recovering = false;  // an error was met, and where the parse went on is a guess
  std::size_t errors = 0;
  int depth = 0;
  Iterator opener = nullptr;  // of the innermost bracket

  std::vector<Operand> operands;
  std::vector<Attribute> attributes;  // of the bodies that are open
  std::vector<Block> blocks;
  std::vector<Label> labels;    // of the header being read
  std::vector<Iterator> words;  // names and marks that the node being read needs; may be null
  std::vector<Step> steps;
};

// Counts one level of nesting for as long as it lives.
class Nesting {
 public:
  Nesting(State& state, SourceRange where);
  ~Nesting() { --state_.depth; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

 private:
  State& state_;
};

// Whether newlines count, until the end of the scope.
class NewlineMode {
 public:
  NewlineMode(State& state, bool count) : state_(state), before_(state.newlines) {
    state.newlines = count;
  }
  ~NewlineMode() { state_.newlines = before_; }
  NewlineMode(const NewlineMode&) = delete;
  NewlineMode& operator=(const NewlineMode&) = delete;

 private:
  State& state_;
  bool before_;
};

}  // namespace tkn::parser::grammar
