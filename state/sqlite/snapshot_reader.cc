#include "state/sqlite/snapshot_reader.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "parser/large_pages.h"
#include "state/sqlite/connection.h"
#include "state/sqlite/object_rows.h"

namespace tkn::state {
namespace {

template <class Map>
const typename Map::mapped_type& At(const Map& map, std::int64_t id, const char* what) {
  const auto found = map.find(id);
  if (found == map.end()) throw BadRow{what};
  return found->second;
}

std::size_t Number(Connection& connection, const char* query) {
  SQLite::Statement& row = connection.Prepare(query);
  row.executeStep();
  const std::int64_t number = row.getColumn(0).getInt64();
  row.tryReset();
  return static_cast<std::size_t>(number);
}

// Of all workspaces: how many there are at most, which SQLite knows without looking at each.
std::size_t CountObjects(Connection& connection) {
  return Number(connection, "SELECT count(*) FROM object");
}

// objects[order[i]] comes to i. They are large: each is moved once.
void Arrange(std::vector<StoredObject>& objects, std::vector<std::uint32_t> order) {
  for (std::uint32_t start = 0; start < order.size(); ++start) {
    if (order[start] == start) continue;
    StoredObject first = std::move(objects[start]);
    std::uint32_t at = start;
    while (order[at] != start) {
      objects[at] = std::move(objects[order[at]]);
      at = std::exchange(order[at], at);
    }
    objects[at] = std::move(first);
    order[at] = at;
  }
}

// In the order they lie in: to look each up by the index that has them sorted takes several times
// as long as to sort them here. Those of other workspaces are not met.
SQLite::Statement& ObjectRows(Connection& connection, std::int64_t workspace) {
  static const std::string kColumns =
      "SELECT o.resource, o.key, o.deposed, o.provider, o.status, o.schema_version, o.attributes,"
      " o.sensitive, o.dependencies, o.create_before_destroy, o.private, o.identity,"
      " o.identity_schema_version ";
  static const std::string kAll = kColumns + "FROM object o";
  static const std::string kSome =
      kColumns + "FROM resource r CROSS JOIN object o ON o.resource = r.id WHERE r.workspace = ?";
  if (Number(connection, "SELECT count(*) FROM workspace") == 1) {
    return connection.Prepare(kAll.c_str());
  }
  SQLite::Statement& rows = connection.Prepare(kSome.c_str());
  rows.bind(1, workspace);
  return rows;
}

void ReadObjects(Connection& connection, std::int64_t workspace,
                 std::vector<StoredObject>& objects) {
  const std::vector<ResourceRow> resources = ReadResources(connection, workspace);
  std::vector<std::pair<std::int64_t, std::uint32_t>> places;  // sorted by the resource's id
  places.reserve(resources.size());
  for (const ResourceRow& row : resources)
    places.emplace_back(row.id, static_cast<std::uint32_t>(places.size()));
  std::sort(places.begin(), places.end());

  const std::size_t most = CountObjects(connection);
  objects.reserve(most);
  PreferLargePages(objects.data(), objects.capacity() * sizeof(StoredObject));
  std::vector<std::uint32_t> place_of;  // of objects[i], among the resources
  place_of.reserve(most);
  ObjectColumns columns(connection);
  SQLite::Statement& rows = ObjectRows(connection, workspace);
  while (rows.executeStep()) {
    const std::int64_t id = rows.getColumn(0).getInt64();
    const auto found = std::lower_bound(places.begin(), places.end(), std::pair{id, 0U});
    if (found == places.end() || found->first != id) throw BadRow{"resource of an object"};
    const std::uint32_t place = found->second;
    columns.Decode(rows, 1, resources[place].address, objects.emplace_back());
    place_of.push_back(place);
  }
  rows.tryReset();

  std::vector<std::uint32_t> order(objects.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (place_of[a] != place_of[b]) return place_of[a] < place_of[b];
    const StoredObject &x = objects[a], &y = objects[b];
    if (const auto keys = x.address.key <=> y.address.key; keys != 0) return keys < 0;
    return x.deposed_key < y.deposed_key;
  });
  Arrange(objects, std::move(order));
}

}  // namespace

