#include "state/sqlite/object_rows.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include "state/object_json.h"
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
  while (rows.executeStep()) {
    const auto text = rows.getColumn(1);
    if (ColumnText(text) != module_text) {
      module_text = ColumnCopy(text);
      module = ParseModule(module_text);
    }
    const ResourceMode mode =
        ColumnText(rows.getColumn(2)) == "data" ? ResourceMode::kData : ResourceMode::kManaged;
    resources.push_back(
        {rows.getColumn(0).getInt64(),
         ResourceAddress{module,
                         {mode, ColumnCopy(rows.getColumn(3)), ColumnCopy(rows.getColumn(4))}}});
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

void ObjectColumns::Decode(SQLite::Statement& row, int first, const ResourceAddress& resource,
                           StoredObject& object) {
  const auto column = [&row, first](int number) { return row.getColumn(first + number); };
  object.address = {resource.module, resource.resource, KeyOf(column(0))};
  object.deposed_key = ColumnCopy(column(1));
  const auto provider = providers_.find(column(2).getInt64());
  if (provider == providers_.end()) throw BadRow{"provider of an object"};
  object.provider = provider->second;
  object.status =
      ColumnText(column(3)) == "tainted" ? ObjectStatus::kTainted : ObjectStatus::kReady;
  object.schema_version = column(4).getInt64();
  object.attributes_json = ColumnCopy(column(5));
  object.sensitive_paths =
      DecodeOnce(sensitive_, ColumnText(column(6)), SensitivePathsFromJson, "sensitive paths");
  object.dependencies =
      DecodeOnce(dependencies_, ColumnText(column(7)), DependenciesFromJson, "dependencies");
  object.create_before_destroy = column(8).getInt() != 0;
  const auto bytes = column(9);
  if (const auto size = static_cast<std::size_t>(bytes.getBytes())) {
    object.private_bytes.assign(static_cast<const char*>(bytes.getBlob()), size);
  }
  object.identity_json = ColumnCopy(column(10));
  object.identity_schema_version = column(11).getInt64();
}

}  // namespace tkn::state
