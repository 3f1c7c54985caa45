#include <SQLiteCpp/SQLiteCpp.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "state/lock_info.h"
#include "state/sqlite/connection.h"
#include "state/sqlite/open.h"
#include "state/sqlite/test_directory.h"
#include "state/store_suite.h"

namespace tkn::state {
namespace {

namespace fs = std::filesystem;

std::string IntegrityOf(const std::string& path) {
  SQLite::Database database(path, SQLite::OPEN_READWRITE, 1000);
  return database.execAndGet("PRAGMA integrity_check").getString();
}

// The one error that opening (and, if that goes well, reading) gives.
Diagnostic OpenError(const std::string& path, const OpenOptions& options = {}) {
  Diagnostics diags;
  const auto store = OpenSqlite(path, options, diags);
  if (store) CHECK_FALSE(store->Read(diags));
  REQUIRE(diags.size() == 1);
  CHECK_THAT(diags[0].detail, Catch::Contains(path));
  return diags[0];
}

void Fill(const std::string& path, int objects) {
  Diagnostics diags;
  const auto store = OpenSqlite(path, {}, diags);
  REQUIRE(store);
  REQUIRE(store->BeginOperation({.command = "apply"}, diags));
  StateStore::Change change;
  for (int i = 0; i < objects; ++i)
    change.put.push_back(SampleObject("t.a[" + std::to_string(i) + "]"));
  REQUIRE(store->Commit(change, diags));
  REQUIRE(store->FinishOperation(diags));
}

std::string ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_CASE("what is no state of ours is refused and left alone") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  const bool read_only = GENERATE(false, true);
  SECTION("text") {
    std::ofstream(path) << std::string(5000, 'x');
    const std::string before = ReadText(path);
    CHECK_THAT(OpenError(path, {.read_only = read_only}).detail,
               Catch::Contains("no SQLite database"));
    CHECK(ReadText(path) == before);
  }
  SECTION("somebody else's database") {
    SQLite::Database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
        .exec("CREATE TABLE theirs (a)");
    const std::string before = ReadText(path);
    CHECK(OpenError(path, {.read_only = read_only}).summary == "Unsupported state file format");
    CHECK(ReadText(path) == before);
  }
  SECTION("a database with another application_id") {
    SQLite::Database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
        .exec("PRAGMA application_id=7; CREATE TABLE t (a)");
    CHECK(OpenError(path, {.read_only = read_only}).summary == "Unsupported state file format");
  }
  SECTION("a newer version") {
    Fill(path, 1);
    SQLite::Database(path, SQLite::OPEN_READWRITE).exec("PRAGMA user_version=99");
    const Diagnostic error = OpenError(path, {.read_only = read_only});
    CHECK(error.summary == "Unsupported state file format");
    CHECK_THAT(error.detail, Catch::Contains("version 99") && Catch::Contains("newer tkn"));
  }
  SECTION("a directory") {
    fs::create_directory(path);
    OpenError(path, {.read_only = read_only});
  }
}

TEST_CASE("an empty file is an empty state") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  std::ofstream(path).close();
  Diagnostics diags;
  CHECK(OpenSqlite(path, {.read_only = true}, diags)->Read(diags)->IsEmpty());
  CHECK(fs::file_size(path) == 0);
  Fill(path, 1);
  CHECK(OpenSqlite(path, {}, diags)->Read(diags)->objects.size() == 1);
}

TEST_CASE("damaged pages give an error, wherever they are", "[property]") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  Fill(path, 200);
  const std::string good = ReadText(path);
  const std::size_t pages = good.size() / 4096;
  REQUIRE(pages > 20);
  int refused = 0;
  for (std::size_t page = 0; page < pages; ++page) {
    std::string bad = good;
    for (std::size_t i = 0; i < 4096; ++i) bad[page * 4096 + i] = static_cast<char>(i * 7 + page);
    std::ofstream(path, std::ios::binary) << bad;
    Diagnostics diags;
    const auto store = OpenSqlite(path, {}, diags);
    const auto snapshot = store ? store->Read(diags) : nullptr;
    // Pages of the history and of indexes that a read does not need may pass; an error must be
    // explained, and a damaged state must not be taken for an empty one.
    if (snapshot) {
      CHECK(snapshot->objects.size() == 200);
    } else {
      ++refused;
      REQUIRE(diags.HasErrors());
      CHECK_FALSE(diags[0].detail.empty());
    }
  }
  CHECK(refused > 5);
}

