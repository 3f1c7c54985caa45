#include "state/sqlite/snapshot_reader.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "state/object_json.h"
#include "state/sqlite/connection.h"

namespace tkn::state {
namespace {

std::string_view Text(const SQLite::Column& column) {
  const char* text = column.getText("");
  return {text, static_cast<std::size_t>(column.getBytes())};
}

std::string Copy(const SQLite::Column& column) { return std::string(Text(column)); }

InstanceKey KeyOf(const SQLite::Column& column) {
  if (column.isInteger()) return InstanceKey(column.getInt64());
  if (column.isText()) return InstanceKey(Copy(column));
  return {};
}

ModuleAddress ParseModule(const std::string& text) {
  if (text.empty()) return {};
  Diagnostics diags;
  auto parsed = TargetAddress::Parse(text, diags);
  if (!parsed || parsed->resource) throw BadRow{"module \"" + text + "\""};
  return std::move(parsed->module);
}

// Decodes a column's text, and not again while the rows that follow hold the same.
template <class T>
class Decoded {
 public:
  using Decode = std::optional<T> (*)(std::string_view);
  Decoded(Decode decode, const char* what) : decode_(decode), what_(what) {}
  const T& Get(std::string_view text) {
    if (known_ && text == text_) return value_;
    auto value = decode_(text);
    if (!value) throw BadRow{what_};
    value_ = *std::move(value);
    text_ = text;
    known_ = true;
    return value_;
  }

