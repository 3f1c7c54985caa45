#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/operation_flags.h"
#include "cli/session.h"
#include "engine/config/config.h"
#include "state/open.h"
#include "state/store.h"

namespace tkn::cli {

// The state of this directory at the session's workspace: -state, else the backend block of `root`
// (nullptr: none is known), else tkn.db or what is there of Terraform. nullptr: the error is in
// `diags`.
std::unique_ptr<state::StateStore> OpenState(Session& session, const config::Module* root,
                                             const StateFlags& flags, bool for_writing,
                                             Diagnostics& diags);

// The backend block as far as it matters for finding the state, without reading the rest of the
// configuration for errors.
std::unique_ptr<state::StateStore> OpenStateOfDirectory(Session& session, const StateFlags& flags,
                                                        bool for_writing, Diagnostics& diags);

// The same for another workspace than the current one.
std::unique_ptr<state::StateStore> OpenStateOfWorkspace(Session& session,
                                                        const std::string& workspace,
                                                        bool for_writing, Diagnostics& diags,
                                                        const StateFlags& flags = {});

// Where `root` (nullptr: none is known) and -state say that the state is. nullopt: the error is in
// `diags`.
std::optional<state::StateLocation> LocateState(const config::Module* root, const StateFlags& flags,
                                                Diagnostics& diags);

// False, and its errors, where the configuration here is wrong.
[[nodiscard]] bool ConfigurationCanBeRead(Session& session, Diagnostics& diags);

// The SQLite file of the state of this directory, whether it exists or not. nullopt: the state is a
// file of Terraform's, or the backend can't be read; the error is in `diags`.
std::optional<std::string> DatabaseOfDirectory(Session& session, const StateFlags& flags,
                                               Diagnostics& diags);

// An address given on the command line; its errors show the text as a source called `name`, if
// given.
std::optional<Address> ParseAddressArgument(Session& session, const std::string& text,
                                            const std::string& name, Diagnostics& diags);

// Those of the arguments that are addresses; what is wrong with the others is told.
std::vector<TargetAddress> ParseTargetArguments(const std::vector<std::string>& arguments,
                                                Diagnostics& diags);

// The state, opened for a change by a `state` command, locked, and read. `store` null: the error is
// in `diags`.
struct StateForChange {
  std::unique_ptr<state::StateStore> store;
  std::shared_ptr<const state::Snapshot> snapshot;
  explicit operator bool() const { return snapshot != nullptr; }
};
// With addresses in `only`, the snapshot has what lies there and nothing else.
StateForChange OpenStateForChange(Session& session, const StateFlags& flags, Diagnostics& diags,
                                  const std::vector<TargetAddress>& only = {});
TargetAddress TargetOf(const Address& address);

// A serial given on the command line, or "current". False: the error is in `diags`.
[[nodiscard]] bool ParseSerialArgument(const std::string& text, const state::Snapshot& current,
                                       std::uint64_t* serial, Diagnostics& diags);

// One operation that makes one change. False: the error is in `diags`, and nothing was changed.
[[nodiscard]] bool ChangeState(Session& session, state::StateStore& store,
                               const state::StateStore::Change& change, Diagnostics& diags);

}  // namespace tkn::cli
