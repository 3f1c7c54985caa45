#include <SQLiteCpp/SQLiteCpp.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>

#include "state/sqlite/connection.h"
#include "state/sqlite/open.h"
#include "state/sqlite/test_directory.h"
#include "state/store_suite.h"

namespace tkn::state {
namespace {

namespace fs = std::filesystem;

// One file of each earlier and of the present version, all with this content. TKN_ACCEPT=1 makes a
// missing one; they are never made anew.
void FillFixture(const std::string& path) {
  Diagnostics diags;
  const auto store = OpenSqlite(path, {}, diags);
  REQUIRE(store);
  REQUIRE(store->BeginOperation({.command = "apply"}, diags));
  StoredObject deposed = SampleObject("t.a[0]", 2);
  deposed.deposed_key = "0a1b2c3d";
  deposed.status = ObjectStatus::kTainted;
  REQUIRE(store->Commit(
      {.put = {SampleObject("t.a[0]"), deposed, SampleObject("module.m[\"k\"].data.t.b")}}, diags));
  REQUIRE(store->CommitOutputs({{"o", "\"s\"", "\"string\"", true}}, {"[]"}, diags));
  Intent intent{.object = {SampleObject("t.open").address, ""},
                .provider = deposed.provider,
                .planned_json = "{}"};
  REQUIRE(store->RecordIntent(intent, diags));
  REQUIRE(store->FinishOperation(diags));
  const auto dev = OpenSqlite(path, {.workspace = "dev"}, diags);
  REQUIRE(dev->BeginOperation({.command = "apply"}, diags));
  REQUIRE(dev->Commit({.put = {SampleObject("t.dev")}}, diags));
  REQUIRE(dev->FinishOperation(diags));
}

std::string FixtureOf(std::size_t version) {
  return "fixtures/version-" + std::to_string(version) + ".db";
}

void CheckFixture(const std::string& path, const OpenOptions& options) {
  Diagnostics diags;
  const auto store = OpenSqlite(path, options, diags);
  INFO((diags.empty() ? "" : diags[0].detail));
  REQUIRE(store);
  const auto snapshot = store->Read(diags);
  REQUIRE(snapshot);
  CHECK(snapshot->serial == 1);
  CHECK(snapshot->lineage.size() == 36);
  REQUIRE(snapshot->objects.size() == 3);
  CHECK(Difference(snapshot->objects[0], SampleObject("t.a[0]")) == "");
  CHECK(snapshot->objects[1].status == ObjectStatus::kTainted);
  CHECK(Difference(snapshot->objects[2], SampleObject("module.m[\"k\"].data.t.b")) == "");
  REQUIRE(snapshot->outputs.size() == 1);
  CHECK(snapshot->outputs[0].sensitive);
  CHECK(snapshot->checks.json == "[]");
  CHECK(store->OpenIntents(diags).size() == 1);
  CHECK(store->Workspaces() == std::vector<std::string>{"default", "dev"});
}

TEST_CASE("a state of every version is read, and written on") {
  for (std::size_t version = 1; version <= Migrations().size(); ++version) {
    CAPTURE(version);
    if (!fs::exists(FixtureOf(version)) && std::getenv("TKN_ACCEPT") &&
        version == Migrations().size()) {
      fs::create_directories("fixtures");
      FillFixture(FixtureOf(version));
    }
    const TestDirectory directory;
    const std::string path = directory / "tkn.db";
    fs::copy_file(FixtureOf(version), path);
    fs::permissions(path, fs::perms(0600));
    CheckFixture(path, {.read_only = true});
    CheckFixture(path, {});
    Diagnostics diags;
    const auto store = OpenSqlite(path, {}, diags);
    REQUIRE(store->BeginOperation({.command = "apply"}, diags));
    REQUIRE(store->Commit({.put = {SampleObject("t.new")}}, diags));
    REQUIRE(store->FinishOperation(diags));
    CHECK(store->Read(diags)->serial == 2);
    SQLite::Database database(path, SQLite::OPEN_READWRITE);
    CHECK(database.execAndGet("PRAGMA integrity_check").getString() == "ok");
    CHECK(database.execAndGet("PRAGMA user_version").getInt() ==
          static_cast<int>(Migrations().size()));
  }
}

std::string SchemaOf(SQLite::Database& database) {
  SQLite::Statement rows(database, "SELECT name, sql FROM sqlite_schema ORDER BY name");
  std::string text;
  while (rows.executeStep())
    text += rows.getColumn(0).getString() + ": " + rows.getColumn(1).getText("") + "\n";
  return text;
}

// With a migration that does not exist yet, so that the road is known to be open.
TEST_CASE(
    "an older file is brought up to date, in one transaction per version, and only when it may be "
    "written") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  Diagnostics diags;
  FillFixture(path);
  std::vector<std::string_view> next(Migrations().begin(), Migrations().end());
  const auto version = static_cast<int>(next.size());
  SECTION("written") {
    next.emplace_back("CREATE TABLE later (a TEXT) STRICT; INSERT INTO later VALUES ('x')");
    const auto connection = Connection::Open(path, {.migrations = next}, diags);
    REQUIRE(connection);
    CHECK(connection->database().execAndGet("PRAGMA user_version").getInt() == version + 1);
    const auto fresh =
        Connection::Open(directory / "new.db", {.create = true, .migrations = next}, diags);
    REQUIRE(fresh);
    CHECK(SchemaOf(connection->database()) == SchemaOf(fresh->database()));
    // A second opening does nothing more.
    const auto again = Connection::Open(path, {.migrations = next}, diags);
    CHECK(again->database().execAndGet("SELECT count(*) FROM later").getInt() == 1);
    // And a program of the older version leaves it alone.
    CHECK_FALSE(OpenSqlite(path, {}, diags));
  }
  SECTION("only read") {
    next.emplace_back("CREATE TABLE later (a TEXT) STRICT");
    const auto connection = Connection::Open(path, {.read_only = true, .migrations = next}, diags);
    REQUIRE(connection);
    CHECK(connection->database().execAndGet("SELECT count(*) FROM object").getInt() == 4);
    CHECK(connection->database().execAndGet("SELECT count(*) FROM later").getInt() == 0);
    CHECK(OpenSqlite(path, {}, diags));
  }
  SECTION("failing") {
    next.emplace_back("CREATE TABLE later (a TEXT) STRICT; CREATE TABLE object (a)");
    CHECK_FALSE(Connection::Open(path, {.migrations = next}, diags));
    REQUIRE(diags.size() == 1);
    const auto old = Connection::Open(path, {}, diags);
    REQUIRE(old);
    CHECK(old->database().execAndGet("PRAGMA user_version").getInt() == version);
    CHECK(old->database()
              .execAndGet("SELECT count(*) FROM sqlite_schema WHERE name = 'later'")
              .getInt() == 0);
  }
}

}  // namespace
}  // namespace tkn::state
