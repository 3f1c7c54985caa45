#pragma once

#include <string_view>

namespace tkn::parser::grammar {

// Whether the digits are a decimal number that Terraform can hold: its exponent of two fits 32
// bits.
bool IsNumber(std::string_view text);

}  // namespace tkn::parser::grammar
