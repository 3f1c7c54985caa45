#pragma once

#include <string>
#include <string_view>

#include "cli/command.h"

namespace tkn::cli {

std::string OverallUsage();
// Of a word that only groups others, as "state"; "" when it is none.
std::string GroupUsage(std::string_view group);
std::string CommandUsage(const Command& command);

}  // namespace tkn::cli
