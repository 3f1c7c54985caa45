#pragma once

#include "parser/grammar/state.h"

// Where code outside the rules enters them; free of X3, so that it stays cheap to include.
namespace tkn::parser::grammar {

// One expression at `at`; leaves it on State::operands. False when it was broken: then a kInvalid
// is left, State::errors has grown, and `at` is where the parser lost its way. A TooDeep passes
// through.
bool ReadExpression(State& state, Iterator& at);

// The parts of a template up to a token of kind `close`, which is read too. `open` is the token
// before the first part. Leaves one operand: a kLiteral for plain quoted text, else a kTemplate or
// kTemplateWrap. Failure passes through.
void ReadTemplate(State& state, Iterator& at, const Token& open, TokenKind close, bool flush);

// The items of a body up to a token of kind `close`, which is read too.
const Body* ReadBody(State& state, Iterator& at, TokenKind close);

}  // namespace tkn::parser::grammar
