#include "state/sqlite/row_writer.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <ctime>
#include <set>
#include <stdexcept>

#include "state/lock_info.h"
#include "state/object_json.h"
#include "state/sqlite/connection.h"
#include "state/sqlite/snapshot_reader.h"

namespace tkn::state {
namespace {

const char* ModeText(ResourceMode mode) {
  switch (mode) {
    case ResourceMode::kManaged:
      return "managed";
    case ResourceMode::kData:
      return "data";
    case ResourceMode::kEphemeral:
      break;
  }
  throw std::logic_error("an ephemeral resource is never stored");
}

const char* StatusText(ObjectStatus status) {
  return status == ObjectStatus::kTainted ? "tainted" : "ready";
}

// Texts may hold a NUL byte: bound with their length, and not copied.
void BindText(SQLite::Statement& statement, int index, const std::string& text) {
  statement.bindNoCopy(index, text);
}

void BindBytes(SQLite::Statement& statement, int index, const std::string& bytes) {
  statement.bindNoCopy(index, bytes.empty() ? "" : bytes.data(), static_cast<int>(bytes.size()));
}

std::int64_t Int(std::uint64_t value) { return static_cast<std::int64_t>(value); }

}  // namespace

RowWriter::RowWriter(Connection& connection, const OpenOptions& options, OperationRow& operation)
    : connection_(connection), options_(options), operation_(operation) {}

void RowWriter::Forget() {
  resources_.clear();
  providers_.clear();
}

void RowWriter::EnsureWorkspace() {
  if (operation_.workspace != 0) return;
  operation_.workspace = FindWorkspace(connection_, options_.workspace);
  if (operation_.workspace != 0) return;
  auto& insert = connection_.Prepare("INSERT INTO workspace (name) VALUES (?)");
  BindText(insert, 1, options_.workspace);
  insert.exec();
  operation_.workspace = connection_.LastRowId();
}

std::optional<std::int64_t> RowWriter::FindResourceId(const ResourceAddress& resource) {
  const auto known = resources_.find(resource);
  if (known != resources_.end()) return known->second;
  const std::string module = resource.module.ToString();
  auto& find = connection_.Prepare(
      "SELECT id FROM resource WHERE workspace = ? AND module = ? AND type = ? AND name = ? AND "
      "mode = ?");
  find.bind(1, operation_.workspace);
  BindText(find, 2, module);
  BindText(find, 3, resource.resource.type);
  BindText(find, 4, resource.resource.name);
  find.bind(5, ModeText(resource.resource.mode));
  std::optional<std::int64_t> id;
  if (find.executeStep()) id = find.getColumn(0).getInt64();
  find.tryReset();
  if (id) resources_.emplace(resource, *id);
  return id;
}

std::int64_t RowWriter::ResourceId(const ResourceAddress& resource) {
  if (const auto found = FindResourceId(resource)) return *found;
  const std::string module = resource.module.ToString();
  auto& insert = connection_.Prepare(
      "INSERT INTO resource (workspace, module, type, name, mode) VALUES (?, ?, ?, ?, ?)");
  insert.bind(1, operation_.workspace);
  BindText(insert, 2, module);
  BindText(insert, 3, resource.resource.type);
  BindText(insert, 4, resource.resource.name);
  insert.bind(5, ModeText(resource.resource.mode));
  insert.exec();
  const std::int64_t id = connection_.LastRowId();
  resources_.emplace(resource, id);
  return id;
}

std::int64_t RowWriter::ProviderId(ProviderRef provider) {
  const auto known = providers_.find(&*provider);
  if (known != providers_.end()) return known->second;
  const std::string text = provider->ToString();
  auto& insert = connection_.Prepare("INSERT OR IGNORE INTO provider (address) VALUES (?)");
  BindText(insert, 1, text);
  insert.exec();
  auto& find = connection_.Prepare("SELECT id FROM provider WHERE address = ?");
  BindText(find, 1, text);
  find.executeStep();
  const std::int64_t id = find.getColumn(0).getInt64();
  find.tryReset();
  providers_.emplace(&*provider, id);
  return id;
}

// The first change of an operation takes the next serial.
void RowWriter::Touch() {
  if (operation_.id) return;
  auto& insert = connection_.Prepare(
      "INSERT INTO operation (workspace, serial, command, who, version, started, before_serial,"
      " before_lineage, before_terraform_version, before_checks)"
      " SELECT id, serial + 1, ?, ?, ?, ?, serial, lineage, terraform_version, checks"
      " FROM workspace WHERE id = ?");
  const std::string who = UserAtHost();
  BindText(insert, 1, operation_.command);
  BindText(insert, 2, who);
  BindText(insert, 3, options_.program_version);
  insert.bind(4, operation_.started);
  insert.bind(5, operation_.workspace);
  insert.exec();
  operation_.id = connection_.LastRowId();
  ++operation_.serial;
  const std::string lineage = NewUuid();
  auto& update = connection_.Prepare(
      "UPDATE workspace SET serial = serial + 1, terraform_version = ?,"
      " lineage = CASE lineage WHEN '' THEN ? ELSE lineage END WHERE id = ?");
  BindText(update, 1, options_.terraform_version);
  BindText(update, 2, lineage);
  update.bind(3, operation_.workspace);
  update.exec();
}

void RowWriter::KeepBefore(std::int64_t resource, const ObjectKey& key) {
  auto& keep = connection_.Prepare(
      "INSERT OR IGNORE INTO object_before (operation, resource, key, deposed, provider, status,"
      " schema_version, attributes, sensitive, dependencies, create_before_destroy, private, "
      "identity,"
      " identity_schema_version)"
      " SELECT ?1, ?2, ?3, ?4, o.provider, o.status, o.schema_version, o.attributes, o.sensitive,"
      " o.dependencies, o.create_before_destroy, o.private, o.identity, o.identity_schema_version"
      " FROM (SELECT 1) LEFT JOIN object o ON o.resource = ?2 AND o.key = ?3 AND o.deposed = ?4");
  keep.bind(1, *operation_.id);
  keep.bind(2, resource);
  BindKey(keep, 3, key.address.key);
  BindText(keep, 4, key.deposed_key);
  keep.exec();
}

void RowWriter::BindObject(SQLite::Statement& statement, const StoredObject& object,
                           const Columns& columns) {
  statement.bind(1, columns.resource);
  BindKey(statement, 2, object.address.key);
  BindText(statement, 3, object.deposed_key);
  statement.bind(4, columns.provider);
  statement.bind(5, StatusText(object.status));
  statement.bind(6, object.schema_version);
  BindText(statement, 7, object.attributes_json);
  BindText(statement, 8, columns.sensitive);
  BindText(statement, 9, columns.dependencies);
  statement.bind(10, object.create_before_destroy ? 1 : 0);
  BindBytes(statement, 11, object.private_bytes);
  BindText(statement, 12, object.identity_json);
  statement.bind(13, object.identity_schema_version);
}

bool RowWriter::IsSame(const StoredObject& object, const Columns& columns) {
  auto& same = connection_.Prepare(
      "SELECT 1 FROM object WHERE resource = ? AND key = ? AND deposed = ? AND provider = ? AND "
      "status = ?"
      " AND schema_version = ? AND attributes = ? AND sensitive = ? AND dependencies = ?"
      " AND create_before_destroy = ? AND private = ? AND identity = ? AND identity_schema_version "
      "= ?");
  BindObject(same, object, columns);
  const bool found = same.executeStep();
  same.tryReset();
  return found;
}

void RowWriter::Put(const StoredObject& object) {
  EnsureWorkspace();
  const Columns columns{.resource = ResourceId(object.address.Resource()),
                        .provider = ProviderId(object.provider),
                        .sensitive = SensitivePathsToJson(object.sensitive_paths),
                        .dependencies = DependenciesToJson(object.dependencies)};
  if (IsSame(object, columns)) return;
  Touch();
  KeepBefore(columns.resource, {object.address, object.deposed_key});
  auto& put = connection_.Prepare(
      "INSERT INTO object (resource, key, deposed, provider, status, schema_version, attributes, "
      "sensitive,"
      " dependencies, create_before_destroy, private, identity, identity_schema_version)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      " ON CONFLICT (resource, key, deposed) DO UPDATE SET provider = excluded.provider,"
      " status = excluded.status, schema_version = excluded.schema_version,"
      " attributes = excluded.attributes, sensitive = excluded.sensitive,"
      " dependencies = excluded.dependencies,"
      " create_before_destroy = excluded.create_before_destroy, private = excluded.private,"
      " identity = excluded.identity, identity_schema_version = excluded.identity_schema_version");
  BindObject(put, object, columns);
  put.exec();
}

void RowWriter::Remove(const ObjectKey& key) {
  EnsureWorkspace();
  const auto resource = FindResourceId(key.address.Resource());
  if (!resource) return;
  auto& find =
      connection_.Prepare("SELECT 1 FROM object WHERE resource = ? AND key = ? AND deposed = ?");
  find.bind(1, *resource);
  BindKey(find, 2, key.address.key);
  BindText(find, 3, key.deposed_key);
  const bool exists = find.executeStep();
  find.tryReset();
  if (!exists) return;
  Touch();
  KeepBefore(*resource, key);
  auto& remove =
      connection_.Prepare("DELETE FROM object WHERE resource = ? AND key = ? AND deposed = ?");
  remove.bind(1, *resource);
  BindKey(remove, 2, key.address.key);
  BindText(remove, 3, key.deposed_key);
  remove.exec();
}

void RowWriter::KeepOutputBefore(const std::string& name) {
  auto& keep = connection_.Prepare(
      "INSERT OR IGNORE INTO output_before (operation, name, value, type, sensitive)"
      " SELECT ?1, ?2, o.value, o.type, o.sensitive"
      " FROM (SELECT 1) LEFT JOIN output o ON o.workspace = ?3 AND o.name = ?2");
  keep.bind(1, *operation_.id);
  BindText(keep, 2, name);
  keep.bind(3, operation_.workspace);
  keep.exec();
}

void RowWriter::PutOutput(const StoredOutput& output, const StoredOutput* before) {
  const bool same = before && before->value_json == output.value_json &&
                    before->type_json == output.type_json && before->sensitive == output.sensitive;
  if (same) return;
  Touch();
  KeepOutputBefore(output.name);
  auto& put = connection_.Prepare(
      "INSERT INTO output (workspace, name, value, type, sensitive) VALUES (?, ?, ?, ?, ?)"
      " ON CONFLICT (workspace, name) DO UPDATE SET value = excluded.value, type = excluded.type,"
      " sensitive = excluded.sensitive");
  put.bind(1, operation_.workspace);
  BindText(put, 2, output.name);
  BindText(put, 3, output.value_json);
  BindText(put, 4, output.type_json);
  put.bind(5, output.sensitive ? 1 : 0);
  put.exec();
}

void RowWriter::PutOutputs(const std::vector<StoredOutput>& outputs, const StoredChecks& checks) {
  EnsureWorkspace();
  const std::vector<StoredOutput> before = ReadOutputRows(connection_, operation_.workspace);
  const auto find = [](const std::vector<StoredOutput>& list, const std::string& name) {
    const auto found = std::find_if(list.begin(), list.end(),
                                    [&name](const StoredOutput& o) { return o.name == name; });
    return found == list.end() ? nullptr : &*found;
  };
  for (const StoredOutput& output : outputs) PutOutput(output, find(before, output.name));
  for (const StoredOutput& output : before) {
    if (find(outputs, output.name)) continue;
    Touch();
    KeepOutputBefore(output.name);
    auto& remove = connection_.Prepare("DELETE FROM output WHERE workspace = ? AND name = ?");
    remove.bind(1, operation_.workspace);
    BindText(remove, 2, output.name);
    remove.exec();
  }
  auto& old_checks = connection_.Prepare("SELECT 1 FROM workspace WHERE id = ? AND checks = ?");
  old_checks.bind(1, operation_.workspace);
  BindText(old_checks, 2, checks.json);
  const bool same = old_checks.executeStep();
  old_checks.tryReset();
  if (same) return;
  Touch();
  auto& update = connection_.Prepare("UPDATE workspace SET checks = ? WHERE id = ?");
  BindText(update, 1, checks.json);
  update.bind(2, operation_.workspace);
  update.exec();
}

void RowWriter::Replace(const Snapshot& snapshot) {
  EnsureWorkspace();
  const auto present = ReadSnapshot(connection_, options_.workspace);
  for (const StoredObject& object : present->objects) {
    if (!snapshot.Find(object.address, object.deposed_key)) {
      Remove({object.address, object.deposed_key});
    }
  }
  for (const StoredObject& object : snapshot.objects) Put(object);
  PutOutputs(snapshot.outputs, snapshot.checks);
  const bool new_lineage = !snapshot.lineage.empty() && snapshot.lineage != present->lineage;
  if (!new_lineage && !operation_.id && snapshot.serial <= present->serial) return;
  Touch();
  operation_.serial = std::max(operation_.serial, snapshot.serial);
  auto& update = connection_.Prepare(
      "UPDATE workspace SET serial = ?, lineage = CASE ?2 WHEN '' THEN lineage ELSE ?2 END WHERE "
      "id = ?3");
  update.bind(1, Int(operation_.serial));
  BindText(update, 2, snapshot.lineage);
  update.bind(3, operation_.workspace);
  update.exec();
  auto& renumber = connection_.Prepare("UPDATE operation SET serial = ? WHERE id = ?");
  renumber.bind(1, Int(operation_.serial));
  renumber.bind(2, *operation_.id);
  renumber.exec();
}

void RowWriter::Finish() {
  if (!operation_.id) return;
  auto& finish = connection_.Prepare("UPDATE operation SET finished = ? WHERE id = ?");
  finish.bind(1, static_cast<std::int64_t>(std::time(nullptr)));
  finish.bind(2, *operation_.id);
  finish.exec();
  // 0: all of it is kept.
  if (options_.history_depth > 0) Prune(operation_.workspace, options_.history_depth);
}

// Resources that only the pruned operations named go too; looked for among those alone, not in the
// whole state.
std::int64_t RowWriter::Prune(std::int64_t workspace, std::int64_t keep) {
  auto& oldest = connection_.Prepare(
      "SELECT id, serial FROM operation WHERE workspace = ? ORDER BY serial DESC LIMIT 1 OFFSET ?");
  oldest.bind(1, workspace);
  oldest.bind(2, keep);
  const bool too_many = oldest.executeStep();
  const std::int64_t last_pruned = too_many ? oldest.getColumn(1).getInt64() : 0;
  oldest.tryReset();
  if (!too_many) return 0;
  std::set<std::int64_t> touched;
  auto& resources = connection_.Prepare(
      "SELECT b.resource FROM operation o JOIN object_before b ON b.operation = o.id"
      " WHERE o.workspace = ? AND o.serial <= ?");
  resources.bind(1, workspace);
  resources.bind(2, last_pruned);
  while (resources.executeStep()) touched.insert(resources.getColumn(0).getInt64());
  resources.tryReset();
  auto& prune = connection_.Prepare("DELETE FROM operation WHERE workspace = ? AND serial <= ?");
  prune.bind(1, workspace);
  prune.bind(2, last_pruned);
  const std::int64_t pruned = prune.exec();
  for (const std::int64_t resource : touched) {
    auto& drop = connection_.Prepare(
        "DELETE FROM resource WHERE id = ?1"
        " AND NOT EXISTS (SELECT 1 FROM object WHERE resource = ?1)"
        " AND NOT EXISTS (SELECT 1 FROM intent WHERE resource = ?1)"
        " AND NOT EXISTS (SELECT 1 FROM object_before WHERE resource = ?1)");
    drop.bind(1, resource);
    drop.exec();
  }
  Forget();
  return pruned;
}

std::int64_t RowWriter::AddIntent(const Intent& intent) {
  EnsureWorkspace();
  const std::int64_t resource = ResourceId(intent.object.address.Resource());
  auto& open =
      connection_.Prepare("SELECT id FROM intent WHERE resource = ? AND key = ? AND deposed = ?");
  open.bind(1, resource);
  BindKey(open, 2, intent.object.address.key);
  BindText(open, 3, intent.object.deposed_key);
  const bool twice = open.executeStep();
  open.tryReset();
  if (twice) {
    throw std::logic_error("a second intent for " + intent.object.address.ToString());
  }
  auto& insert = connection_.Prepare(
      "INSERT INTO intent (resource, key, deposed, provider, action, planned, schema_version, "
      "started,"
      " serial, object_is_stored) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind(1, resource);
  BindKey(insert, 2, intent.object.address.key);
  BindText(insert, 3, intent.object.deposed_key);
  insert.bind(4, ProviderId(intent.provider));
  insert.bind(5, ToText(intent.action));
  BindText(insert, 6, intent.planned_json);
  insert.bind(7, intent.schema_version);
  insert.bind(8, intent.started_unix_seconds);
  insert.bind(9, Int(intent.serial));
  insert.bind(10, intent.object_is_stored ? 1 : 0);
  insert.exec();
  return connection_.LastRowId();
}

void RowWriter::EndIntent(std::int64_t id) {
  auto& end = connection_.Prepare("DELETE FROM intent WHERE id = ?");
  end.bind(1, id);
  end.exec();
}

void RowWriter::MarkStored(const ObjectKey& key) {
  const auto resource = FindResourceId(key.address.Resource());
  if (!resource) return;
  auto& mark = connection_.Prepare(
      "UPDATE intent SET object_is_stored = 1 WHERE resource = ? AND key = ? AND deposed = ?");
  mark.bind(1, *resource);
  BindKey(mark, 2, key.address.key);
  BindText(mark, 3, key.deposed_key);
  mark.exec();
}

}  // namespace tkn::state