void BindKey(SQLite::Statement& statement, int index, const InstanceKey& key) {
  if (key.IsIndex()) {
    statement.bind(index, key.index());
  } else if (key.IsString()) {
    statement.bind(index, key.string());
  } else {
    statement.bind(index, "", 0);  // a BLOB
  }
}

std::int64_t FindWorkspace(Connection& connection, const std::string& name) {
  SQLite::Statement& row = connection.Prepare("SELECT id FROM workspace WHERE name = ?");
  row.bind(1, name);
  const std::int64_t id = row.executeStep() ? row.getColumn(0).getInt64() : 0;
  row.tryReset();
  return id;
}

std::vector<StoredOutput> ReadOutputRows(Connection& connection, std::int64_t workspace) {
  std::vector<StoredOutput> outputs;
  SQLite::Statement& rows = connection.Prepare(
      "SELECT name, value, type, sensitive FROM output WHERE workspace = ? ORDER BY name");
  rows.bind(1, workspace);
  while (rows.executeStep()) {
    outputs.push_back({ColumnCopy(rows.getColumn(0)), ColumnCopy(rows.getColumn(1)),
                       ColumnCopy(rows.getColumn(2)), rows.getColumn(3).getInt() != 0});
  }
  rows.tryReset();
  return outputs;
}

namespace {

// All but the objects. Gives the workspace's row, 0 where nothing was ever written.
std::int64_t ReadFrame(Connection& connection, const std::string& workspace, Snapshot& snapshot) {
  SQLite::Statement& row = connection.Prepare(
      "SELECT id, lineage, serial, terraform_version, checks FROM workspace WHERE name = ?");
  row.bind(1, workspace);
  if (!row.executeStep()) {
    row.tryReset();
    return 0;
  }
  const std::int64_t id = row.getColumn(0).getInt64();
  snapshot.lineage = ColumnCopy(row.getColumn(1));
  snapshot.serial = static_cast<std::uint64_t>(row.getColumn(2).getInt64());
  snapshot.terraform_version = ColumnCopy(row.getColumn(3));
  snapshot.checks.json = ColumnCopy(row.getColumn(4));
  row.tryReset();
  snapshot.outputs = ReadOutputRows(connection, id);
  return id;
}

bool IsWantedWhole(const ResourceAddress& resource, const std::vector<TargetAddress>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&resource](const TargetAddress& target) {
    return !target.key && target.Contains(Address{resource.module, resource.resource, {}});
  });
}

