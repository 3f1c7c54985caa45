#include <algorithm>

#include "parser/grammar/rules.h"
#include "parser/parse.h"

namespace tkn::parser::grammar {
namespace {

// What the steps are added to: an operand, a root name that is no node yet, or the element of a
// splat.
struct Base {
  const Expression* expression = nullptr;  // nullptr: `root`
  int height = 1;
  std::string_view root;
  SourceRange range;
};

// Puts the steps from `from` on upon the base.
void Flush(State& state, Base& base, std::size_t from) {
  const std::span<const Step> steps =
      state.arena.Copy(std::span<const Step>(state.steps).subspan(from));
  state.steps.resize(from);
  const SourceRange range = steps.empty() ? base.range : Join(base.range, steps.back().range);
  if (base.expression == nullptr) {
    auto* node = state.arena.New<TraversalExpression>(range);
    node->traversal = {.root = base.root, .root_range = base.range, .steps = steps, .range = range};
    base.expression = node;
  } else if (!steps.empty()) {
    auto* node = state.arena.New<RelativeTraversal>(range);
    node->source = base.expression;
    node->steps = steps;
    base.expression = node;
    ++base.height;
  }
  base.range = range;
}

// The digits of an index, or the text of a quoted one, when `key` is constant.
bool StepOf(const Expression& key, SourceRange range, Step& step) {
  if (key.kind != ExpressionKind::kLiteral) return false;
  const auto& literal = As<Literal>(key);
  if (literal.literal == LiteralKind::kNumber) {
    step = {.kind = Step::Kind::kIndexNumber, .text = literal.text, .range = range};
    return true;
  }
  if (literal.literal == LiteralKind::kString) {
    step = {.kind = Step::Kind::kIndexString, .text = literal.text, .range = range};
    return true;
  }
  return false;
}

// A heredoc may be an index too, of one literal part.
const Expression& Constant(const Expression& key) {
  if (key.kind != ExpressionKind::kTemplate) return key;
  const auto& parts = As<Template>(key).parts;
  return parts.size() == 1 ? *parts[0] : key;
}

}  // namespace

// Reads one operand: signs, a term, and the steps after it.
template <typename C>
class OperandReader {
 public:
  OperandReader(Iterator& at, Iterator last, const C& context)
      : at_(at), last_(last), context_(context), state_(StateOf(context)) {}

  void Read() {
    const TokenKind kind = state_.PeekKind(at_);
    if (kind == TokenKind::kMinus || kind == TokenKind::kNot) return ReadUnary(kind);
    bool broken = false;
    Base base;
    try {
      ReadTerm(base);
    } catch (const Failure&) {
      broken = true;
      base = Base{};
      base.expression =
          state_.arena.template New<InvalidExpression>(state_.Range(state_.Previous(at_)));
      base.range = base.expression->range;
    }
    if (!ReadSteps(base)) broken = true;
    if (broken) throw Failure{};
    state_.Push(base.expression, base.height);
  }

 private:
  void ReadUnary(TokenKind kind) {
    const Token& token = state_.Read(at_);
    const Nesting nesting(state_, state_.Range(token));
    Run(operand, at_, last_, context_);
    const typename State::Operand inner = state_.Pop();
    auto* node = state_.arena.template New<UnaryExpression>(
        SourceRange{state_.file, token.begin, inner.expression->range.end});
    node->op = kind == TokenKind::kMinus ? UnaryOperator::kNegate : UnaryOperator::kNot;
    node->op_range = state_.Range(token);
    node->operand = inner.expression;
    state_.Push(node, inner.height + 1);
  }

  void ReadTerm(Base& base) {
    Iterator next = at_;
    const Token& token = state_.Peek(next);
    if (token.kind == TokenKind::kIdentifier && IsRoot(state_.Text(token), ++next)) {
      at_ = next;
      base.root = state_.Text(token);
      base.range = state_.Range(token);
      return;
    }
    Run(term, at_, last_, context_);
    const typename State::Operand operand = state_.Pop();
    base.expression = operand.expression;
    base.height = operand.height;
    base.range = operand.expression->range;
  }

  // Not a keyword and not the name of a function.
  bool IsRoot(std::string_view name, Iterator next) const {
    if (name == "true" || name == "false" || name == "null") return false;
    const TokenKind kind = state_.PeekKind(next);
    return kind != TokenKind::kOpenParen && kind != TokenKind::kDoubleColon;
  }

  // False when something among them was wrong.
  bool ReadSteps(Base& base) {
    const std::size_t from = state_.steps.size();
    bool sound = true;
    while (true) {
      const TokenKind kind = state_.PeekKind(at_);
      if (kind == TokenKind::kDot) {
        if (!ReadDot(base, from)) sound = false;
      } else if (kind == TokenKind::kOpenBracket) {
        if (!ReadBracket(base, from)) sound = false;
      } else {
        break;
      }
    }
    Flush(state_, base, from);
    return sound;
  }

  bool ReadDot(Base& base, std::size_t from) {
    const Token& dot = state_.Read(at_);
    const Token& next = state_.Peek(at_);
    switch (next.kind) {
      case TokenKind::kIdentifier:
        state_.Read(at_);
        state_.PushStep({.kind = Step::Kind::kAttribute,
                         .text = state_.Text(next),
                         .range = state_.Range(dot, next)});
        return true;
      case TokenKind::kNumber:
        ReadLegacyIndex(dot, nullptr);
        return true;
      case TokenKind::kStar:
        return ReadAttributeSplat(base, from, dot);
      default:
        state_.Report(kInvalidAttributeName, state_.Range(next));
        state_.recovering = true;
        return false;
    }
  }

