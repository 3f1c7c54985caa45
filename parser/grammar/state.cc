#include "parser/grammar/state.h"

#include <pthread.h>

#include <algorithm>

#include "parser/large_pages.h"
#include "parser/parse.h"

namespace tkn::parser::grammar {
namespace {

// What is left of the stack for whatever runs on top of the rules: reports, allocation.
constexpr std::uintptr_t kReserve = std::uintptr_t{512} << 10;

constexpr Error kTooDeep{"Nesting too deep",
                         "Expressions and blocks can be nested up to 1000 levels, and 2000 "
                         "operators can be chained. Divide this into "
                         "several local values."};

std::uintptr_t StackPointer() {
  return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
}

// The address that this thread's stack should not grow below. Threads differ in the size of theirs.
std::uintptr_t FindStackFloor() {
  constexpr std::uintptr_t kUsual = std::uintptr_t{4} << 20;
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return StackPointer() - kUsual;
  void* lowest = nullptr;
  std::size_t size = 0;
  const bool known = pthread_attr_getstack(&attributes, &lowest, &size) == 0;
  pthread_attr_destroy(&attributes);
  if (!known) return StackPointer() - kUsual;
  return reinterpret_cast<std::uintptr_t>(lowest) + std::min<std::uintptr_t>(kReserve, size / 4);
}

std::uintptr_t StackFloor() {
  thread_local const std::uintptr_t floor = FindStackFloor();
  return floor;
}

TokenKind OpenerOf(TokenKind close) {
  switch (close) {
    case TokenKind::kCloseBrace:
      return TokenKind::kOpenBrace;
    case TokenKind::kCloseBracket:
      return TokenKind::kOpenBracket;
    case TokenKind::kCloseParen:
      return TokenKind::kOpenParen;
    case TokenKind::kCloseQuote:
      return TokenKind::kOpenQuote;
    case TokenKind::kCloseHeredoc:
      return TokenKind::kOpenHeredoc;
    case TokenKind::kTemplateEnd:
      return TokenKind::kInterpolation;
    default:
      return TokenKind::kEnd;
  }
}

TokenKind AsOpener(TokenKind kind) {
  return kind == TokenKind::kDirective ? TokenKind::kInterpolation : kind;
}

bool IsOpener(TokenKind kind) {
  switch (kind) {
    case TokenKind::kOpenBrace:
    case TokenKind::kOpenBracket:
    case TokenKind::kOpenParen:
    case TokenKind::kOpenQuote:
    case TokenKind::kOpenHeredoc:
    case TokenKind::kInterpolation:
      return true;
    default:
      return false;
  }
}

}  // namespace

State::State(std::string_view source, FileId id, const std::vector<Token>& tokens, Arena& where,
             Diagnostics& to, std::uint32_t at)
    : text(source),
      base(at),
      file(id),
      first(tokens.data()),
      last(tokens.data() + tokens.size()),
      arena(where),
      diags(to),
      stack_floor(StackFloor()) {
  // The blocks of a large file, a good sixty tokens each, wait here for its end.
  constexpr std::size_t kTokensOfBlock = 64;
  blocks.reserve(tokens.size() / kTokensOfBlock);
  PreferLargePages(blocks.data(), blocks.capacity() * sizeof(Block));
}

bool State::Report(const Error& error, SourceRange subject, SourceRange context) {
  if (recovering && error.only_first) return false;
  if (++errors > kMaxErrors) return true;  // more than are ever shown
  diags.Add(
      {.summary = error.summary, .detail = error.detail, .subject = subject, .context = context});
  return true;
}

void State::Fail(const Error& error, SourceRange subject, SourceRange context) {
  const bool reported = Report(error, subject, context);
  recovering = true;
  throw Failure{.reported = reported};
}

const Token& State::RecoverTo(Iterator& at, TokenKind close) {
  recovering = true;
  const TokenKind open = OpenerOf(close);
  std::size_t nested = 0;
  while (true) {
    const Token& token = Read(at);
    if (token.kind == TokenKind::kEnd) return token;
    if (token.kind == close) {
      if (nested == 0) return token;
      --nested;
    } else if (AsOpener(token.kind) == open) {
      ++nested;
    }
  }
}

void State::RecoverAfterItem(Iterator& at) {
  recovering = true;
  std::vector<TokenKind> open;
  while (true) {
    const TokenKind kind = ReadKind(at);
    if (kind == TokenKind::kEnd) return;
    if (kind == TokenKind::kNewline) {
      if (open.empty()) return;
      continue;
    }
    if (const TokenKind opener = AsOpener(kind); IsOpener(opener)) {
      open.push_back(opener);
    } else if (const TokenKind match = OpenerOf(kind); match != TokenKind::kEnd) {
      while (!open.empty() && open.back() != match) open.pop_back();
      if (!open.empty()) open.pop_back();
    }
  }
}

void State::Push(const Expression* expression, int height) {
  if (height > kMaxHeight) FailTooDeep(expression->range);
  operands.push_back({expression, height});
}

void State::PushStep(const Step& step) {
  if (steps.size() >= kMaxOpenSteps) FailTooDeep(step.range);
  steps.push_back(step);
}

void State::PushInvalid(SourceRange range) { Push(arena.New<InvalidExpression>(range), 1); }

int State::HeightAbove(std::size_t from) const {
  int highest = 0;
  for (std::size_t i = from; i < operands.size(); ++i) {
    highest = std::max(highest, operands[i].height);
  }
  return highest + 1;
}

void State::FailTooDeep(SourceRange subject) {
  subject.end = std::min(subject.end, subject.begin + 1);
  recovering = false;  // never left unsaid: nothing after this place is read
  Report(kTooDeep, subject);
  throw TooDeep{};
}

Nesting::Nesting(State& state, SourceRange where) : state_(state) {
  if (state.depth >= kMaxDepth || StackPointer() < state.stack_floor) {
    state.FailTooDeep(where);
  }
  ++state.depth;
}

}  // namespace tkn::parser::grammar
