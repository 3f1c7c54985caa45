#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "state/object_json.h"
#include "state/sqlite/connection.h"
#include "state/store.h"

// How columns become parts of a Snapshot; all throw SQLite::Exception and BadRow.
namespace tkn::state {

std::string_view ColumnText(const SQLite::Column& column);
std::string ColumnCopy(const SQLite::Column& column);
InstanceKey KeyOf(const SQLite::Column& column);

struct ResourceRow {
  std::int64_t id = 0;
  ResourceAddress address;
};

// Of one workspace, in the order of the index on them.
std::vector<ResourceRow> ReadResources(Connection& connection, std::int64_t workspace);

using ProviderRows = std::unordered_map<std::int64_t, ProviderRef>;
ProviderRows ReadProviders(Connection& connection);

// Decodes the columns of objects, of `object` and `object_before` alike. A column's text is not
// decoded again while the rows that follow hold the same.
class ObjectColumns {
 public:
  explicit ObjectColumns(Connection& connection) : providers_(ReadProviders(connection)) {}
  // `first` is the number of the first of these columns: key, deposed, provider, status,
  // schema_version, attributes, sensitive, dependencies, create_before_destroy, private, identity,
  // identity_schema_version.
  void Decode(SQLite::Statement& row, int first, const ResourceAddress& resource,
              StoredObject& object);

 private:
  // Those of `row`, made once for all of its rows.
  const std::vector<SQLite::Column>& ColumnsOf(SQLite::Statement& row, int first);

  template <class T>
  struct Last {
    bool known = false;
    std::string text;
    T value;
  };
  ProviderRows providers_;
  const SQLite::Statement* columns_of_ = nullptr;
  std::vector<SQLite::Column> columns_;
  Last<std::vector<Path>> sensitive_;
  DependencyReader dependency_reader_;
  Last<std::vector<ConfigResourceRef>> dependencies_;
};

}  // namespace tkn::state
