#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "state/store.h"

namespace tkn::state {

// Where a configuration says that its state is, relative to the working directory.
struct StateLocation {
  // -state=FILE or the `path` of backend "local". "": tkn.db, or terraform.tfstate until it is
  // taken over. A name that ends in .tfstate or .json, and any file that holds JSON, stays a
  // tfstate file; everything else is SQLite.
  std::string path{};
  std::string workspace_dir = "terraform.tfstate.d";  // of tfstate files
  bool operator==(const StateLocation&) const = default;
};

// The store for a command. nullptr after an error. Environment: TKN_STATE_HISTORY is the history's
// depth.
std::unique_ptr<StateStore> OpenState(const StateLocation& location, const OpenOptions& options,
                                      Diagnostics& diags);

// The SQLite file that OpenState() uses or would make; nullopt where the state is a tfstate file.
std::optional<std::string> DatabasePath(const StateLocation& location);

// The root module's outputs of another configuration's state, for terraform_remote_state: `path`
// names a tfstate file or a tkn.db. Where it names a terraform.tfstate that tkn has taken over, or
// that never was one because tkn.db lies in its place, the database is read. nullopt: nothing was
// ever written there, or an error in `diags`.
std::optional<std::vector<StoredOutput>> ReadOutputs(const std::string& path,
                                                     const std::string& workspace,
                                                     const std::string& workspace_dir,
                                                     Diagnostics& diags);

}  // namespace tkn::state
