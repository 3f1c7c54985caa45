#pragma once

#include <map>
#include <string>

namespace tkn::simulator {

// The files of this folder by name without ".json", as they are. Built in, so that the simulator is
// one file.
const std::map<std::string, std::string>& CatalogueTexts();

}  // namespace tkn::simulator