 private:
  Decode decode_;
  const char* what_;
  bool known_ = false;
  std::string text_;
  T value_;
};

struct ResourceRow {
  std::int64_t id = 0;
  ResourceAddress address;
};

// Of one workspace, in the order of the index on them.
std::vector<ResourceRow> ReadResources(Connection& connection, std::int64_t workspace) {
  std::vector<ResourceRow> resources;
  SQLite::Statement& rows = connection.Prepare(
      "SELECT id, module, mode, type, name FROM resource WHERE workspace = ?"
      " ORDER BY module, type, name, mode");
  rows.bind(1, workspace);
  std::string module_text;
  ModuleAddress module;
  while (rows.executeStep()) {
    const auto text = rows.getColumn(1);
    if (Text(text) != module_text) {
      module_text = Copy(text);
      module = ParseModule(module_text);
    }
    const ResourceMode mode =
        Text(rows.getColumn(2)) == "data" ? ResourceMode::kData : ResourceMode::kManaged;
    resources.push_back(
        {rows.getColumn(0).getInt64(),
         ResourceAddress{module, {mode, Copy(rows.getColumn(3)), Copy(rows.getColumn(4))}}});
  }
  rows.tryReset();
  return resources;
}

std::unordered_map<std::int64_t, ProviderConfigAddress> ReadProviders(Connection& connection) {
  std::unordered_map<std::int64_t, ProviderConfigAddress> providers;
  SQLite::Statement& rows = connection.Prepare("SELECT id, address FROM provider");
  while (rows.executeStep()) {
    const std::string_view text = Text(rows.getColumn(1));
    auto parsed = ProviderConfigAddress::Parse(text);
    if (!parsed) throw BadRow{"provider \"" + std::string(text) + "\""};
    providers.emplace(rows.getColumn(0).getInt64(), *std::move(parsed));
  }
  rows.tryReset();
  return providers;
}

template <class Map>
const typename Map::mapped_type& At(const Map& map, std::int64_t id, const char* what) {
  const auto found = map.find(id);
  if (found == map.end()) throw BadRow{what};
  return found->second;
}

void ReadObjects(Connection& connection, std::int64_t workspace,
                 std::vector<StoredObject>& objects) {
  const std::vector<ResourceRow> resources = ReadResources(connection, workspace);
  const auto providers = ReadProviders(connection);
  objects.reserve(resources.size());
  Decoded<std::vector<Path>> sensitive(SensitivePathsFromJson, "sensitive paths");
  Decoded<std::vector<ConfigResource>> dependencies(DependenciesFromJson, "dependencies");

  // In the order of the indexes, so that resources are met as they were read, and objects nearly in
  // Snapshot's order.
  SQLite::Statement& rows = connection.Prepare(
      "SELECT o.resource, o.key, o.deposed, o.provider, o.status, o.schema_version, o.attributes,"
      " o.sensitive, o.dependencies, o.create_before_destroy, o.private, o.identity,"
      " o.identity_schema_version"
      " FROM resource r CROSS JOIN object o ON o.resource = r.id WHERE r.workspace = ?"
      " ORDER BY r.module, r.type, r.name, r.mode, o.key, o.deposed");
  rows.bind(1, workspace);
  std::size_t at = 0;
  while (rows.executeStep()) {
    StoredObject& object = objects.emplace_back();
    const std::int64_t id = rows.getColumn(0).getInt64();
    while (at < resources.size() && resources[at].id != id) ++at;
    if (at == resources.size()) throw BadRow{"order of resources"};
    const ResourceAddress& resource = resources[at].address;
    object.address = {resource.module, resource.resource, KeyOf(rows.getColumn(1))};
    object.deposed_key = Copy(rows.getColumn(2));
    object.provider = At(providers, rows.getColumn(3).getInt64(), "provider of an object");
    object.status =
        Text(rows.getColumn(4)) == "tainted" ? ObjectStatus::kTainted : ObjectStatus::kReady;
    object.schema_version = rows.getColumn(5).getInt64();
    object.attributes_json = Copy(rows.getColumn(6));
    object.sensitive_paths = sensitive.Get(Text(rows.getColumn(7)));
    object.dependencies = dependencies.Get(Text(rows.getColumn(8)));
    object.create_before_destroy = rows.getColumn(9).getInt() != 0;
    const auto bytes = rows.getColumn(10);
    if (const auto size = static_cast<std::size_t>(bytes.getBytes())) {
      object.private_bytes.assign(static_cast<const char*>(bytes.getBlob()), size);
    }
    object.identity_json = Copy(rows.getColumn(11));
    object.identity_schema_version = rows.getColumn(12).getInt64();
  }
  rows.tryReset();
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
    outputs.push_back({Copy(rows.getColumn(0)), Copy(rows.getColumn(1)), Copy(rows.getColumn(2)),
                       rows.getColumn(3).getInt() != 0});
  }
  rows.tryReset();
  return outputs;
}

std::shared_ptr<Snapshot> ReadSnapshot(Connection& connection, const std::string& workspace) {
  auto snapshot = std::make_shared<Snapshot>();
  SQLite::Statement& row = connection.Prepare(
      "SELECT id, lineage, serial, terraform_version, checks FROM workspace WHERE name = ?");
  row.bind(1, workspace);
  if (!row.executeStep()) {
    row.tryReset();
    return snapshot;
  }
  const std::int64_t id = row.getColumn(0).getInt64();
  snapshot->lineage = Copy(row.getColumn(1));
  snapshot->serial = static_cast<std::uint64_t>(row.getColumn(2).getInt64());
  snapshot->terraform_version = Copy(row.getColumn(3));
  snapshot->checks.json = Copy(row.getColumn(4));
  row.tryReset();
  ReadObjects(connection, id, snapshot->objects);
  snapshot->outputs = ReadOutputRows(connection, id);
  snapshot->Sort();
  return snapshot;
}

std::vector<Intent> ReadIntents(Connection& connection, std::int64_t workspace) {
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
                     Copy(rows.getColumn(3))};
    intent.provider = At(providers, rows.getColumn(4).getInt64(), "provider of an intent");
    const std::string_view action = Text(rows.getColumn(5));
    intent.action = action == "create"   ? IntentAction::kCreate
                    : action == "update" ? IntentAction::kUpdate
                                         : IntentAction::kDelete;
    intent.planned_json = Copy(rows.getColumn(6));
    intent.schema_version = rows.getColumn(7).getInt64();
    intent.started_unix_seconds = rows.getColumn(8).getInt64();
    intent.serial = static_cast<std::uint64_t>(rows.getColumn(9).getInt64());
    intent.object_is_stored = rows.getColumn(10).getInt() != 0;
  }
  rows.tryReset();
  return intents;
}

}  // namespace tkn::state
