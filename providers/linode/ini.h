#pragma once

#include <map>
#include <string>
#include <string_view>

namespace tkn::linode {

// Sections of an INI file, names and keys in lower case. What stands before the first section, and
// "default", are one section "default", from which the others inherit.
using IniSections = std::map<std::string, std::map<std::string, std::string>>;
IniSections ParseIni(std::string_view text);

}  // namespace tkn::linode
