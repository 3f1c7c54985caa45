#pragma once

#include <memory>

#include "state/store.h"
#include "state/tfstate/tfstate_location.h"

namespace tkn::state {

// A store whose state is a Terraform state file, for configurations that name one
// (-state=x.tfstate, backend "local" with a path), since others read it: Terraform, and
// terraform_remote_state.
//
// JSON can't be changed a row at a time, so while an operation is under way a database beside it,
// FILE.tkn.db, is the truth, with all its guarantees; when the operation finishes, the file is
// written anew as a whole and the database goes. A database found at the start was left by a
// process that died: it is used, and the next operation finishes the work. It notes the file it was
// made from, and the one it last wrote (digests), and an error says so if the file is neither.
std::unique_ptr<StateStore> OpenTfstateStore(const TfstateLocation& location,
                                             const OpenOptions& options, Diagnostics& diags);

// The name of that database.
std::string TfstateSidecar(const std::string& tfstate_path);

}  // namespace tkn::state
