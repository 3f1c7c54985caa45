#include "state/sqlite/query.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <memory>

#include "state/sqlite/connection.h"

namespace tkn::state {
namespace {

struct View {
  std::string_view name;
  const char* copy;
};

// The views are copied before the statement is compiled, and it sees the copies alone. To let it
// read the views themselves would mean to let it read the tables below them, and SQLite's
// authorizer tells on whose behalf a table is read only by a name, which a query can give to a part
// of itself.
constexpr std::array<View, 5> kViews = {{
    // The schemas of providers know of secrets that the recorded paths don't, in states that
    // another
    // program wrote.
    {"resources",
     "CREATE TEMP TABLE resources AS SELECT workspace, address, module, mode, type, name, key,"
     " deposed, provider, status, schema_version,"
     " tkn_masked(provider, mode, type, attributes) AS attributes, dependencies"
     " FROM main.resources"},
    {"outputs", "CREATE TEMP TABLE outputs AS SELECT * FROM main.outputs"},
    {"workspaces", "CREATE TEMP TABLE workspaces AS SELECT * FROM main.workspaces"},
    {"operations", "CREATE TEMP TABLE operations AS SELECT * FROM main.operations"},
    {"intents", "CREATE TEMP TABLE intents AS SELECT * FROM main.intents"},
}};

bool IsView(std::string_view name) {
  return std::ranges::find(kViews, name, &View::name) != kViews.end();
}

// Views cost what they hold: those that the query can't mean are not copied.
bool Mentions(std::string_view sql, std::string_view name) {
  const auto same = [](char a, char b) { return (a | 0x20) == b; };
  return std::search(sql.begin(), sql.end(), name.begin(), name.end(), same) != sql.end();
}

std::string_view Or(const char* text) { return text != nullptr ? text : ""; }

// SQLite asks about each part of a statement while it compiles it.
int Authorize(void*, int action, const char* first, const char* second, const char* database,
              const char*) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_FUNCTION:
      return Or(second) == "load_extension" ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_READ: {
      const std::string_view table = Or(first);
      // No column is read, as for count(*): the rows are counted, and what is in them stays there.
      if (Or(second).empty()) return SQLITE_OK;
      if (table == "json_each" || table == "json_tree") return SQLITE_OK;
      return IsView(table) && Or(database) == "temp" ? SQLITE_OK : SQLITE_DENY;
    }
    default:
      return SQLITE_DENY;
  }
}

std::string_view ArgumentText(sqlite3_value* value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

void Masked(sqlite3_context* context, int, sqlite3_value** arguments) {
  const auto& mask = *static_cast<const AttributeMask*>(sqlite3_user_data(context));
  try {
    const std::string text =
        mask(ArgumentText(arguments[0]), ArgumentText(arguments[1]), ArgumentText(arguments[2]),
             std::string(ArgumentText(arguments[3])));
    sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  } catch (const std::exception& error) {
    sqlite3_result_error(context, error.what(), -1);
  }
}

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

std::nullopt_t Refuse(const std::string& why, Diagnostics& diags) {
  diags.Add({.summary = "Invalid query",
             .detail = why + " A query is one SELECT over the views resources, outputs, "
                             "workspaces, operations and intents."});
  return std::nullopt;
}

QueryCell CellAt(sqlite3_stmt* statement, int column) {
  const int type = sqlite3_column_type(statement, column);
  if (type == SQLITE_NULL) return {};
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
  const bool number = type == SQLITE_INTEGER || type == SQLITE_FLOAT;
  return {number ? QueryCell::Kind::kNumber : QueryCell::Kind::kText,
          text != nullptr ? std::string(text, size) : std::string()};
}

}  // namespace

std::optional<QueryResult> QueryDatabase(const std::string& path, const std::string& sql,
                                         const AttributeMask& mask, Diagnostics& diags) {
  Diagnostics more;
  const auto connection = Connection::Open(path, {.read_only = true}, more);
  if (!connection) {
    if (!more.HasErrors()) {
      more.Add({.summary = "Failed to load state",
                .detail = "There is no state at \"" + path + "\" yet."});
    }
    diags.Append(std::move(more));
    return std::nullopt;
  }
  sqlite3* database = connection->database().getHandle();
  try {
    connection->database().exec("PRAGMA query_only=OFF");  // for the copies, which are temporary
    // Views may use JSON functions; the authorizer is what holds a file's own views back.
    connection->database().exec("PRAGMA trusted_schema=ON");
    if (sqlite3_create_function_v2(
            database, "tkn_masked", 4, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
            const_cast<AttributeMask*>(&mask), Masked, nullptr, nullptr, nullptr) != SQLITE_OK) {
      throw SQLite::Exception(database);
    }
    connection->database().exec("BEGIN");
    for (const View& view : kViews) {
      if (Mentions(sql, view.name)) connection->database().exec(view.copy);
    }
    connection->database().exec("COMMIT");
    connection->database().exec("PRAGMA query_only=ON");
  } catch (const SQLite::Exception& error) {
    diags.Add(DatabaseFailed(error, SystemErrno(connection->database()), path, Doing::kReading));
    return std::nullopt;
  }
  sqlite3_set_authorizer(database, Authorize, nullptr);
  sqlite3_stmt* compiled = nullptr;
  const char* rest = nullptr;
  const int code =
      sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &compiled, &rest);
  const Statement statement(compiled);
  if (code != SQLITE_OK) {
    // SQLite's words name what was asked for and never a value that is stored.
    return Refuse(std::string(sqlite3_errmsg(database)) + ".", diags);
  }
  if (!statement) return Refuse("The query is empty.", diags);
  const std::string_view behind = rest;
  if (behind.find_first_not_of(" \t\r\n;") != std::string_view::npos)
    return Refuse("There is more than one statement.", diags);
  if (sqlite3_stmt_readonly(compiled) == 0) return Refuse("It would change something.", diags);

  QueryResult result;
  const int columns = sqlite3_column_count(compiled);
  for (int i = 0; i < columns; ++i)
    result.columns.emplace_back(Or(sqlite3_column_name(compiled, i)));
  int step = SQLITE_ROW;
  while ((step = sqlite3_step(compiled)) == SQLITE_ROW) {
    auto& row = result.rows.emplace_back();
    for (int i = 0; i < columns; ++i) row.push_back(CellAt(compiled, i));
  }
  if (step == SQLITE_DONE) return result;
  diags.Add({.summary = "Query failed", .detail = std::string(sqlite3_errmsg(database)) + "."});
  return std::nullopt;
}

}  // namespace tkn::state