TEST_CASE("a file cut short gives an error") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  Fill(path, 200);
  const std::size_t size = fs::file_size(path);
  for (const std::size_t kept : {size / 2, std::size_t{4096}, std::size_t{100}}) {
    fs::resize_file(path, kept);
    CHECK(OpenError(path).summary == "Failed to load state");
  }
}

TEST_CASE("rows that were edited into nonsense give an error that says which") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  Fill(path, 1);
  const char* edit =
      GENERATE("UPDATE object SET sensitive = '{'", "UPDATE object SET dependencies = '[1]'",
               "UPDATE resource SET module = 'nonsense.'", "UPDATE provider SET address = 'x'");
  SQLite::Database(path, SQLite::OPEN_READWRITE).exec(edit);
  CAPTURE(edit);
  CHECK_THAT(OpenError(path).detail, Catch::Contains("is not as tkn writes it"));
}

TEST_CASE("missing tables give an error") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  Fill(path, 1);
  SQLite::Database(path, SQLite::OPEN_READWRITE).exec("DROP VIEW resources; DROP TABLE object");
  CHECK_THAT(OpenError(path).detail, Catch::Contains("tables are not as tkn made them"));
}

// In a child, since limits and users can't be given back: its exit code is the number of the check
// that failed.
int InChild(const std::function<int()>& work) {
  const pid_t child = fork();
  if (child == 0) _exit(work());
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + status;
}