  // `.0`; what reads as a fraction is two of them, which HCL does not take. Errors of a splat stand
  // at its star.
  void ReadLegacyIndex(const Token& dot, const Token* star) {
    const Token& number = state_.Read(at_);
    const std::string_view text = state_.Text(number);
    const SourceRange range = state_.Range(dot, number);
    if (text.find('.') != std::string_view::npos) {
      state_.Report(kLegacyIndex, state_.Range(star != nullptr ? *star : number));
    }
    state_.PushStep(
        {.kind = Step::Kind::kIndexNumber, .legacy = true, .text = text, .range = range});
  }

  // `.*` takes only what dots lead to: a.*.b.0
  bool ReadAttributeSplat(Base& base, std::size_t from, const Token& dot) {
    const Token& star = state_.Read(at_);
    Flush(state_, base, from);
    const SourceRange marker = state_.Range(dot, star);
    bool sound = true;
    while (state_.PeekKind(at_) == TokenKind::kDot) {
      const Token& inner_dot = state_.Read(at_);
      const Token& next = state_.Peek(at_);
      if (next.kind == TokenKind::kNumber) {
        ReadLegacyIndex(inner_dot, &star);
      } else if (next.kind == TokenKind::kIdentifier) {
        state_.Read(at_);
        state_.PushStep({.kind = Step::Kind::kAttribute,
                         .text = state_.Text(next),
                         .range = state_.Range(inner_dot, next)});
      } else {
        if (next.kind == TokenKind::kStar) {
          state_.Report(kNestedSplat, state_.Range(next));
        } else {
          state_.Report(kInvalidSplatAttributeName, state_.Range(star));
        }
        state_.recovering = true;
        sound = false;
        break;
      }
    }
    Base element{.root = SplatExpression::kSplatItem, .range = marker};
    const bool has_steps = state_.steps.size() > from;
    if (has_steps) Flush(state_, element, from);
    FoldSplat(base, element, marker, true, has_steps);
    return sound;
  }

  void FoldSplat(Base& base, const Base& element, SourceRange marker, bool attribute_only,
                 bool has_steps) {
    auto* node = state_.arena.template New<SplatExpression>(
        Join(base.range, has_steps ? element.range : marker));
    node->source = base.expression;
    node->each = has_steps ? element.expression : nullptr;
    node->attribute_only = attribute_only;
    node->marker_range = marker;
    base.height = std::max(base.height, has_steps ? element.height : 0) + 1;
    SetBase(base, node);
  }

  void SetBase(Base& base, const Expression* node) {
    if (base.height > kMaxHeight) state_.FailTooDeep(node->range);
    base.expression = node;
    base.range = node->range;
  }

  bool ReadBracket(Base& base, std::size_t from) {
    const Token& open = state_.Read(at_);
    if (state_.PeekKind(at_) == TokenKind::kStar) return ReadFullSplat(base, from, open);
    const std::size_t operands = state_.operands.size();
    const Iterator opener = state_.opener;
    const NewlineMode mode(state_, false);
    bool sound = true;
    const Token* close = nullptr;
    try {
      const std::size_t errors = state_.errors;
      Run(expression, at_, last_, context_);
      state_.FailIfBroken(errors);
      close = &state_.Read(at_);
      if (close->kind != TokenKind::kCloseBracket && !state_.recovering) {
        // The error stands where the parser found its way again.
        close = &state_.RecoverTo(at_, TokenKind::kCloseBracket);
        state_.recovering = false;
        state_.Report(kMissingCloseBracketIndex, state_.Range(*close));
        state_.recovering = true;
        sound = false;
      }
    } catch (const Failure&) {
      sound = false;
      state_.opener = opener;
      state_.operands.resize(operands);
      close = &state_.RecoverTo(at_, TokenKind::kCloseBracket);
    }
    if (!sound) return false;
    const typename State::Operand key = state_.Pop();
    const SourceRange range = state_.Range(open, *close);
    if (Step step; StepOf(Constant(*key.expression), range, step)) {
      state_.PushStep(step);
      return true;
    }
    Flush(state_, base, from);
    auto* node = state_.arena.template New<IndexExpression>(Join(base.range, range));
    node->collection = base.expression;
    node->key = key.expression;
    node->bracket_range = range;
    base.height = std::max(base.height, key.height) + 1;
    SetBase(base, node);
    return true;
  }

  // [*] takes all the steps that follow.
  bool ReadFullSplat(Base& base, std::size_t from, const Token& open) {
    const Nesting nesting(state_, state_.Range(open));
    state_.Read(at_);
    Flush(state_, base, from);
    bool sound = true;
    const Token* close = &state_.Read(at_);
    if (close->kind != TokenKind::kCloseBracket && !state_.recovering) {
      close = &state_.RecoverTo(at_, TokenKind::kCloseBracket);
      state_.recovering = false;
      state_.Report(kMissingCloseBracketSplat, state_.Range(*close));
      state_.recovering = true;
      sound = false;
    }
    const SourceRange marker = state_.Range(open, *close);
    Base element{.root = SplatExpression::kSplatItem, .range = marker};
    if (!ReadSteps(element)) sound = false;
    FoldSplat(base, element, marker, false, !(element.range == marker));
    return sound;
  }

  Iterator& at_;
  Iterator last_;
  const C& context_;
  State& state_;
};

struct OperandParser : Component<OperandParser> {
  template <typename It, typename C, typename R, typename A>
  bool parse(It& at, const It& last, const C& context, R&, A&) const {
    OperandReader<C>(at, last, context).Read();
    return true;
  }
};

const auto operand_def = OperandParser{};

BOOST_SPIRIT_DEFINE(operand)
BOOST_SPIRIT_INSTANTIATE(OperandRule, Iterator, Context)

}  // namespace tkn::parser::grammar
