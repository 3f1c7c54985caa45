#pragma once

#include "parser/grammar/state.h"

// The nodes of what stands in brackets, made of the operands and words that the rules left.
namespace tkn::parser::grammar {

struct Bracket {
  const Token& open;
  const Token& close;
  std::size_t operands;  // from here on State::operands are p's
  std::size_t words;
};

struct MakeParentheses {
  static void Apply(State& state, const Bracket& bracket);
};

struct MakeTuple {
  static void Apply(State& state, const Bracket& bracket);
};

// Operands: key and value by turns.
struct MakeObject {
  static void Apply(State& state, const Bracket& bracket);
};

// Words: the name of the value or, where a second one follows, of the key; then the second or null;
// then the ellipsis or null. Operands: collection, result or key, value or null, condition or null.
struct MakeFor {
  static void Apply(State& state, const Bracket& bracket);
};

// Words, below those of the bracket: the first and the last part of the name. Within: the ellipsis,
// if any.
struct MakeCall {
  static void Apply(State& state, const Bracket& bracket);
};

}  // namespace tkn::parser::grammar