// Commits until there is no room, frees it, and goes on: 0 if all is as it should be.
int UntilFull(const std::string& path, const std::function<void()>& make_room) {
  Diagnostics diags;
  const auto store = OpenSqlite(path, {}, diags);
  if (!store || !store->Lock(NewLockInfo("OperationTypeApply", "", ""), 0, nullptr, diags))
    return 1;
  if (!store->BeginOperation({.command = "apply"}, diags)) return 2;
  std::size_t done = 0;
  for (; done < 100'000; ++done) {
    StoredObject object = SampleObject("t.a[" + std::to_string(done) + "]");
    object.attributes_json = "{\"filler\":\"" + std::string(20'000, 'x') + "\"}";
    if (!store->Commit({.put = {object}}, diags)) break;
  }
  if (done == 0 || done == 100'000) return 3;
  if (diags.size() != 1 || diags[0].summary != "Failed to save state") return 4;
  if (diags[0].detail.find("no room left") == std::string::npos) return 5;
  // What returned is there, to us and to others.
  Diagnostics more;
  const auto still = store->Read(more);
  if (!still || still->objects.size() != done || still->serial != 1) return 6;
  make_room();
  if (!store->Commit({.put = {SampleObject("t.after")}}, more)) return 7;
  if (!store->FinishOperation(more) || !store->Unlock(more)) return 8;
  const auto after = OpenSqlite(path, {.read_only = true}, more)->Read(more);
  if (!after || after->objects.size() != done + 1) return 9;
  return IntegrityOf(path) == "ok" ? 0 : 10;
}

TEST_CASE("a file that may not grow stops the commits and loses none") {
  const TestDirectory directory;
  CHECK(InChild([&] {
          signal(SIGXFSZ, SIG_IGN);
          rlimit limit{};
          getrlimit(RLIMIT_FSIZE, &limit);
          const rlim_t all = limit.rlim_cur;
          limit.rlim_cur = 600'000;
          setrlimit(RLIMIT_FSIZE, &limit);
          return UntilFull(directory / "tkn.db", [&] {
            limit.rlim_cur = all;
            setrlimit(RLIMIT_FSIZE, &limit);
          });
        }) == 0);
}

TEST_CASE("a full disk stops the commits and loses none") {
  const TestDirectory directory;
  const std::string disk = directory / "disk";
  fs::create_directory(disk);
  if (mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=1500k") != 0) {
    WARN("skipped: no right to mount a small tmpfs");
    return;
  }
  std::ofstream(disk + "/ballast") << std::string(400'000, 'x');
  const int result =
      InChild([&] { return UntilFull(disk + "/tkn.db", [&] { fs::remove(disk + "/ballast"); }); });
  umount(disk.c_str());
  CHECK(result == 0);
}

TEST_CASE("a disk without room for a new state gives an error and no half of one") {
  const TestDirectory directory;
  const std::string disk = directory / "disk";
  fs::create_directory(disk);
  if (mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=64k") != 0) {
    WARN("skipped: no right to mount a small tmpfs");
    return;
  }
  const int result = InChild([&] {
    Diagnostics diags;
    const auto store = OpenSqlite(disk + "/tkn.db", {}, diags);
    if (!store || !store->BeginOperation({.command = "apply"}, diags)) return 1;
    if (store->Commit({.put = {SampleObject("t.a")}}, diags)) return 2;
    if (diags.size() != 1 || diags[0].detail.find("no room left") == std::string::npos) return 3;
    Diagnostics more;
    const auto again = OpenSqlite(disk + "/tkn.db", {.read_only = true}, more);
    return again && again->Read(more) && again->Read(more)->IsEmpty() ? 0 : 4;
  });
  umount(disk.c_str());
  CHECK(result == 0);
}

// As a user whom permissions hold back.
int AsNobody(const std::function<int()>& work) {
  return InChild([&] {
    if (geteuid() == 0 && (setegid(65534) != 0 || seteuid(65534) != 0)) return 99;
    return work();
  });
}

TEST_CASE("a directory that can't be written: reading works, writing says why") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  Fill(path, 3);
  fs::permissions(path, fs::perms(0644));
  fs::permissions(directory.path(), fs::perms(0555));
  CHECK(AsNobody([&] {
          Diagnostics diags;
          const auto reader = OpenSqlite(path, {.read_only = true}, diags);
          if (!reader) return 1;
          if (!reader->Lock(NewLockInfo("OperationTypePlan", "", ""), 0, nullptr, diags)) return 2;
          const auto snapshot = reader->Read(diags);
          if (!snapshot || snapshot->objects.size() != 3 || !diags.empty()) return 3;
          if (!reader->Unlock(diags)) return 4;
          // Whether it is found out when the file is opened or when the lock is taken, it is told.
          const auto writer = OpenSqlite(path, {}, diags);
          if (writer && writer->Lock(NewLockInfo("OperationTypeApply", "", ""), 0, nullptr, diags))
            return 5;
          return diags.size() == 1 && !diags[0].detail.empty() ? 0 : 6;
        }) == 0);
  CHECK(std::distance(fs::directory_iterator(directory.path()), {}) == 1);
}

TEST_CASE("a file that can't be read says so") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  Fill(path, 1);
  fs::permissions(path, fs::perms(0));
  fs::permissions(directory.path(), fs::perms(0555));
  CHECK(AsNobody([&] {
          Diagnostics diags;
          const auto store = OpenSqlite(path, {.read_only = true}, diags);
          if (store && store->Read(diags)) return 1;
          return diags.size() == 1 && diags[0].summary == "Failed to load state" ? 0 : 2;
        }) == 0);
}

TEST_CASE("a new state in a directory that can't be written is refused") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  fs::permissions(directory.path(), fs::perms(0555));
  CHECK(AsNobody([&] {
          Diagnostics diags;
          const auto store = OpenSqlite(path, {}, diags);
          if (!store || !store->Read(diags)->IsEmpty() || !diags.empty()) return 1;
          if (store->Lock(NewLockInfo("OperationTypeApply", "", ""), 0, nullptr, diags)) return 2;
          if (diags[0].summary != "Error acquiring the state lock") return 3;
          Diagnostics more;
          if (!store->BeginOperation({.command = "apply"}, more)) return 4;
          if (store->Commit({.put = {SampleObject("t.a")}}, more)) return 5;
          return more.size() == 1 && more[0].summary == "Failed to save state" ? 0 : 6;
        }) == 0);
}

TEST_CASE("a database held by another program is waited for, then reported") {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  Fill(path, 1);
  SQLite::Database other(path, SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");
  Diagnostics diags;
  const auto store = OpenSqlite(path, {.read_only = true}, diags);
  REQUIRE(store);
  CHECK(store->Read(diags)->objects.size() == 1);
  const auto writer = OpenSqlite(path, {}, diags);
  // Either its opening or its commit waits the 5 seconds.
  const bool written = writer && writer->BeginOperation({.command = "apply"}, diags) &&
                       writer->Commit({.put = {SampleObject("t.b")}}, diags);
  CHECK_FALSE(written);
  REQUIRE(diags.size() == 1);
  CHECK_THAT(diags[0].detail, Catch::Contains("another program is writing"));
}

}  // namespace
}  // namespace tkn::state
