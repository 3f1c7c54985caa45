#include <algorithm>

#include "parser/grammar/entry.h"
#include "parser/grammar/rules.h"

namespace tkn::parser::grammar {
namespace {

constexpr int kLevels = 6;

struct Operator {
  int level = kLevels;  // 0 binds least; kLevels: not an operator
  BinaryOperator op = BinaryOperator::kOr;
};

Operator OperatorOf(TokenKind kind) {
  using enum BinaryOperator;
  switch (kind) {
    case TokenKind::kOr:
      return {0, kOr};
    case TokenKind::kAnd:
      return {1, kAnd};
    case TokenKind::kEqual:
      return {2, kEqual};
    case TokenKind::kNotEqual:
      return {2, kNotEqual};
    case TokenKind::kLess:
      return {3, kLess};
    case TokenKind::kLessEqual:
      return {3, kLessEqual};
    case TokenKind::kGreater:
      return {3, kGreater};
    case TokenKind::kGreaterEqual:
      return {3, kGreaterEqual};
    case TokenKind::kPlus:
      return {4, kAdd};
    case TokenKind::kMinus:
      return {4, kSubtract};
    case TokenKind::kStar:
      return {5, kMultiply};
    case TokenKind::kSlash:
      return {5, kDivide};
    case TokenKind::kPercent:
      return {5, kModulo};
    default:
      return {};
  }
}

void FoldBinary(State& state, BinaryOperator op, const Token& token) {
  const int height = state.HeightAbove(state.operands.size() - 2);
  const Expression* right = state.Pop().expression;
  const Expression* left = state.Pop().expression;
  auto* node = state.arena.New<BinaryExpression>(Join(left->range, right->range));
  node->op = op;
  node->op_range = state.Range(token);
  node->left = left;
  node->right = right;
  state.Push(node, height);
}

// Operands joined by operators of `level` and above, by precedence climbing: all of them join to
// the left.
struct Operation : Component<Operation> {
  constexpr explicit Operation(int l) : level(l) {}

  template <typename C>
  void Next(Iterator& at, Iterator last, const C& context) const {
    State& state = StateOf(context);
    const std::size_t errors = state.errors;
    Run(operand, at, last, context);
    state.FailIfBroken(errors);
  }

  template <typename It, typename C, typename R, typename A>
  bool parse(It& at, const It& last, const C& context, R&, A&) const {
    State& state = StateOf(context);
    Next(at, last, context);
    while (true) {
      const Operator next = OperatorOf(state.Peek(at).kind);
      if (next.level < level || next.level == kLevels) return true;
      const Token& token = state.Read(at);
      Run(Operation(next.level + 1), at, last, context);
      FoldBinary(state, next.op, token);
    }
  }

  int level;
};

// operation, or operation ? expression : expression.
struct Conditional : Component<Conditional> {
  template <typename It, typename C, typename R, typename A>
  bool parse(It& at, const It& last, const C& context, R&, A&) const {
    State& state = StateOf(context);
    const Token& start = state.Peek(at);
    const Nesting nesting(state, state.Range(start));
    const std::size_t errors = state.errors;
    const std::size_t operands = state.operands.size();
    Run(Operation(0), at, last, context);
    if (state.PeekKind(at) != TokenKind::kQuestion) return true;
    state.Read(at);
    Run(expression, at, last, context);
    if (state.PeekKind(at) != TokenKind::kColon) {
      const Token& found = state.Peek(at);
      state.Report(kMissingFalse, state.Range(found), state.Range(start, found));
      state.FailIfBroken(errors);
      state.operands.resize(operands + 1);  // the condition stands for the whole
      return true;
    }
    state.Read(at);
    Run(expression, at, last, context);
    state.FailIfBroken(errors);
    Fold(state, start, operands);
    return true;
  }

  static void Fold(State& state, const Token& start, std::size_t operands) {
    const int height = state.HeightAbove(operands);
    const Expression* on_false = state.Pop().expression;
    const Expression* on_true = state.Pop().expression;
    const Expression* condition = state.Pop().expression;
    auto* node = state.arena.New<ConditionalExpression>(
        SourceRange{state.file, start.begin, on_false->range.end});
    node->condition = condition;
    node->on_true = on_true;
    node->on_false = on_false;
    state.Push(node, height);
  }
};

const auto expression_def = Conditional{};

}  // namespace

BOOST_SPIRIT_DEFINE(expression)
BOOST_SPIRIT_INSTANTIATE(ExpressionRule, Iterator, Context)

bool ReadExpression(State& state, Iterator& at) {
  const std::size_t operands = state.operands.size();
  const std::size_t words = state.words.size();
  const std::size_t steps = state.steps.size();
  const std::size_t errors = state.errors;
  const Iterator opener = state.opener;
  const std::uint32_t begin = state.Peek(at).begin;
  try {
    const Skip skip(state);
    const Context context(skip);
    Run(expression, at, state.last, context);
    state.FailIfBroken(errors);
    return true;
  } catch (const Failure&) {
    state.operands.resize(operands);
    state.words.resize(words);
    state.steps.resize(steps);
    state.opener = opener;
    state.PushInvalid({state.file, begin, std::max(begin, state.Previous(at).end)});
    return false;
  }
}

}  // namespace tkn::parser::grammar
