#include "state/sqlite/history_reader.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "state/sqlite/connection.h"
#include "state/sqlite/object_rows.h"
#include "state/sqlite/snapshot_reader.h"

namespace tkn::state {
namespace {

using ResourceMap = std::unordered_map<std::int64_t, ResourceAddress>;

ResourceMap ResourcesById(Connection& connection, std::int64_t workspace) {
  ResourceMap resources;
  for (ResourceRow& row : ReadResources(connection, workspace))
    resources.emplace(row.id, std::move(row.address));
  return resources;
}

const ResourceAddress& ResourceOf(const ResourceMap& resources, std::int64_t id) {
  const auto found = resources.find(id);
  if (found == resources.end()) throw BadRow{"resource of the history"};
  return found->second;
}

std::int64_t Int(std::uint64_t value) { return static_cast<std::int64_t>(value); }

std::vector<HistoryEntry> ReadOperations(Connection& connection, std::int64_t workspace,
                                         std::unordered_map<std::int64_t, std::size_t>& by_id) {
  std::vector<HistoryEntry> entries;
  SQLite::Statement& rows = connection.Prepare(
      "SELECT id, serial, before_serial, command, who, version, started, finished FROM operation"
      " WHERE workspace = ? ORDER BY serial DESC");
  rows.bind(1, workspace);
  while (rows.executeStep()) {
    by_id.emplace(rows.getColumn(0).getInt64(), entries.size());
    HistoryEntry& entry = entries.emplace_back();
    entry.serial = static_cast<std::uint64_t>(rows.getColumn(1).getInt64());
    entry.before_serial = static_cast<std::uint64_t>(rows.getColumn(2).getInt64());
    entry.command = ColumnCopy(rows.getColumn(3));
    entry.who = ColumnCopy(rows.getColumn(4));
    entry.version = ColumnCopy(rows.getColumn(5));
    entry.started_unix_seconds = rows.getColumn(6).getInt64();
    if (!rows.isColumnNull(7)) entry.finished_unix_seconds = rows.getColumn(7).getInt64();
  }
  rows.tryReset();
  return entries;
}

// Objects that the operations after `serial` changed, as they were at it. The oldest row of each is
// the one that counts; nullopt: there was none.
std::map<ObjectKey, std::optional<StoredObject>> ObjectsBefore(Connection& connection,
                                                               std::int64_t workspace,
                                                               std::uint64_t serial) {
  const ResourceMap resources = ResourcesById(connection, workspace);
  ObjectColumns columns(connection);
  std::map<ObjectKey, std::optional<StoredObject>> objects;
  SQLite::Statement& rows = connection.Prepare(
      "SELECT b.resource, b.key, b.deposed, b.provider, b.status, b.schema_version, b.attributes,"
      " b.sensitive, b.dependencies, b.create_before_destroy, b.private, b.identity,"
      " b.identity_schema_version"
      " FROM operation o JOIN object_before b ON b.operation = o.id"
      " WHERE o.workspace = ? AND o.serial > ? ORDER BY o.serial");
  rows.bind(1, workspace);
  rows.bind(2, Int(serial));
  while (rows.executeStep()) {
    const ResourceAddress& resource = ResourceOf(resources, rows.getColumn(0).getInt64());
    const ObjectKey key{{resource.module, resource.resource, KeyOf(rows.getColumn(1))},
                        ColumnCopy(rows.getColumn(2))};
    const auto [place, is_new] = objects.try_emplace(key);
    if (!is_new || rows.isColumnNull(3)) continue;
    columns.Decode(rows, 1, resource, place->second.emplace());
  }
  rows.tryReset();
  return objects;
}

void OutputsBefore(Connection& connection, std::int64_t workspace, std::uint64_t serial,
                   std::vector<StoredOutput>& outputs) {
  std::set<std::string> seen;
  SQLite::Statement& rows = connection.Prepare(
      "SELECT b.name, b.value, b.type, b.sensitive"
      " FROM operation o JOIN output_before b ON b.operation = o.id"
      " WHERE o.workspace = ? AND o.serial > ? ORDER BY o.serial");
  rows.bind(1, workspace);
  rows.bind(2, Int(serial));
  while (rows.executeStep()) {
    const std::string name = ColumnCopy(rows.getColumn(0));
    if (!seen.insert(name).second) continue;
    std::erase_if(outputs, [&name](const StoredOutput& output) { return output.name == name; });
    if (rows.isColumnNull(1)) continue;
    outputs.push_back({name, ColumnCopy(rows.getColumn(1)), ColumnCopy(rows.getColumn(2)),
                       rows.getColumn(3).getInt() != 0});
  }
  rows.tryReset();
}

}  // namespace

std::vector<HistoryEntry> ReadHistory(Connection& connection, const std::string& workspace) {
  const std::int64_t id = FindWorkspace(connection, workspace);
  if (id == 0) return {};
  std::unordered_map<std::int64_t, std::size_t> by_id;
  std::vector<HistoryEntry> entries = ReadOperations(connection, id, by_id);
  const ResourceMap resources = ResourcesById(connection, id);

  // Newest first: what an object was after an operation is what it was before the next one that
  // changed it, or what it is now.
  std::map<ObjectKey, bool> exists_after;
  SQLite::Statement& rows = connection.Prepare(
      "SELECT b.operation, b.resource, b.key, b.deposed, b.provider IS NOT NULL,"
      " EXISTS (SELECT 1 FROM object n WHERE n.resource = b.resource AND n.key = b.key"
      " AND n.deposed = b.deposed)"
      " FROM operation o JOIN object_before b ON b.operation = o.id"
      " WHERE o.workspace = ? ORDER BY o.serial DESC");
  rows.bind(1, id);
  while (rows.executeStep()) {
    const ResourceAddress& resource = ResourceOf(resources, rows.getColumn(1).getInt64());
    ObjectKey key{{resource.module, resource.resource, KeyOf(rows.getColumn(2))},
                  ColumnCopy(rows.getColumn(3))};
    const bool before = rows.getColumn(4).getInt() != 0;
    const auto [place, is_last] = exists_after.try_emplace(key, rows.getColumn(5).getInt() != 0);
    const bool after = place->second;
    place->second = before;
    if (!before && !after) continue;  // came and went within one operation
    using Kind = HistoryEntry::Change::Kind;
    const Kind kind = !before ? Kind::kAdded : after ? Kind::kChanged : Kind::kRemoved;
    entries[by_id.at(rows.getColumn(0).getInt64())].changes.push_back({std::move(key), kind});
  }
  rows.tryReset();
  for (HistoryEntry& entry : entries) {
    std::sort(entry.changes.begin(), entry.changes.end(),
              [](const auto& a, const auto& b) { return a.object < b.object; });
  }
  SQLite::Statement& outputs = connection.Prepare(
      "SELECT b.operation, b.name FROM operation o JOIN output_before b ON b.operation = o.id"
      " WHERE o.workspace = ? ORDER BY b.name");
  outputs.bind(1, id);
  while (outputs.executeStep()) {
    entries[by_id.at(outputs.getColumn(0).getInt64())].outputs.push_back(
        ColumnCopy(outputs.getColumn(1)));
  }
  outputs.tryReset();
  return entries;
}

std::shared_ptr<Snapshot> ReadSnapshotAt(Connection& connection, const std::string& workspace,
                                         std::uint64_t serial) {
  auto snapshot = ReadSnapshot(connection, workspace);
  if (snapshot->serial == serial) return snapshot;
  const std::int64_t id = FindWorkspace(connection, workspace);
  // The operation that ended the state of that serial.
  SQLite::Statement& next = connection.Prepare(
      "SELECT before_serial, before_lineage, before_terraform_version, before_checks"
      " FROM operation WHERE workspace = ? AND serial > ? ORDER BY serial LIMIT 1");
  next.bind(1, id);
  next.bind(2, Int(serial));
  const bool known = next.executeStep() && next.getColumn(0).getInt64() == Int(serial);
  if (known) {
    snapshot->serial = serial;
    snapshot->lineage = ColumnCopy(next.getColumn(1));
    snapshot->terraform_version = ColumnCopy(next.getColumn(2));
    snapshot->checks.json = ColumnCopy(next.getColumn(3));
  }
  next.tryReset();
  if (!known) return nullptr;
  std::map<ObjectKey, std::optional<StoredObject>> before = ObjectsBefore(connection, id, serial);
  std::erase_if(snapshot->objects, [&before](const StoredObject& object) {
    return before.contains({object.address, object.deposed_key});
  });
  for (auto& [key, object] : before) {
    if (object) snapshot->objects.push_back(*std::move(object));
  }
  OutputsBefore(connection, id, serial, snapshot->outputs);
  snapshot->Sort();
  return snapshot;
}

}  // namespace tkn::state
