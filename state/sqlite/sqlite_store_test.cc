#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "state/lock_info.h"
#include "state/object_json.h"
#include "state/sqlite/connection.h"
#include "state/sqlite/open.h"
#include "state/sqlite/test_directory.h"
#include "state/store_suite.h"

namespace tkn::state {
namespace {

namespace fs = std::filesystem;

class SqlitePlace : public StorePlace {
 public:
  std::unique_ptr<StateStore> Open(const OpenOptions& options, Diagnostics& diags) override {
    return OpenSqlite(directory_ / "tkn.db", options, diags);
  }

 private:
  TestDirectory directory_;
};

TEST_CASE("the SQLite store is a store", "[store]") {
  SqlitePlace place;
  CheckStore(place);
}

void Apply(StateStore& store, const StateStore::Change& change,
           const std::string& command = "apply") {
  Diagnostics diags;
  REQUIRE(store.BeginOperation({.command = command}, diags));
  REQUIRE(store.Commit(change, diags));
  REQUIRE(store.FinishOperation(diags));
}

std::unique_ptr<StateStore> Open(const std::string& path, const OpenOptions& options = {}) {
  Diagnostics diags;
  auto store = OpenSqlite(path, options, diags);
  INFO((diags.empty() ? "" : diags[0].detail));
  REQUIRE(store);
  return store;
}

std::string Query(const std::string& path, const std::string& sql) {
  SQLite::Database database(path, SQLite::OPEN_READONLY, 1000);
  SQLite::Statement rows(database, sql);
  std::string text;
  while (rows.executeStep()) {
    for (int i = 0; i < rows.getColumnCount(); ++i) {
      text +=
          (i ? "|" : "") + (rows.getColumn(i).isNull() ? "NULL" : rows.getColumn(i).getString());
    }
    text += "\n";
  }
  return text;
}

mode_t ModeOf(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
}

TEST_CASE("a store knows whether what it read is still so") {
  TestDirectory directory;
  const std::string path = directory / "tkn.db";
  const auto put = [](StateStore& store, const char* attributes) {
    StoredObject object = SampleObject("t.a");
    object.attributes_json = attributes;
    Apply(store, {.put = {object}});
  };
  const auto writer = Open(path);
  put(*writer, R"({"n":1})");
  const auto reader = Open(path, {.read_only = true});
  Diagnostics diags;
  CHECK_FALSE(reader->IsAsRead());  // nothing was read yet
  REQUIRE(reader->Read(diags));
  CHECK(reader->IsAsRead());
  REQUIRE(reader->Addresses(diags));
  CHECK(reader->IsAsRead());
  put(*writer, R"({"n":2})");
  CHECK_FALSE(reader->IsAsRead());
  REQUIRE(reader->Read(diags));
  CHECK(reader->IsAsRead());
  REQUIRE(writer->Read(diags));
  CHECK(writer->IsAsRead());
  put(*writer, R"({"n":3})");
  CHECK_FALSE(writer->IsAsRead());  // by its own doing
}

TEST_CASE("all files are the owner's alone, whatever the umask") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  const mode_t mask = GENERATE(mode_t{0}, mode_t{0777}, mode_t{022});
  const mode_t before = umask(mask);
  Diagnostics diags;
  {
    const auto store = Open(path);
    REQUIRE(store->Lock(NewLockInfo("OperationTypeApply", "", ""), 0, nullptr, diags));
    REQUIRE(store->BeginOperation({.command = "apply"}, diags));
    REQUIRE(store->Commit({.put = {SampleObject("t.a")}}, diags));
    umask(before);
    for (const char* name : {"tkn.db", "tkn.db-wal", "tkn.db-shm", "tkn.db.lock"}) {
      CAPTURE(name);
      CHECK(ModeOf(directory / name) == 0600);
    }
    REQUIRE(store->Unlock(diags));
  }
  CHECK(std::distance(fs::directory_iterator(directory.path()), {}) == 1);
}

TEST_CASE("a file that others could read is closed to them when it is written") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  Apply(*Open(path), {.put = {SampleObject("t.a")}});
  fs::permissions(path, fs::perms(0644));
  Apply(*Open(path), {.put = {SampleObject("t.b")}});
  CHECK(ModeOf(path) == 0600);
}

TEST_CASE("the file says what it is, and is set up for durability") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  Apply(*Open(path), {.put = {SampleObject("t.a")}});
  CHECK(Query(path, "PRAGMA application_id") == std::to_string(kApplicationId) + "\n");
  CHECK(Query(path, "PRAGMA user_version") == std::to_string(Migrations().size()) + "\n");
  CHECK(Query(path, "PRAGMA journal_mode") == "wal\n");
  Diagnostics diags;
  const auto connection = Connection::Open(path, {}, diags);
  REQUIRE(connection);
  CHECK(connection->database().execAndGet("PRAGMA synchronous").getInt() == 2);
  CHECK(connection->database().execAndGet("PRAGMA foreign_keys").getInt() == 1);
  CHECK(connection->database().execAndGet("PRAGMA trusted_schema").getInt() == 0);
}

