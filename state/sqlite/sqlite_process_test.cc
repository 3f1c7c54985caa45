#include <SQLiteCpp/SQLiteCpp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <new>
#include <random>
#include <thread>

#include "state/lock_info.h"
#include "state/sqlite/open.h"
#include "state/sqlite/test_directory.h"
#include "state/store_suite.h"

namespace tkn::state {
namespace {

using namespace std::chrono_literals;

// What a child tells its parent, in memory that both have and a kill does not take away.
struct Told {
  std::atomic<int> committed{0};
  std::atomic<int> ready{0};
};

class Shared {
 public:
  Shared()
      : told_(new (mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                        -1, 0)) Told) {}
  ~Shared() { munmap(told_, sizeof(Told)); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  Told& operator*() { return *told_; }
  Told* operator->() { return told_; }

 private:
  Told* told_;
};

pid_t Fork(const std::function<int()>& work) {
  const pid_t child = fork();
  if (child == 0) _exit(work());
  REQUIRE(child > 0);
  return child;
}

int WaitFor(pid_t child) {
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

bool LockNow(StateStore& store, Diagnostics& diags) {
  return store.Lock(NewLockInfo("OperationTypeApply", "", "0.1.0"), 0, nullptr, diags);
}

TEST_CASE("two processes contend: one waits until the other is done") {
  const TestDirectory directory;
  Shared told;
  const auto work = [&](int add) {
    for (int i = 0; i < 10; ++i) {
      Diagnostics diags;
      const auto store = OpenSqlite(directory / "tkn.db", {}, diags);
      if (!store || !store->Lock(NewLockInfo("OperationTypeApply", "", ""), 60, nullptr, diags))
        return 1;
      if (told->ready.fetch_add(1) != 0) return 2;  // somebody else is in here
      if (!store->Read(diags) || !store->BeginOperation({.command = "apply"}, diags)) return 3;
      if (!store->Commit({.put = {SampleObject("t.a[" + std::to_string(add + i) + "]")}}, diags))
        return 4;
      if (!store->FinishOperation(diags)) return 5;
      told->ready.fetch_sub(1);
      if (!store->Unlock(diags)) return 6;
    }
    return 0;
  };
  const pid_t first = Fork([&] { return work(0); });
  const pid_t second = Fork([&] { return work(100); });
  CHECK(WaitFor(first) == 0);
  CHECK(WaitFor(second) == 0);
  Diagnostics diags;
  const auto snapshot = OpenSqlite(directory / "tkn.db", {}, diags)->Read(diags);
  CHECK(snapshot->objects.size() == 20);
  CHECK(snapshot->serial == 20);
}

TEST_CASE("a lock dies with its process, and its record is not believed") {
  const TestDirectory directory;
  Shared told;
  const pid_t child = Fork([&] {
    Diagnostics diags;
    const auto store = OpenSqlite(directory / "tkn.db", {}, diags);
    if (!LockNow(*store, diags) || !store->BeginOperation({.command = "apply"}, diags)) return 1;
    if (!store->Commit({.put = {SampleObject("t.a")}}, diags)) return 2;
    told->ready = 1;
    for (;;) pause();
  });
  while (told->ready == 0) std::this_thread::sleep_for(1ms);
  Diagnostics diags;
  const auto store = OpenSqlite(directory / "tkn.db", {}, diags);
  CHECK_FALSE(LockNow(*store, diags));
  REQUIRE(store->CurrentLock());
  CHECK(store->CurrentLock()->pid == child);
  CHECK_THAT(diags[0].detail, Catch::Contains("process " + std::to_string(child)));
  kill(child, SIGKILL);
  CHECK(WaitFor(child) == -SIGKILL);
  diags.Clear();
  CHECK_FALSE(store->CurrentLock());
  CHECK(LockNow(*store, diags));
  CHECK(store->Read(diags)->objects.size() == 1);
  CHECK(store->Unlock(diags));
  CHECK(diags.empty());
}

TEST_CASE("a lock stays with its holder when a fork of it ends, and is nobody else's") {
  const TestDirectory directory;
  Diagnostics diags;
  const auto store = OpenSqlite(directory / "tkn.db", {}, diags);
  REQUIRE(LockNow(*store, diags));
  const pid_t child = Fork([&] {
    Diagnostics theirs;
    const auto another = OpenSqlite(directory / "tkn.db", {}, theirs);
    if (LockNow(*another, theirs)) return 1;
    return another->CurrentLock() && another->CurrentLock()->pid == getppid() ? 0 : 2;
  });
  CHECK(WaitFor(child) == 0);
  const auto third = OpenSqlite(directory / "tkn.db", {}, diags);
  Diagnostics refused;
  CHECK_FALSE(LockNow(*third, refused));
  REQUIRE(store->BeginOperation({.command = "apply"}, diags));
  REQUIRE(store->Commit({.put = {SampleObject("t.a")}}, diags));
  REQUIRE(store->FinishOperation(diags));
  CHECK(store->Unlock(diags));
  CHECK(LockNow(*third, diags));
  CHECK(diags.empty());
}

TEST_CASE("a lock is not inherited by programs that its holder starts") {
  const TestDirectory directory;
  Shared told;
  const pid_t holder = Fork([&] {
    Diagnostics diags;
    const auto store = OpenSqlite(directory / "tkn.db", {}, diags);
    if (!LockNow(*store, diags)) return 1;
    if (fork() == 0) {
      execlp("sleep", "sleep", "5", nullptr);
      _exit(127);
    }
    std::this_thread::sleep_for(100ms);
    told->ready = 1;
    for (;;) pause();
  });
  while (told->ready == 0) std::this_thread::sleep_for(1ms);
  kill(holder, SIGKILL);
  WaitFor(holder);
  Diagnostics diags;
  const auto store = OpenSqlite(directory / "tkn.db", {}, diags);
  CHECK(LockNow(*store, diags));
}

TEST_CASE("readers don't lock each other out, and writers wait for readers") {
  const TestDirectory directory;
  Diagnostics diags;
  {
    const auto store = OpenSqlite(directory / "tkn.db", {}, diags);
    REQUIRE(store->BeginOperation({.command = "apply"}, diags));
    REQUIRE(store->Commit({.put = {SampleObject("t.a")}}, diags));
    REQUIRE(store->FinishOperation(diags));
  }
  const auto first = OpenSqlite(directory / "tkn.db", {.read_only = true}, diags);
  const auto second = OpenSqlite(directory / "tkn.db", {.read_only = true}, diags);
  const auto writer = OpenSqlite(directory / "tkn.db", {}, diags);
  REQUIRE(LockNow(*first, diags));
  REQUIRE(LockNow(*second, diags));
  CHECK_FALSE(LockNow(*writer, diags));
  diags.Clear();
  REQUIRE(first->Unlock(diags));
  CHECK_FALSE(LockNow(*writer, diags));
  diags.Clear();
  REQUIRE(second->Unlock(diags));
  CHECK(LockNow(*writer, diags));
  CHECK_FALSE(LockNow(*first, diags));
}

// One thousand commits by a child that is killed at a random moment; each commit that returned must
// be there.
void KillAmongCommits(unsigned seed) {
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  Shared told;
  const pid_t child = Fork([&] {
    Diagnostics diags;
    const auto store = OpenSqlite(path, {}, diags);
    if (!LockNow(*store, diags) || !store->BeginOperation({.command = "apply"}, diags)) return 1;
    for (int i = 0; i < 1000; ++i) {
      const StoredObject object = SampleObject("t.a[" + std::to_string(i) + "]");
      Intent intent{
          .object = {object.address, ""}, .provider = object.provider, .planned_json = "{}"};
      if (!store->RecordIntent(intent, diags)) return 2;
      if (!store->Commit({.ends_intent = intent.id, .put = {object}}, diags)) return 3;
      told->committed = i + 1;
    }
    return 0;
  });
  std::mt19937 random(seed);
  std::this_thread::sleep_for(std::chrono::microseconds(random() % 300'000));
  kill(child, SIGKILL);
  WaitFor(child);
  const int committed = told->committed;
  CAPTURE(seed, committed);
  Diagnostics diags;
  const auto store = OpenSqlite(path, {}, diags);
  REQUIRE(store);
  REQUIRE(LockNow(*store, diags));
  const auto snapshot = store->Read(diags);
  REQUIRE(snapshot);
  CHECK(static_cast<int>(snapshot->objects.size()) >= committed);
  CHECK(static_cast<int>(snapshot->objects.size()) <= committed + 1);
  // Nothing that may exist is unknown: the one that was under way has its intent, or is stored, or
  // was never announced.
  const auto intents = store->OpenIntents(diags);
  CHECK(intents.size() <= 1);
  if (!intents.empty())
    CHECK(intents[0].object.address.key.index() ==
          static_cast<std::int64_t>(snapshot->objects.size()));
  if (snapshot->serial == 0) {
    CHECK(committed == 0);
  } else {
    SQLite::Database database(path, SQLite::OPEN_READWRITE, 1000);
    CHECK(database.execAndGet("PRAGMA integrity_check").getString() == "ok");
    CHECK(database.execAndGet("SELECT count(*) FROM pragma_foreign_key_check").getInt() == 0);
    CHECK(database.execAndGet("SELECT count(*) FROM object_before").getInt() ==
          static_cast<int>(snapshot->objects.size()));
  }
  // And the next operation goes on from there.
  REQUIRE(store->BeginOperation({.command = "apply"}, diags));
  REQUIRE(store->Commit({.put = {SampleObject("t.next")}}, diags));
  REQUIRE(store->FinishOperation(diags));
  CHECK(store->Read(diags)->serial == snapshot->serial + 1);
}

TEST_CASE("a kill among a thousand commits loses none that returned", "[kill]") {
  for (unsigned seed = 0; seed < 25; ++seed) KillAmongCommits(seed);
}

TEST_CASE("the first write of all may be killed, too", "[kill]") {
  std::mt19937 random(1);
  for (int round = 0; round < 40; ++round) {
    const TestDirectory directory;
    const std::string path = directory / "tkn.db";
    Shared told;
    const pid_t child = Fork([&]() -> int {
      told->ready = 1;
      Diagnostics diags;
      const auto store = OpenSqlite(path, {}, diags);
      const bool ok = LockNow(*store, diags) &&
                      store->BeginOperation({.command = "apply"}, diags) &&
                      store->Commit({.put = {SampleObject("t.a")}}, diags);
      told->committed = ok ? 1 : 0;
      for (;;) pause();
    });
    while (told->ready == 0) std::this_thread::sleep_for(50us);
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 15'000));
    kill(child, SIGKILL);
    WaitFor(child);
    Diagnostics diags;
    const auto store = OpenSqlite(path, {}, diags);
    INFO((diags.empty() ? "" : diags[0].detail));
    REQUIRE(store);
    const auto snapshot = store->Read(diags);
    REQUIRE(snapshot);
    CHECK(static_cast<int>(snapshot->objects.size()) >= told->committed);
    REQUIRE(LockNow(*store, diags));
    REQUIRE(store->BeginOperation({.command = "apply"}, diags));
    REQUIRE(store->Commit({.put = {SampleObject("t.b")}}, diags));
    CHECK(store->Read(diags)->objects.size() == snapshot->objects.size() + 1);
  }
}

}  // namespace
}  // namespace tkn::state
