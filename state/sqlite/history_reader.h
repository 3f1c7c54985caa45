#pragma once

#include <memory>
#include <string>
#include <vector>

#include "state/store.h"

namespace tkn::state {

class Connection;

// What the history's rows say of one workspace; both throw SQLite::Exception and BadRow.

// Newest first.
std::vector<HistoryEntry> ReadHistory(Connection& connection, const std::string& workspace);
// nullptr: the state was never at that serial, or what it was then is no longer kept. Costs what
// the state and the operations since then are big.
std::shared_ptr<Snapshot> ReadSnapshotAt(Connection& connection, const std::string& workspace,
                                         std::uint64_t serial);

}  // namespace tkn::state
