#pragma once

#include "parser/grammar/state.h"

namespace tkn::parser::grammar {

// Reports the tokens that the language has no use for. The grammar meets them later as tokens that
// fit nowhere.
void ReportLexicalErrors(State& state);

}  // namespace tkn::parser::grammar
