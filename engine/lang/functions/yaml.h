#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/value/value.h"

namespace tkn::lang {

// Terraform's form: keys and texts in double quotes, texts of several lines as literal blocks.
std::string ToYaml(const Value& value);
// One document; nullopt and a message on errors.
std::optional<Value> FromYaml(std::string_view text, std::string& error);

}  // namespace tkn::lang
