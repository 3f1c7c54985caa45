#include "state/sqlite/maintenance.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "state/sqlite/open.h"
#include "state/sqlite/test_directory.h"
#include "state/store_steps.h"
#include "state/store_suite.h"

namespace tkn::state {
namespace {

using namespace suite;
namespace fs = std::filesystem;

std::unique_ptr<StateStore> OpenAt(const std::string& path, const OpenOptions& options = {}) {
  Diagnostics diags;
  auto store = OpenSqlite(path, options, diags);
  INFO(Say(diags));
  REQUIRE(store);
  return store;
}

bool Restore(const std::string& from, const std::string& to, Diagnostics& diags) {
  return RestoreDatabase(from, to, {.operation = {.command = "state restore"}, .open = {}}, diags);
}

TEST_CASE("a backup of a file in use is whole by itself") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  const std::string backup = directory / "kept.db";
  const auto store = OpenAt(path);
  Apply(*store, {.put = {SampleObject("t.a"), SampleObject("t.b")}});
  Begin(*store);
  Commit(*store, {.put = {SampleObject("t.c")}});  // it goes on
  Ok([&](Diagnostics& d) { return BackupDatabase(path, backup, d); });
  Commit(*store, {.put = {SampleObject("t.d")}});
  CHECK(fs::status(backup).permissions() == fs::perms(0600));
  CHECK_FALSE(fs::exists(backup + "-wal"));
  fs::create_directory(directory / "elsewhere");
  const std::string moved = directory / "elsewhere/tkn.db";
  fs::copy_file(backup, moved);
  CHECK(Addresses(*Read(*OpenAt(moved))) == std::vector<std::string>{"t.a", "t.b", "t.c"});
  Diagnostics diags;
  CHECK_FALSE(BackupDatabase(path, backup, diags));  // not over what is there
  CHECK(Addresses(*Read(*OpenAt(backup))).size() == 3);
  CHECK_FALSE(BackupDatabase(directory / "none.db", directory / "new.db", diags));
}

TEST_CASE("a restore is the next serial of every workspace, and others see it at once") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  const std::string backup = directory / "kept.db";
  const auto store = OpenAt(path);
  Apply(*store, {.put = {SampleObject("t.a")}});
  Apply(*OpenAt(path, {.workspace = "dev"}), {.put = {SampleObject("t.dev")}});
  const std::string lineage = Read(*store)->lineage;
  Ok([&](Diagnostics& d) { return BackupDatabase(path, backup, d); });
  for (int i = 0; i < 4; ++i) Apply(*store, {.put = {SampleObject("t.b", i)}});
  const auto reader = OpenAt(path, {.read_only = true});
  CHECK(Read(*reader)->serial == 5);
  Ok([&](Diagnostics& d) { return Restore(backup, path, d); });
  const auto now = Read(*reader);
  CHECK(Addresses(*now) == std::vector<std::string>{"t.a"});
  CHECK(now->serial == 6);
  CHECK(now->lineage == lineage);
  CHECK(Read(*OpenAt(path, {.workspace = "dev"}))->serial == 2);
  Diagnostics diags;
  const auto history = OpenAt(path)->History(diags);
  REQUIRE(history);
  CHECK((*history)[0].command == "state restore");
  CHECK((*history)[0].before_serial == 1);
  // What was planned from the state before it is refused.
  CHECK(SummaryOfFailure([&](Diagnostics& d) {
          return store->BeginOperation({.command = "apply"}, d);
        }) == "State lock lost");
}

TEST_CASE("a writer that had begun before a restore is refused") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  const auto store = OpenAt(path);
  Apply(*store, {.put = {SampleObject("t.a")}});
  Ok([&](Diagnostics& d) { return BackupDatabase(path, directory / "kept.db", d); });
  Begin(*store);
  Commit(*store, {.put = {SampleObject("t.b")}});
  Ok([&](Diagnostics& d) { return Restore(directory / "kept.db", path, d); });
  CHECK(SummaryOfFailure([&](Diagnostics& d) {
          return store->Commit({.put = {SampleObject("t.c")}}, d);
        }) == "State lock lost");
}

TEST_CASE("what is no backup is refused and nothing changes") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  Apply(*OpenAt(path), {.put = {SampleObject("t.a")}});
  const std::string bad = directory / "bad.db";
  SECTION("text") { std::ofstream(bad) << std::string(9000, 'x'); }
  SECTION("none") {}
  SECTION("somebody else's") {
    SQLite::Database(bad, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE t (a)");
  }
  SECTION("damaged") {
    Ok([&](Diagnostics& d) { return BackupDatabase(path, bad, d); });
    std::fstream file(bad, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(4096);
    file << std::string(8 * 4096, '\xee');
  }
  Diagnostics diags;
  CHECK_FALSE(Restore(bad, path, diags));
  REQUIRE(diags.HasErrors());
  CHECK_FALSE(diags[0].detail.empty());
  const auto now = Read(*OpenAt(path));
  CHECK(Addresses(*now) == std::vector<std::string>{"t.a"});
  CHECK(now->serial == 1);
}

TEST_CASE("a damaged state is set aside by a restore, and a missing one made") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  const std::string backup = directory / "kept.db";
  Apply(*OpenAt(path), {.put = {SampleObject("t.a")}});
  Ok([&](Diagnostics& d) { return BackupDatabase(path, backup, d); });
  const bool missing = GENERATE(false, true);
  if (missing) {
    fs::remove(path);
  } else {
    std::ofstream(path) << std::string(9000, 'x');
  }
  Diagnostics diags;
  REQUIRE(Restore(backup, path, diags));
  CHECK(diags.size() == (missing ? 0 : 1));
  CHECK(Addresses(*Read(*OpenAt(path))) == std::vector<std::string>{"t.a"});
  CHECK(fs::status(path).permissions() == fs::perms(0600));
  const auto is_aside = [](const fs::directory_entry& entry) {
    return entry.path().filename().string().starts_with("tkn.db.damaged-");
  };
  CHECK(std::count_if(fs::directory_iterator(directory.path()), {}, is_aside) == (missing ? 0 : 1));
}

TEST_CASE("damage is found, and so is a file that others may read") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  Apply(*OpenAt(path), {.put = {SampleObject("t.a"), SampleObject("t.b")}});
  Diagnostics diags;
  CHECK(FindDamage(path, diags) == std::vector<std::string>{});
  const auto first = [&] {
    const auto problems = FindDamage(path, diags);
    REQUIRE(problems);
    REQUIRE_FALSE(problems->empty());
    return (*problems)[0];
  };
  SECTION("mode") {
    fs::permissions(path, fs::perms(0644));
    CHECK_THAT(first(), Catch::Contains("chmod 600"));
  }
  SECTION("a row that refers to nothing") {
    SQLite::Database database(path, SQLite::OPEN_READWRITE);
    database.exec("PRAGMA foreign_keys=OFF");
    database.exec("DELETE FROM provider");
    CHECK_THAT(first(), Catch::Contains("does not exist"));
  }
  SECTION("a row that is nonsense") {
    SQLite::Database(path, SQLite::OPEN_READWRITE).exec("UPDATE object SET sensitive = '{'");
    CHECK_THAT(first(), Catch::Contains("is not as tkn writes it"));
  }
  SECTION("no file") {
    CHECK_FALSE(FindDamage(directory / "none.db", diags));
    CHECK(diags.HasErrors());
  }
}

}  // namespace
}  // namespace tkn::state
