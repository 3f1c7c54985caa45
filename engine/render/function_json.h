#pragma once

#include <string>
#include <string_view>

#include "engine/lang/function.h"

// Functions as programs read them, compact.
namespace tkn::render {

// An entry of `metadata functions -json`, format 1.0.
std::string FunctionMetadataJson(const lang::Function& function);
// The signature within the JSON of an error about a call; "null" for a name that is no function.
std::string SignatureJson(std::string_view called_as);

}  // namespace tkn::render
