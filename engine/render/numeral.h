#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/value/value.h"

// A number as a JSON text has it. Terraform compares and shows numbers inside texts that are JSON
// by how they are written: 1.50 is another one than 1.5.
namespace tkn::render {

// A value that nothing else equals, for a place of its own in a Diff.
Value Numeral(std::string_view written);
// How it is written; nullopt for every other value.
std::optional<std::string_view> AsNumeral(const Value& value);

}  // namespace tkn::render
