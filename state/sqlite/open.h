#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "state/store.h"

namespace tkn::state {

// The store that keeps tkn.db. Nothing is created before the first write, so opening where there is
// no file is not an error (unless `must_exist`) and reads as an empty state. nullptr after an
// error: not a database, not ours, of a newer version, damaged, not to be opened.
std::unique_ptr<StateStore> OpenSqlite(const std::string& path, const OpenOptions& options,
                                       Diagnostics& diags);

// The root module's outputs in `workspace`, without reading the rest. nullopt: no file, no such
// workspace, nothing ever written to it, or an error in `diags`.
std::optional<std::vector<StoredOutput>> ReadSqliteOutputs(const std::string& path,
                                                           const std::string& workspace,
                                                           Diagnostics& diags);

// A file with room for what it names beside it, gone when a store that was only a help is done with
// it.
[[nodiscard]] bool RemoveSqliteFiles(const std::string& path, Diagnostics& diags);

}  // namespace tkn::state
