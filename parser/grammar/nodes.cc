#include "parser/grammar/nodes.h"

#include <new>
#include <string>

namespace tkn::parser::grammar {
namespace {

using K = TokenKind;

// The expressions from operand `from` on.
std::span<const Expression* const> Expressions(State& state, std::size_t from) {
  const std::size_t count = state.operands.size() - from;
  if (count == 0) return {};
  auto* to = static_cast<const Expression**>(
      state.arena.Allocate(count * sizeof(const Expression*), alignof(const Expression*)));
  for (std::size_t i = 0; i < count; ++i) to[i] = state.operands[from + i].expression;
  return {to, count};
}

// Replaces the operands of a bracket by the node made of them.
void Finish(State& state, const Bracket& bracket, const Expression* node) {
  const int height = state.HeightAbove(bracket.operands);
  state.operands.resize(bracket.operands);
  state.Push(node, height);
}

// A bare name as key means its text, also where it is a word of the language.
const Expression* KeyOf(State& state, const Expression* key, bool& is_bare_name) {
  const std::string_view text =
      state.text.substr(key->range.begin - state.base, key->range.end - key->range.begin);
  switch (key->kind) {
    case ExpressionKind::kTraversal:
      is_bare_name = As<TraversalExpression>(*key).traversal.steps.empty();
      break;
    case ExpressionKind::kLiteral: {
      const LiteralKind kind = As<Literal>(*key).literal;
      is_bare_name = kind == LiteralKind::kNull || kind == LiteralKind::kBool;
      break;
    }
    default:
      is_bare_name = false;
      break;
  }
  if (!is_bare_name) return key;
  auto* literal = state.arena.New<Literal>(key->range);
  literal->literal = LiteralKind::kString;
  literal->text = text;
  return literal;
}

// The parts of a name may have spaces between them.
std::string_view NameOf(State& state, const Token& first, const Token& last) {
  std::string name;
  bool plain = true;
  for (Iterator at = &first; at <= &last; ++at) {
    if (at->kind == K::kIdentifier || at->kind == K::kDoubleColon) name += state.Text(*at);
    if (at != &first && at->begin != at[-1].end) plain = false;
  }
  if (plain) return state.text.substr(first.begin - state.base, last.end - first.begin);
  return state.arena.Copy(std::string_view(name));
}

}  // namespace

void MakeParentheses::Apply(State& state, const Bracket& bracket) {
  auto* node = state.arena.New<Parentheses>(state.Range(bracket.open, bracket.close));
  node->inner = state.operands.back().expression;
  Finish(state, bracket, node);
}

void MakeTuple::Apply(State& state, const Bracket& bracket) {
  auto* node = state.arena.New<TupleExpression>(state.Range(bracket.open, bracket.close));
  node->open_range = state.Range(bracket.open);
  node->elements = Expressions(state, bracket.operands);
  Finish(state, bracket, node);
}

void MakeObject::Apply(State& state, const Bracket& bracket) {
  auto* node = state.arena.New<ObjectExpression>(state.Range(bracket.open, bracket.close));
  node->open_range = state.Range(bracket.open);
  const std::size_t count = (state.operands.size() - bracket.operands) / 2;
  if (count > 0) {
    auto* items = static_cast<ObjectItem*>(
        state.arena.Allocate(count * sizeof(ObjectItem), alignof(ObjectItem)));
    for (std::size_t i = 0; i < count; ++i) {
      ObjectItem& item = *new (&items[i]) ObjectItem{};
      item.key =
          KeyOf(state, state.operands[bracket.operands + 2 * i].expression, item.key_is_bare_name);
      item.value = state.operands[bracket.operands + 2 * i + 1].expression;
    }
    node->items = {items, count};
  }
  Finish(state, bracket, node);
}

void MakeFor::Apply(State& state, const Bracket& bracket) {
  const bool makes_object = bracket.open.kind == K::kOpenBrace;
  auto* node = state.arena.New<ForExpression>(
      makes_object ? ExpressionKind::kForObject : ExpressionKind::kForTuple,
      state.Range(bracket.open, bracket.close));
  node->open_range = state.Range(bracket.open);
  node->close_range = state.Range(bracket.close);
  const Iterator* words = &state.words[bracket.words];
  node->value_name = state.Text(*words[words[1] != nullptr ? 1 : 0]);
  if (words[1] != nullptr) node->key_name = state.Text(*words[0]);
  node->group = words[2] != nullptr;
  const auto* operands = &state.operands[bracket.operands];
  node->collection = operands[0].expression;
  node->key = operands[2].expression != nullptr ? operands[1].expression : nullptr;
  node->value = operands[2].expression != nullptr ? operands[2].expression : operands[1].expression;
  node->condition = operands[3].expression;
  if (makes_object && node->key == nullptr) {
    state.Report(kForKeyMissing, node->value->range, node->range);
  } else if (!makes_object && node->key != nullptr) {
    state.Report(kForKeyInTuple, node->key->range, node->range);
  }
  if (!makes_object && node->group) {
    state.Report(kForGroupInTuple, state.Range(*words[2]), node->range);
  }
  Finish(state, bracket, node);
}

void MakeCall::Apply(State& state, const Bracket& bracket) {
  const Token& first = *state.words[bracket.words - 2];
  const Token& last = *state.words[bracket.words - 1];
  auto* node = state.arena.New<CallExpression>(state.Range(first, bracket.close));
  node->name_range = state.Range(first, last);
  node->name = NameOf(state, first, last);
  node->open_range = state.Range(bracket.open);
  node->close_range = state.Range(bracket.close);
  node->arguments = Expressions(state, bracket.operands);
  node->expand_final = state.words.size() > bracket.words;
  Finish(state, bracket, node);
}

}  // namespace tkn::parser::grammar
