#pragma once

#include <string_view>

#include "parser/grammar/state.h"

// The text between a template's sequences.
namespace tkn::parser::grammar {

// What a kQuotedText or kText token stands for: $${ and %%{ lose their first byte, and escapes
// count in quotes. Wrong escapes are reported. A view of the source where it says the same.
std::string_view DecodeText(State& state, const Token& token);

// By Unicode, as Terraform trims.
std::string_view TrimLeft(std::string_view text);
std::string_view TrimRight(std::string_view text);

// Columns of white space that `text` begins with, and `text` without the first `columns` of them.
std::size_t LeadingColumns(std::string_view text);
std::string_view DropColumns(std::string_view text, std::size_t columns);

}  // namespace tkn::parser::grammar
