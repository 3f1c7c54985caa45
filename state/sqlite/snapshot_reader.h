#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "state/store.h"

namespace SQLite {
class Statement;
}

namespace tkn::state {

class Connection;

// A row that is not of the form tkn writes: `what` names it.
struct BadRow {
  std::string what;
};

// What lies in one workspace; throws SQLite::Exception and BadRow. JSON stays text: 100,000 objects
// take about 0.1 s.
std::shared_ptr<Snapshot> ReadSnapshot(Connection& connection, const std::string& workspace);
// With the objects at or in one of `wanted` alone, found through the index.
std::shared_ptr<Snapshot> ReadSnapshotPart(Connection& connection, const std::string& workspace,
                                           const std::vector<TargetAddress>& wanted);
std::vector<Address> ReadAddresses(Connection& connection, std::int64_t workspace);
std::vector<StoredOutput> ReadOutputRows(Connection& connection, std::int64_t workspace);
std::vector<Intent> ReadIntents(Connection& connection, std::int64_t workspace);
// 0: there is none.
std::int64_t FindWorkspace(Connection& connection, const std::string& name);

// INTEGER, TEXT or the empty BLOB: see schema.sql.
void BindKey(SQLite::Statement& statement, int index, const InstanceKey& key);

}  // namespace tkn::state
