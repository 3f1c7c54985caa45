#pragma once

#include <memory>
#include <string>

#include "state/store.h"
#include "state/tfstate/tfstate_location.h"

namespace tkn::state {

// Builds a database at `path` from the tfstate files of all workspaces, which stay as they are;
// what lies in PATH.backup goes into the history as the serial before.
// Whole or not at all: it is made under another name and then gets this one. False after an error,
// and where somebody else made `path` meanwhile. On success a warning says what was done.
[[nodiscard]] bool TakeOver(const TfstateLocation& location, const std::string& path,
                            const OpenOptions& options, Diagnostics& diags);

// The store of a directory that has terraform.tfstate and no database yet: reads the one until the
// first operation begins, which takes it over into the database at `path`.
std::unique_ptr<StateStore> OpenForTakeover(const TfstateLocation& location,
                                            const std::string& path, const OpenOptions& options,
                                            Diagnostics& diags);

}  // namespace tkn::state