TEST_CASE("the views show the state, and no secret") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  const auto store = Open(path);
  StoredObject deposed = SampleObject("module.m[\"a\"].t.a[0]");
  deposed.deposed_key = "0a1b2c3d";
  deposed.sensitive_paths = {{}};  // all of it
  StoredObject open = SampleObject("data.t.b[\"x\\\"y$${\"]");
  open.sensitive_paths.clear();
  Diagnostics diags;
  REQUIRE(store->BeginOperation({.command = "apply"}, diags));
  REQUIRE(store->Commit({.put = {SampleObject("module.m[\"a\"].t.a[0]"), deposed, open}}, diags));
  REQUIRE(store->CommitOutputs(
      {{"o", "\"secret-9\"", "\"string\"", true}, {"p", "1", "\"number\"", false}}, {}, diags));
  Intent intent{.object = {SampleObject("t.new").address, ""},
                .provider = open.provider,
                .planned_json = "{\"label\":\"x\"}"};
  REQUIRE(store->RecordIntent(intent, diags));
  CHECK(Query(path,
              "SELECT workspace, address, module, mode, type, name, key, deposed, status, "
              "attributes FROM resources ORDER BY address, deposed") ==
        "default|data.t.b[\"x\\\"y$${\"]||data|t|b|x\"y${|NULL|ready|" + open.attributes_json +
            "\n" +
            "default|module.m[\"a\"].t.a[0]|module.m[\"a\"]|managed|t|a|0|NULL|ready|"
            "{\"big\":12345678901234567890123.5,\"label\":\"v1\",\"list\":\"(sensitive "
            "value)\",\"token\":\"(sensitive value)\"}\n"
            "default|module.m[\"a\"].t.a[0]|module.m[\"a\"]|managed|t|a|0|0a1b2c3d|ready|\"("
            "sensitive value)\"\n");
  CHECK(Query(path, "SELECT name, value, sensitive FROM outputs ORDER BY name") ==
        "o|\"(sensitive value)\"|1\np|1|0\n");
  CHECK(Query(path, "SELECT address, action, planned, serial FROM intents") ==
        "t.new|create|{\"label\":\"x\"}|1\n");
  CHECK(Query(path, "SELECT serial, command, finished, objects_changed FROM operations") ==
        "1|apply|NULL|3\n");
  CHECK(Query(path, "SELECT name, serial, objects FROM workspaces") == "default|1|3\n");
  REQUIRE(store->FinishOperation(diags));
  CHECK(Query(path, "SELECT count(*) FROM operations WHERE finished >= started AND who <> ''") ==
        "1\n");
}

TEST_CASE("the history holds what was there before, once per operation") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  const auto store = Open(path, {.program_version = "9.9.9"});
  Diagnostics diags;
  Apply(*store, {.put = {SampleObject("t.a", 1), SampleObject("t.b", 1)}});
  REQUIRE(store->BeginOperation({.command = "apply again"}, diags));
  REQUIRE(store->Commit({.put = {SampleObject("t.a", 2)}}, diags));
  REQUIRE(store->Commit(
      {.put = {SampleObject("t.a", 3)}, .remove = {{SampleObject("t.b").address, ""}}}, diags));
  REQUIRE(store->CommitOutputs({{"o", "1", "\"number\"", false}}, {"[]"}, diags));
  REQUIRE(store->FinishOperation(diags));
  CHECK(
      Query(path,
            "SELECT o.serial, r.name, json_extract(b.attributes, '$.label') FROM object_before b "
            "JOIN operation o ON"
            " o.id = b.operation JOIN resource r ON r.id = b.resource ORDER BY o.serial, r.name") ==
      "1|a|NULL\n1|b|NULL\n2|a|v1\n2|b|v1\n");
  CHECK(Query(path, "SELECT name, value FROM output_before") == "o|NULL\n");
  CHECK(Query(path,
              "SELECT serial, command, version, before_serial, before_checks FROM operation ORDER "
              "BY serial") == "1|apply|9.9.9|0|null\n2|apply again|9.9.9|1|null\n");
}

