// The store on a disk that fails: each call that reads, writes, syncs, creates or removes, one
// after the other, in each way; and each allocation.

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <new>
#include <set>
#include <vector>

#include "state/lock_info.h"
#include "state/sqlite/fault_vfs.h"
#include "state/sqlite/open.h"
#include "state/sqlite/test_directory.h"
#include "state/store_steps.h"
#include "state/store_suite.h"

namespace {

// Which allocation fails, counted down; 0: it is this one. `lasting`: those after it fail too.
struct FailingAllocations {
  long left = -1;  // below 0: all succeed
  bool lasting = false;
  long counted = 0;

  bool Fails() {
    ++counted;
    if (left < 0) return false;
    if (left > 0) {
      --left;
      return false;
    }
    if (!lasting) left = -1;
    return true;
  }
};

FailingAllocations ours;  // operator new's
FailingAllocations sqlites;

}  // namespace

void* operator new(std::size_t size) {
  if (ours.Fails()) throw std::bad_alloc();
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace tkn::state {
namespace {

// What a state holds: object -> number in its attributes, objects with an open intent, an output.
struct Content {
  std::map<std::string, int> objects;
  std::set<std::string> intents;
  std::string output;
  bool operator==(const Content&) const = default;
};

std::string Text(const Content& content) {
  std::string text;
  for (const auto& [name, number] : content.objects)
    text += name + "=" + std::to_string(number) + " ";
  for (const std::string& name : content.intents) text += "(" + name + ") ";
  return text + "output " + content.output;
}

// --- what is done: three operations that create, update and delete three objects, and their
// history's end, which is pruned. Every step is one commit.

struct Step {
  enum class Kind { kIntent, kPut, kRemove, kOutput };
  Kind kind;
  std::string name;
  int round;
};
constexpr int kRounds = 3;

std::vector<Step> Script() {
  std::vector<Step> steps;
  for (int round = 0; round < kRounds; ++round) {
    for (const char* name : {"t.a", "t.b[\"k\"]", "module.m.t.c"}) {
      steps.push_back({Step::Kind::kIntent, name, round});
      steps.push_back({round == kRounds - 1 ? Step::Kind::kRemove : Step::Kind::kPut, name, round});
    }
    steps.push_back({Step::Kind::kOutput, "o", round});
  }
  return steps;
}

Content ContentAfter(const std::vector<Step>& steps, int count) {
  Content content;
  for (int i = 0; i < count && i < static_cast<int>(steps.size()); ++i) {
    const Step& step = steps[static_cast<std::size_t>(i)];
    switch (step.kind) {
      case Step::Kind::kIntent:
        content.intents.insert(step.name);
        break;
      case Step::Kind::kPut:
        content.intents.erase(step.name);
        content.objects[step.name] = step.round;
        break;
      case Step::Kind::kRemove:
        content.intents.erase(step.name);
        content.objects.erase(step.name);
        break;
      case Step::Kind::kOutput:
        content.output = std::to_string(step.round);
        break;
    }
  }
  return content;
}

StoredObject Object(const std::string& name, int number) {
  StoredObject object = SampleObject(name);
  object.attributes_json =
      "{\"n\":" + std::to_string(number) + ",\"filler\":\"" + std::string(3000, 'x') + "\"}";
  return object;
}

bool Do(const Step& step, StateStore& store, std::int64_t& intent_id, Diagnostics& diags) {
  if (step.kind == Step::Kind::kIntent) {
    Intent intent = suite::CreateOf(step.name);
    if (!store.RecordIntent(intent, diags)) return false;
    intent_id = intent.id;
    return true;
  }
  if (step.kind == Step::Kind::kOutput)
    return store.CommitOutputs({{"o", std::to_string(step.round), "\"number\"", false}}, {}, diags);
  StateStore::Change change{.ends_intent = intent_id};
  if (step.kind == Step::Kind::kPut)
    change.put = {Object(step.name, step.round)};
  else
    change.remove = {{suite::At(step.name), ""}};
  return store.Commit(change, diags);
}

// `acknowledged` counts the steps that were reported as done. False when something failed.
bool Play(const std::string& path, const std::vector<Step>& steps, int& acknowledged,
          Diagnostics& diags) {
  acknowledged = 0;
  const auto store = OpenSqlite(path, {.history_depth = 2}, diags);
  if (!store || !store->Lock(NewLockInfo("OperationTypeApply", "", ""), 0, nullptr, diags))
    return false;
  std::int64_t intent = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (i == 0 || steps[i].round != steps[i - 1].round) {
      if (!store->BeginOperation({.command = "apply"}, diags)) return false;
    }
    if (!Do(steps[i], *store, intent, diags)) return false;
    ++acknowledged;
    if (i + 1 == steps.size() || steps[i + 1].round != steps[i].round) {
      if (!store->FinishOperation(diags)) return false;
    }
  }
  return store->Unlock(diags);
}

Content ContentOf(const std::string& path) {
  Diagnostics diags;
  const auto store = OpenSqlite(path, {}, diags);
  INFO(suite::Say(diags));
  REQUIRE(store);
  Content content;
  const auto snapshot = suite::Read(*store);
  for (const StoredObject& object : snapshot->objects) {
    content.objects[object.address.ToString()] =
        std::atoi(object.attributes_json.c_str() + std::string("{\"n\":").size());
  }
  for (const StoredOutput& output : snapshot->outputs) content.output = output.value_json;
  for (const Intent& intent : store->OpenIntents(diags))
    content.intents.insert(intent.object.address.ToString());
  REQUIRE_FALSE(diags.HasErrors());
  return content;
}

// What was reported as done is there, the step that was under way as a whole or not at all, and the
// file can be used.
void CheckContent(const std::string& path, const std::vector<Step>& steps, int acknowledged) {
  const Content done = ContentAfter(steps, acknowledged);
  const Content under_way = ContentAfter(steps, acknowledged + 1);
  const Content found = ContentOf(path);
  INFO("found        " << Text(found) << "\nacknowledged " << Text(done) << "\nunder way    "
                       << Text(under_way));
  CHECK((found == done || found == under_way));
  Diagnostics diags;
  const auto store = OpenSqlite(path, {}, diags);
  REQUIRE(store);
  suite::Apply(*store, {.put = {Object("t.after", 1)}});
  SQLite::Database database(path, SQLite::OPEN_READWRITE, 1000);
  CHECK(database.execAndGet("PRAGMA integrity_check").getString() == "ok");
  SQLite::Statement orphans(database, "PRAGMA foreign_key_check");
  CHECK_FALSE(orphans.executeStep());
}

// The last of them are repetitions, and take minutes: TKN_FAULT_ALL=1.
bool Thorough() { return std::getenv("TKN_FAULT_ALL") != nullptr; }

// --- the disk

int CallsOfARun(FaultVfs& vfs, const std::vector<Step>& steps, Fault counted) {
  const TestDirectory directory;
  vfs.FailAt(0, counted, false);
  int acknowledged = 0;
  Diagnostics diags;
  REQUIRE(Play(directory / "tkn.db", steps, acknowledged, diags));
  REQUIRE(acknowledged == static_cast<int>(steps.size()));
  return vfs.calls();
}

// One test per way to fail, so that they can run beside each other.
void FailAtEachCall(Fault fault) {
  FaultVfs vfs;
  const std::vector<Step> steps = Script();
  const int calls = CallsOfARun(vfs, steps, fault);
  REQUIRE(calls > 10);
  for (const bool lasting : {false, true}) {
    int failures = 0;
    for (int at = 1; at <= calls; ++at) {
      CAPTURE(lasting, at, calls);
      const TestDirectory directory;
      const std::string path = directory / "tkn.db";
      int acknowledged = 0;
      Diagnostics diags;
      vfs.FailAt(at, fault, lasting);
      if (!Play(path, steps, acknowledged, diags)) {
        ++failures;
        CHECK((diags.HasErrors() && !diags[0].detail.empty()));
      }
      vfs.FailAt(0, fault, false);
      CheckContent(path, steps, acknowledged);
    }
    // Not all do: what fails when the file is closed is made good at its next opening.
    CHECK(failures > calls / (fault == Fault::kReadError ? 10 : 3));
  }
}

TEST_CASE("writes and syncs that fail with an I/O error lose nothing", "[fault]") {
  FailAtEachCall(Fault::kIoError);
}
TEST_CASE("reads that fail with an I/O error lose nothing", "[fault]") {
  FailAtEachCall(Fault::kReadError);
}
TEST_CASE("a state that can't be read is told, and not taken for another one", "[fault]") {
  FaultVfs vfs;
  const std::vector<Step> steps = Script();
  const std::size_t some = 13;
  const TestDirectory directory;
  const std::string path = directory / "tkn.db";
  Diagnostics diags;
  int acknowledged = 0;
  REQUIRE(Play(path, {steps.begin(), steps.begin() + some}, acknowledged, diags));
  const auto whole = suite::Read(*OpenSqlite(path, {.read_only = true}, diags));
  vfs.FailAt(0, Fault::kReadError, false);
  suite::Read(*OpenSqlite(path, {.read_only = true}, diags));
  const int calls = vfs.calls();
  REQUIRE(calls > 5);
  for (int at = 1; at <= calls; ++at) {
    CAPTURE(at);
    vfs.FailAt(at, Fault::kReadError, true);
    Diagnostics more;
    const auto store = OpenSqlite(path, {.read_only = true}, more);
    const auto snapshot = store ? store->Read(more) : nullptr;
    CHECK_FALSE(snapshot);
    REQUIRE(more.HasErrors());
    CHECK(more[0].summary == "Failed to load state");
  }
  vfs.FailAt(0, Fault::kReadError, false);
  CHECK(Difference(*whole, *suite::Read(*OpenSqlite(path, {.read_only = true}, diags))) == "");
}
TEST_CASE("a full disk loses nothing", "[fault]") { FailAtEachCall(Fault::kFull); }
TEST_CASE("writes that are cut short lose nothing", "[fault]") {
  FailAtEachCall(Fault::kShortWrite);
}
TEST_CASE("a file system that becomes read-only loses nothing", "[fault]") {
  FailAtEachCall(Fault::kReadOnly);
}

TEST_CASE("a loss of power at any call keeps what was acknowledged, and no half of the rest",
          "[fault]") {
  FaultVfs vfs(true);
  const std::vector<Step> steps = Script();
  const int calls = CallsOfARun(vfs, steps, Fault::kPowerLoss);
  for (int at = 1; at <= calls; ++at) {
    for (unsigned seed = 0; seed < (Thorough() ? 10 : 1); ++seed) {
      CAPTURE(at, seed);
      const TestDirectory directory;
      int acknowledged = 0;
      Diagnostics diags;
      vfs.FailAt(at, Fault::kPowerLoss, true);
      static_cast<void>(Play(directory / "tkn.db", steps, acknowledged, diags));
      vfs.LosePower(static_cast<unsigned>(at) * 10 + seed);
      CheckContent(directory / "tkn.db", steps, acknowledged);
    }
  }
}

// --- memory

void FailAtEachAllocation(FailingAllocations& failing, long stride) {
  const FaultVfs quick;
  const std::vector<Step> steps = Script();
  // Whether the run went through.
  const auto play = [&](const std::string& path, long at, bool lasting, int& acknowledged) {
    bool done = false;
    Diagnostics diags;
    failing = {at, lasting, 0};
    try {
      done = Play(path, steps, acknowledged, diags);
    } catch (const std::bad_alloc&) {
    }
    failing.left = -1;
    return done;
  };
  const auto whole_run = [&] {
    const TestDirectory directory;
    int acknowledged = 0;
    REQUIRE(play(directory / "tkn.db", -1, false, acknowledged));
    REQUIRE(acknowledged == static_cast<int>(steps.size()));
    return failing.counted;
  };
  whole_run();  // what is allocated once in a process is behind us
  const long most = whole_run();
  REQUIRE(most > 500);
  long failures = 0;
  long rounds = 0;
  for (long at = 0; at < most; at += stride, ++rounds) {
    const bool lasting = rounds % 2 == 0;
    CAPTURE(at, lasting, most);
    const TestDirectory directory;
    int acknowledged = 0;
    if (!play(directory / "tkn.db", at, lasting, acknowledged)) ++failures;
    CheckContent(directory / "tkn.db", steps, acknowledged);
  }
  CHECK(failures > rounds / 2);
}

TEST_CASE("an allocation that fails anywhere in the store loses nothing", "[fault]") {
  FailAtEachAllocation(ours, 1);
}

sqlite3_mem_methods sqlite_memory;

// SQLite's allocations can be redirected only while it is not in use.
class RedirectedSqliteMemory {
 public:
  RedirectedSqliteMemory() {
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_memory);
    sqlite3_mem_methods failing = sqlite_memory;
    failing.xMalloc = [](int size) {
      return sqlites.Fails() ? nullptr : sqlite_memory.xMalloc(size);
    };
    failing.xRealloc = [](void* memory, int size) {
      return sqlites.Fails() ? nullptr : sqlite_memory.xRealloc(memory, size);
    };
    sqlite3_config(SQLITE_CONFIG_MALLOC, &failing);
    sqlite3_initialize();
  }
  ~RedirectedSqliteMemory() {
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_MALLOC, &sqlite_memory);
    sqlite3_initialize();
  }
  RedirectedSqliteMemory(const RedirectedSqliteMemory&) = delete;
  RedirectedSqliteMemory& operator=(const RedirectedSqliteMemory&) = delete;
};

TEST_CASE("an allocation that fails anywhere in SQLite loses nothing", "[fault]") {
  const RedirectedSqliteMemory redirected;
  FailAtEachAllocation(sqlites, Thorough() ? 1 : 11);
}

}  // namespace
}  // namespace tkn::state