std::vector<InstanceKey> WantedKeys(const ResourceAddress& resource,
                                    const std::vector<TargetAddress>& wanted) {
  std::vector<InstanceKey> keys;
  for (const TargetAddress& target : wanted) {
    if (target.key && target.Contains(Address{resource.module, resource.resource, *target.key}))
      keys.push_back(*target.key);
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

void ReadRows(SQLite::Statement& rows, const ResourceAddress& resource, ObjectColumns& columns,
              std::vector<StoredObject>& objects) {
  while (rows.executeStep()) columns.Decode(rows, 0, resource, objects.emplace_back());
  rows.tryReset();
}

}  // namespace

std::shared_ptr<Snapshot> ReadSnapshot(Connection& connection, const std::string& workspace) {
  auto snapshot = std::make_shared<Snapshot>();
  const std::int64_t id = ReadFrame(connection, workspace, *snapshot);
  if (id != 0) ReadObjects(connection, id, snapshot->objects);
  snapshot->Sort();
  return snapshot;
}

std::shared_ptr<Snapshot> ReadSnapshotPart(Connection& connection, const std::string& workspace,
                                           const std::vector<TargetAddress>& wanted) {
  auto snapshot = std::make_shared<Snapshot>();
  const std::int64_t id = ReadFrame(connection, workspace, *snapshot);
  if (id == 0) return snapshot;
  ObjectColumns columns(connection);
  for (const auto& [resource_id, resource] : ReadResources(connection, id)) {
    if (IsWantedWhole(resource, wanted)) {
      SQLite::Statement& rows = connection.Prepare(
          "SELECT key, deposed, provider, status, schema_version, attributes, sensitive,"
          " dependencies, create_before_destroy, private, identity, identity_schema_version"
          " FROM object WHERE resource = ? ORDER BY key, deposed");
      rows.bind(1, resource_id);
      ReadRows(rows, resource, columns, snapshot->objects);
      continue;
    }
    for (const InstanceKey& key : WantedKeys(resource, wanted)) {
      SQLite::Statement& rows = connection.Prepare(
          "SELECT key, deposed, provider, status, schema_version, attributes, sensitive,"
          " dependencies, create_before_destroy, private, identity, identity_schema_version"
          " FROM object WHERE resource = ? AND key = ? ORDER BY deposed");
      rows.bind(1, resource_id);
      BindKey(rows, 2, key);
      ReadRows(rows, resource, columns, snapshot->objects);
    }
  }
  snapshot->Sort();
  return snapshot;
}

std::vector<Address> ReadAddresses(Connection& connection, std::int64_t workspace) {
  const std::vector<ResourceRow> resources = ReadResources(connection, workspace);
  std::vector<Address> addresses;
  addresses.reserve(CountObjects(connection));
  // Of what an index holds, in its order: no object is read.
  SQLite::Statement& rows = connection.Prepare(
      "SELECT o.resource, o.key FROM resource r CROSS JOIN object o ON o.resource = r.id"
      " WHERE r.workspace = ? ORDER BY r.module, r.type, r.name, r.mode, o.key");
  rows.bind(1, workspace);
  std::size_t at = 0;
  while (rows.executeStep()) {
    const std::int64_t id = rows.getColumn(0).getInt64();
    while (at < resources.size() && resources[at].id != id) ++at;
    if (at == resources.size()) throw BadRow{"order of resources"};
    const ResourceAddress& resource = resources[at].address;
    addresses.push_back({resource.module, resource.resource, KeyOf(rows.getColumn(1))});
  }
  rows.tryReset();
  if (!std::is_sorted(addresses.begin(), addresses.end()))
    std::sort(addresses.begin(), addresses.end());
  addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  return addresses;
}

std::vector<Intent> ReadIntents(Connection& connection, std::int64_t workspace) {
  SQLite::Statement& any = connection.Prepare("SELECT EXISTS (SELECT 1 FROM intent)");
  any.executeStep();
  const bool none = any.getColumn(0).getInt() == 0;
  any.tryReset();
  if (none) return {};  // mostly: the resources need not be read
  std::unordered_map<std::int64_t, ResourceAddress> resources;
  for (ResourceRow& row : ReadResources(connection, workspace)) {
    resources.emplace(row.id, std::move(row.address));
  }
  const auto providers = ReadProviders(connection);
  std::vector<Intent> intents;
  SQLite::Statement& rows = connection.Prepare(
      "SELECT i.id, i.resource, i.key, i.deposed, i.provider, i.action, i.planned, "
      "i.schema_version,"
      " i.started, i.serial, i.object_is_stored"
      " FROM intent i JOIN resource r ON r.id = i.resource WHERE r.workspace = ? ORDER BY i.id");
  rows.bind(1, workspace);
  while (rows.executeStep()) {
    Intent& intent = intents.emplace_back();
    const auto& resource = At(resources, rows.getColumn(1).getInt64(), "resource of an intent");
    intent.id = rows.getColumn(0).getInt64();
    intent.object = {{resource.module, resource.resource, KeyOf(rows.getColumn(2))},
                     ColumnCopy(rows.getColumn(3))};
    intent.provider = At(providers, rows.getColumn(4).getInt64(), "provider of an intent");
    const std::string_view action = ColumnText(rows.getColumn(5));
    intent.action = action == "create"   ? IntentAction::kCreate
                    : action == "update" ? IntentAction::kUpdate
                                         : IntentAction::kDelete;
    intent.planned_json = ColumnCopy(rows.getColumn(6));
    intent.schema_version = rows.getColumn(7).getInt64();
    intent.started_unix_seconds = rows.getColumn(8).getInt64();
    intent.serial = static_cast<std::uint64_t>(rows.getColumn(9).getInt64());
    intent.object_is_stored = rows.getColumn(10).getInt() != 0;
  }
  rows.tryReset();
  return intents;
}

}  // namespace tkn::state
