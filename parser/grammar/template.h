#pragma once

#include <string_view>
#include <vector>

#include "parser/grammar/state.h"

// A template as a flat list, between reading its tokens and building its tree. Strip markers were
// applied already.
namespace tkn::parser::grammar {

struct TemplatePart {
  enum class Kind : std::uint8_t { kText, kValue, kIf, kElse, kEndIf, kFor, kEndFor, kEnd };
  Kind kind;
  SourceRange range;
  std::string_view text = {};             // kText
  State::Operand operand = {nullptr, 0};  // kValue; condition of kIf, collection of kFor
  std::string_view key_name = {};         // kFor
  std::string_view value_name = {};       // kFor
};

// Takes away the indentation that all lines of a <<- heredoc share.
void RemoveIndentation(std::vector<TemplatePart>& parts);

// Joins texts that touch.
void JoinTexts(State& state, std::vector<TemplatePart>& parts);

// Pairs up directives and leaves the parts of the outermost template on State::operands. `parts`
// ends with a kEnd. Directives without a partner are reported.
void BuildTemplate(State& state, const std::vector<TemplatePart>& parts);

// A kTemplate of the operands from `from` on, which it replaces.
void FoldTemplate(State& state, std::size_t from, SourceRange range, bool heredoc);

}  // namespace tkn::parser::grammar