TEST_CASE("the history is kept to its depth, and nothing else goes with it") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  const auto store = Open(path, {.history_depth = 3});
  Apply(*store, {.put = {SampleObject("t.gone"), SampleObject("t.kept")}});
  Apply(*store, {.remove = {{SampleObject("t.gone").address, ""}}});
  for (int i = 0; i < 5; ++i) Apply(*store, {.put = {SampleObject("t.a", i)}});
  CHECK(Query(path, "SELECT serial FROM operation ORDER BY serial") == "5\n6\n7\n");
  CHECK(Query(path, "SELECT name FROM resource ORDER BY name") == "a\nkept\n");
  CHECK(Query(path, "SELECT count(*) FROM object_before") == "3\n");
  // What was forgotten can be made again.
  Apply(*store, {.put = {SampleObject("t.gone")}});
  Diagnostics diags;
  CHECK(store->Read(diags)->objects.size() == 3);
  CHECK(Query(path, "PRAGMA foreign_key_check").empty());
}

TEST_CASE("a history without a depth keeps everything") {
  const TestDirectory directory;
  const auto store = Open(directory / "tkn.db", {.history_depth = 0});
  for (int i = 0; i < 120; ++i) Apply(*store, {.put = {SampleObject("t.a", i)}});
  CHECK(Query(directory / "tkn.db", "SELECT count(*) FROM operation") == "120\n");
}

TEST_CASE("the file grows with what changes and not with the state") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  StateStore::Change all;
  std::size_t data = 0;
  for (int i = 0; i < 4000; ++i) {
    all.put.push_back(SampleObject("t.a[" + std::to_string(i) + "]"));
    const StoredObject& object = all.put.back();
    data += object.attributes_json.size() + object.private_bytes.size() +
            object.identity_json.size() + SensitivePathsToJson(object.sensitive_paths).size() +
            DependenciesToJson(object.dependencies).size();
  }
  Apply(*Open(path), all);
  const auto size = std::filesystem::file_size(path);
  CAPTURE(data);
  CHECK(size < data * 3 / 2);
  constexpr int kChanges = 60;
  for (int i = 0; i < kChanges; ++i) {
    const StoredObject object = SampleObject("t.a[" + std::to_string(i * 60) + "]", 2 + i);
    Apply(*Open(path), {.put = {object}});
  }
  // A page of 4 KB each would be much: the old row, its place in the index, the operation.
  CHECK(std::filesystem::file_size(path) - size < kChanges * 4096);
}

TEST_CASE("deleting a workspace deletes all of it and nothing else") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  const auto store = Open(path);
  Apply(*store, {.put = {SampleObject("t.a")}});
  const auto dev = Open(path, {.workspace = "dev"});
  Apply(*dev, {.put = {SampleObject("t.a"), SampleObject("t.b")}});
  Diagnostics diags;
  REQUIRE(store->DeleteWorkspace("dev", diags));
  for (const char* table : {"resource", "object", "operation", "object_before"}) {
    CHECK(Query(path, std::string("SELECT count(*) FROM ") + table) == "1\n");
  }
  // A writer that was at work in it notices.
  REQUIRE(dev->Read(diags));
}

TEST_CASE("a transaction that one of its changes spoils is undone, and the others are kept") {
  const TestDirectory directory;
  const auto store = Open(directory / "tkn.db");
  Diagnostics diags;
  REQUIRE(store->BeginOperation({.command = "apply"}, diags));
  StoredObject ephemeral = SampleObject("t.bad");
  ephemeral.address.resource.mode = ResourceMode::kEphemeral;
  CHECK_THROWS_AS(store->Commit({.put = {SampleObject("t.a"), ephemeral}}, diags),
                  std::logic_error);
  CHECK(store->Read(diags)->IsEmpty());
  CHECK(store->Read(diags)->serial == 0);
  REQUIRE(store->Commit({.put = {SampleObject("t.b")}}, diags));
  REQUIRE(store->FinishOperation(diags));
  CHECK(store->Read(diags)->objects.size() == 1);
  CHECK(store->Read(diags)->serial == 1);
}

TEST_CASE("outputs are read without the rest") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  Diagnostics diags;
  CHECK_FALSE(ReadSqliteOutputs(path, "default", diags));
  const auto store = Open(path);
  REQUIRE(store->CreateWorkspace("dev", diags));
  CHECK_FALSE(ReadSqliteOutputs(path, "default", diags));
  REQUIRE(store->BeginOperation({.command = "apply"}, diags));
  REQUIRE(store->CommitOutputs({{"o", "1", "\"number\"", true}}, {}, diags));
  const auto outputs = ReadSqliteOutputs(path, "default", diags);
  REQUIRE(outputs);
  REQUIRE(outputs->size() == 1);
  CHECK(outputs->front().sensitive);
  CHECK_FALSE(ReadSqliteOutputs(path, "dev", diags));
  CHECK_FALSE(ReadSqliteOutputs(path, "none", diags));
  CHECK(diags.empty());
}

}  // namespace
}  // namespace tkn::state
