#include "state/sqlite/query.h"

#include <catch2/catch.hpp>

#include "state/sqlite/open.h"
#include "state/sqlite/test_directory.h"
#include "state/store_steps.h"
#include "state/store_suite.h"

namespace tkn::state {
namespace {

using namespace suite;

// A state with a secret where the paths say so, where only a schema would, in an output, and in
// what an operation replaced.
void Fill(const std::string& path) {
  Diagnostics diags;
  const auto store = OpenSqlite(path, {}, diags);
  REQUIRE(store);
  StoredObject object = SampleObject("t.a");
  object.attributes_json = R"({"id":"1","label":"ci","token":"hunter2","by_schema":"hunter3"})";
  object.sensitive_paths = {{PathStep::Attribute("token")}};
  object.private_bytes = "hunter4";
  Apply(*store, {.put = {object}});
  object.attributes_json = R"({"id":"2","label":"ci","token":"hunter5","by_schema":"hunter6"})";
  Begin(*store);
  Commit(*store, {.put = {object}});
  Ok([&](Diagnostics& d) {
    return store->CommitOutputs({{"o", "\"hunter7\"", "\"string\"", true}}, {}, d);
  });
  Finish(*store);
}

std::string MaskBySchema(std::string_view, std::string_view, std::string_view,
                         std::string attributes) {
  const auto at = attributes.find("hunter6");
  if (at != std::string::npos) attributes.replace(at, 7, "(sensitive value)");
  return attributes;
}

struct Answer {
  std::optional<QueryResult> result;
  Diagnostics diags;
};

Answer Ask(const std::string& path, const std::string& sql) {
  Answer answer;
  answer.result = QueryDatabase(path, sql, MaskBySchema, answer.diags);
  return answer;
}

TEST_CASE("a query sees the views, with secrets hidden") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  Fill(path);
  const Answer answer =
      Ask(path, "SELECT address, json_extract(attributes, '$.label') AS label FROM resources;");
  INFO(Say(answer.diags));
  REQUIRE(answer.result);
  CHECK(answer.result->columns == std::vector<std::string>{"address", "label"});
  REQUIRE(answer.result->rows.size() == 1);
  CHECK(answer.result->rows[0][0].text == "t.a");
  CHECK(answer.result->rows[0][1].text == "ci");
  for (const char* sql :
       {"SELECT * FROM resources", "SELECT * FROM outputs", "SELECT * FROM workspaces",
        "SELECT * FROM operations", "SELECT * FROM intents", "SELECT * FROM Resources",
        "WITH object AS (SELECT * FROM resources) SELECT * FROM object",
        "SELECT r.*, o.* FROM resources r, outputs o UNION ALL SELECT r.*, o.* FROM resources r,"
        " outputs o",
        "SELECT j.value FROM resources, json_each(attributes) j",
        "SELECT count(*) FROM temp.resources"}) {
    CAPTURE(sql);
    const Answer all = Ask(path, sql);
    INFO(Say(all.diags));
    REQUIRE(all.result);
    for (const auto& row : all.result->rows) {
      for (const QueryCell& cell : row) CHECK(cell.text.find("hunter") == std::string::npos);
    }
  }
}

TEST_CASE("everything that is no SELECT over the views is refused, and changes nothing") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  Fill(path);
  const char* sql = GENERATE(
      "SELECT * FROM object", "SELECT attributes FROM main.object", "SELECT * FROM object_before",
      "SELECT * FROM output_before", "SELECT attributes FROM main.resources",
      "SELECT * FROM main.resources", "SELECT * FROM output", "SELECT * FROM lock_holder",
      "SELECT * FROM sqlite_schema", "SELECT * FROM pragma_database_list",
      "SELECT (SELECT attributes FROM object LIMIT 1) FROM resources",
      "SELECT * FROM resources WHERE EXISTS (SELECT 1 FROM object WHERE attributes LIKE '%h%')",
      "WITH x AS (SELECT private FROM object) SELECT * FROM x",
      "WITH resources AS (SELECT attributes FROM object) SELECT * FROM resources",
      "WITH operations AS (SELECT attributes FROM object_before) SELECT * FROM operations",
      "WITH resources AS (SELECT * FROM main.resources) SELECT * FROM resources",
      "SELECT * FROM (SELECT attributes FROM object) AS resources",
      "SELECT resources.attributes FROM object AS resources", "SELECT * FROM addresses",
      "DELETE FROM resources", "UPDATE object SET attributes = ''",
      "INSERT INTO note VALUES ('a', 'b')", "CREATE TABLE t (a)",
      "CREATE TEMP TABLE t AS SELECT * FROM resources",
      "CREATE TEMP VIEW resources2 AS SELECT * FROM object", "DROP VIEW resources",
      "DROP TABLE object", "PRAGMA user_version", "PRAGMA query_only=OFF",
      "ATTACH 'other.db' AS other", "VACUUM", "VACUUM INTO 'copy.db'", "BEGIN", "COMMIT", "REINDEX",
      "ANALYZE", "EXPLAIN SELECT attributes FROM object", "SELECT 1; DELETE FROM object",
      "SELECT load_extension('x')", "SELECT nonsense FROM resources", "SELEC", "", ";",
      "-- nothing");
  CAPTURE(sql);
  const Answer answer = Ask(path, sql);
  CHECK_FALSE(answer.result);
  REQUIRE(answer.diags.size() == 1);
  CHECK(answer.diags[0].summary == "Invalid query");
  CHECK(answer.diags[0].detail.find("hunter") == std::string::npos);
  Diagnostics diags;
  CHECK(OpenSqlite(path, {.read_only = true}, diags)->Read(diags)->objects.size() == 1);
}

TEST_CASE("a query of nothing says so") {
  const TestDirectory directory;
  const Answer answer = Ask(directory / "tkn.db", "SELECT 1");
  CHECK_FALSE(answer.result);
  REQUIRE(answer.diags.size() == 1);
  CHECK(answer.diags[0].summary == "Failed to load state");
}

}  // namespace
}  // namespace tkn::state
