#include "state/sqlite/object_rows.h"

#include "state/sqlite/snapshot_reader.h"

namespace tkn::state {
namespace {

ModuleAddress ParseModule(const std::string& text) {
  if (text.empty()) return {};
  Diagnostics diags;
  auto parsed = TargetAddress::Parse(text, diags);
  if (!parsed || parsed->resource) throw BadRow{"module \"" + text + "\""};
  return std::move(parsed->module);
}

template <class Last, class Decode>
const auto& DecodeOnce(Last& last, std::string_view text, Decode decode, const char* what) {
  if (last.known && text == last.text) return last.value;
  auto value = decode(text);
  if (!value) throw BadRow{what};
  last.value = *std::move(value);
  last.text = text;
  last.known = true;
  return last.value;
}

}  // namespace

std::string_view ColumnText(const SQLite::Column& column) {
  const char* text = column.getText("");
  return {text, static_cast<std::size_t>(column.getBytes())};
}

std::string ColumnCopy(const SQLite::Column& column) { return std::string(ColumnText(column)); }

InstanceKey KeyOf(const SQLite::Column& column) {
  if (column.isInteger()) return InstanceKey(column.getInt64());
  if (column.isText()) return InstanceKey(ColumnCopy(column));
  return {};
}

std::vector<ResourceRow> ReadResources(Connection& connection, std::int64_t workspace) {
  std::vector<ResourceRow> resources;
  SQLite::Statement& rows = connection.Prepare(
      "SELECT id, module, mode, type, name FROM resource WHERE workspace = ?"
      " ORDER BY module, type, name, mode");
  rows.bind(1, workspace);
  std::string module_text;
  ModuleAddress module;
  std::vector<SQLite::Column> columns;  // made once for all rows
  while (rows.executeStep()) {
    for (int i = static_cast<int>(columns.size()); i < 5; ++i) columns.push_back(rows.getColumn(i));
    if (const std::string_view text = ColumnText(columns[1]); text != module_text) {
      module_text = text;
      module = ParseModule(module_text);
    }
    ResourceRow& resource = resources.emplace_back();
    resource.id = columns[0].getInt64();
    resource.address.module = module;
    ResourceName& name = resource.address.resource;
    name.mode = ColumnText(columns[2]) == "data" ? ResourceMode::kData : ResourceMode::kManaged;
    name.type = ColumnText(columns[3]);
    name.name = ColumnText(columns[4]);
  }
  rows.tryReset();
  return resources;
}

ProviderRows ReadProviders(Connection& connection) {
  ProviderRows providers;
  SQLite::Statement& rows = connection.Prepare("SELECT id, address FROM provider");
  while (rows.executeStep()) {
    const std::string_view text = ColumnText(rows.getColumn(1));
    auto parsed = ProviderConfigAddress::Parse(text);
    if (!parsed) throw BadRow{"provider \"" + std::string(text) + "\""};
    providers.emplace(rows.getColumn(0).getInt64(), *std::move(parsed));
  }
  rows.tryReset();
  return providers;
}

const std::vector<SQLite::Column>& ObjectColumns::ColumnsOf(SQLite::Statement& row, int first) {
  constexpr int kColumns = 12;
  if (columns_of_ != &row) {
    columns_.clear();
    for (int i = 0; i < kColumns; ++i) columns_.push_back(row.getColumn(first + i));
    columns_of_ = &row;
  }
  return columns_;
}

void ObjectColumns::Decode(SQLite::Statement& row, int first, const ResourceAddress& resource,
                           StoredObject& object) {
  const std::vector<SQLite::Column>& columns = ColumnsOf(row, first);
  object.address.module = resource.module;
  object.address.resource = resource.resource;
  object.address.key = KeyOf(columns[0]);
  object.deposed_key = ColumnText(columns[1]);
  const auto provider = providers_.find(columns[2].getInt64());
  if (provider == providers_.end()) throw BadRow{"provider of an object"};
  object.provider = provider->second;
  object.status =
      ColumnText(columns[3]) == "tainted" ? ObjectStatus::kTainted : ObjectStatus::kReady;
  object.schema_version = columns[4].getInt64();
  object.attributes_json = ColumnText(columns[5]);
  object.sensitive_paths =
      DecodeOnce(sensitive_, ColumnText(columns[6]), SensitivePathsFromJson, "sensitive paths");
  object.dependencies = DecodeOnce(
      dependencies_, ColumnText(columns[7]),
      [this](std::string_view text) { return dependency_reader_.FromJson(text); }, "dependencies");
  object.create_before_destroy = columns[8].getInt() != 0;
  if (const auto size = static_cast<std::size_t>(columns[9].getBytes())) {
    object.private_bytes.assign(static_cast<const char*>(columns[9].getBlob()), size);
  }
  object.identity_json = ColumnText(columns[10]);
  object.identity_schema_version = columns[11].getInt64();
}

}  // namespace tkn::state
