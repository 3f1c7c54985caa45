#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "engine/lang/function.h"

namespace tkn::lang {

// "~" and "~/x" become the home directory; other paths stay.
std::string ExpandHome(std::string_view path);
// The content of a file named in a call, relative to the scope's base directory. Bounded.
std::variant<std::string, FunctionError> ReadWholeFile(std::string_view path,
                                                       const CallContext& context);

}  // namespace tkn::lang
