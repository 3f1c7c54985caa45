#pragma once

#include "cli/operation_flags.h"
#include "cli/session.h"
#include "engine/config/config.h"

namespace tkn::cli {

struct MigrationOptions {
  bool wanted = false;    // -migrate-state: otherwise it is only told that a state lies elsewhere
  bool approved = false;  // -force-copy
  bool ask = true;        // -input
};

// Brings the states of all workspaces to where the configuration says they are, when nothing is
// there yet and they lie where tkn or Terraform keep them otherwise: tkn.db, terraform.tfstate with
// terraform.tfstate.d. What they lay in is left as it is. False: the error is in `diags`.
[[nodiscard]] bool MigrateState(Session& session, const config::Module& root,
                                const StateFlags& flags, const MigrationOptions& options,
                                Diagnostics& diags);

}  // namespace tkn::cli
