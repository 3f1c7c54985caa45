#pragma once

#include <optional>
#include <string>
#include <vector>

#include "state/store.h"

// What can be done with a whole file, in use or not.
namespace tkn::state {

// What is wrong with the file, a sentence each; empty: nothing. It is looked at as a whole: pages,
// indexes, references between rows, whether every workspace can be read, who else may read it.
// nullopt with an error when it can't be opened at all; having no file is an error.
std::optional<std::vector<std::string>> FindDamage(const std::string& path, Diagnostics& diags);

// Copies the state as it is now into a new file, which is whole by itself, of mode 0600, and
// appears with its name only when it is durable. Others may go on writing meanwhile. A file that
// exists is not overwritten.
[[nodiscard]] bool BackupDatabase(const std::string& path, const std::string& to,
                                  Diagnostics& diags);

struct RestoreOptions {
  OperationInfo operation{};  // as the history shows it
  OpenOptions open{};
};
// Makes `path` hold what the backup `from` holds, at once or not at all, in every workspace as the
// next serial: what was planned from what is lost now is refused as stale. The caller holds the
// lock. A file that is damaged is kept beside it, and the warning says where.
[[nodiscard]] bool RestoreDatabase(const std::string& from, const std::string& path,
                                   const RestoreOptions& options, Diagnostics& diags);

}  // namespace tkn::state
