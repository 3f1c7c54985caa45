#pragma once

#include <string>

#include "parser/diagnostic.h"

namespace tkn::cli {

// init -from-module: copies the module at `source`, a directory of this machine, into the working
// directory, which must be empty. Names that begin with a dot stay behind. False after an error:
// then nothing was copied.
[[nodiscard]] bool CopyModuleHere(const std::string& source, Diagnostics& diags);

}  // namespace tkn::cli
