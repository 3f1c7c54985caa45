#pragma once

#include <string>

#include "engine/value/value.h"
#include "parser/diagnostic.h"

namespace tkn::lang {

// A value as `console` and `output` print it: over several lines, collections as tolist([...]),
// texts with newlines as heredocs, secrets as (sensitive value). `indent` is that of the lines
// after the first.
std::string PrintValue(const Value& value, int indent = 0);

// A type as the console's type() shows it: object({\n    a: number,\n}).
std::string PrintType(Type type);

// The result of type(): may only be printed by itself.
Value TypeValue(std::string_view printed);

// What the console answers for the value of an expression; false and an error for one that has the
// result of type() inside.
[[nodiscard]] bool PrintConsole(const Value& value, std::string& out, Diagnostics& diags);

}  // namespace tkn::lang
