#include <catch2/catch.hpp>

#include "state/sqlite/open.h"
#include "state/sqlite/test_directory.h"
#include "state/store_steps.h"
#include "state/store_suite.h"

namespace tkn::state {
namespace {

using namespace suite;
using Kind = HistoryEntry::Change::Kind;

std::unique_ptr<StateStore> OpenAt(const std::string& path, const OpenOptions& options = {}) {
  Diagnostics diags;
  auto store = OpenSqlite(path, options, diags);
  INFO(Say(diags));
  REQUIRE(store);
  return store;
}

std::vector<HistoryEntry> History(StateStore& store) {
  Diagnostics diags;
  auto entries = store.History(diags);
  INFO(Say(diags));
  REQUIRE(entries);
  return *std::move(entries);
}

std::string Text(const HistoryEntry& entry) {
  std::string text = std::to_string(entry.serial) + " " + entry.command;
  for (const auto& change : entry.changes) {
    text += change.kind == Kind::kAdded ? " +" : change.kind == Kind::kRemoved ? " -" : " ~";
    text += change.object.address.ToString();
    if (!change.object.deposed_key.empty()) text += "!" + change.object.deposed_key;
  }
  for (const std::string& output : entry.outputs) text += " output." + output;
  return text;
}

TEST_CASE("the history tells each operation and what it changed, newest first") {
  const TestDirectory directory;
  const auto store = OpenAt(directory / "tkn.db");
  CHECK(History(*store).empty());
  Apply(*store, {.put = {SampleObject("t.a"), SampleObject("t.b[1]")}});
  StoredObject deposed = SampleObject("t.a");
  deposed.deposed_key = "0000000a";
  Begin(*store);
  Commit(*store, {.put = {SampleObject("t.a", 2), deposed}, .remove = {{At("t.b[1]"), ""}}});
  Ok([&](Diagnostics& d) {
    return store->CommitOutputs({{"o", "1", "\"number\"", false}}, {}, d);
  });
  Finish(*store);
  Begin(*store);
  Commit(*store, {.remove = {{At("t.a"), "0000000a"}}});  // and killed: it does not finish
  const auto entries = History(*OpenAt(directory / "tkn.db", {.read_only = true}));
  REQUIRE(entries.size() == 3);
  CHECK(Text(entries[0]) == "3 apply -t.a!0000000a");
  CHECK(Text(entries[1]) == "2 apply ~t.a +t.a!0000000a -t.b[1] output.o");
  CHECK(Text(entries[2]) == "1 apply +t.a +t.b[1]");
  CHECK_FALSE(entries[0].finished_unix_seconds);
  CHECK(entries[1].finished_unix_seconds);
  CHECK(entries[1].who.find('@') != std::string::npos);
  CHECK(entries[1].version == "0.1.0");
  CHECK(entries[1].started_unix_seconds > 1'600'000'000);
  CHECK(entries[1].before_serial == 1);
}

TEST_CASE("what came and went within one operation is no change of it") {
  const TestDirectory directory;
  const auto store = OpenAt(directory / "tkn.db");
  Begin(*store);
  Commit(*store, {.put = {SampleObject("t.a"), SampleObject("t.b")}});
  Commit(*store, {.remove = {{At("t.a"), ""}}});
  Finish(*store);
  CHECK(Text(History(*store)[0]) == "1 apply +t.b");
}

TEST_CASE("every kept serial can be read as it was", "[property]") {
  const auto seed = GENERATE(range(0u, 20u));
  CAPTURE(seed);
  const TestDirectory directory;
  const auto store = OpenAt(directory / "tkn.db", {.history_depth = 0});
  std::vector<std::shared_ptr<const Snapshot>> states{Read(*store)};
  unsigned random = seed * 2654435761u + 1;
  const auto next = [&random](unsigned below) {
    random = random * 1664525u + 1013904223u;
    return (random >> 16) % below;
  };
  for (int operation = 0; operation < 12; ++operation) {
    Begin(*store);
    for (unsigned i = 0; i <= next(4); ++i) {
      const std::string name = "t.a[" + std::to_string(next(5)) + "]";
      if (next(3) == 0) {
        Commit(*store, {.remove = {{At(name), ""}}});
      } else {
        Commit(*store, {.put = {SampleObject(name, static_cast<int>(next(9)))}});
      }
    }
    if (next(3) == 0) {
      const std::string value = std::to_string(next(5));
      Ok([&](Diagnostics& d) {
        return store->CommitOutputs({{"o", value, "\"number\"", next(2) == 0}}, {}, d);
      });
    }
    Finish(*store);
    if (next(4) == 0) {
      Snapshot pushed = *Read(*store);
      pushed.serial += 5;
      pushed.lineage = "lineage-" + std::to_string(operation);
      Ok([&](Diagnostics& d) { return store->Replace(pushed, {.command = "state push"}, d); });
    }
    states.push_back(Read(*store));
  }
  for (const auto& then : states) {
    CAPTURE(then->serial);
    // Serials that push passed over never were.
    Diagnostics diags;
    const auto found = store->ReadAt(then->serial, diags);
    INFO(Say(diags));
    REQUIRE(found);
    if (then->serial == 0) {
      CHECK(found->IsEmpty());
      continue;
    }
    CHECK(found->serial == then->serial);
    CHECK(found->lineage == then->lineage);
    CHECK(Difference(*found, *then) == "");
  }
}

TEST_CASE("serials that never were, or are not kept, are refused") {
  const TestDirectory directory;
  const auto store = OpenAt(directory / "tkn.db", {.history_depth = 3});
  for (int i = 0; i < 6; ++i) Apply(*store, {.put = {SampleObject("t.a", i)}});
  CHECK(History(*store).size() == 3);
  for (const std::uint64_t serial : {2, 7, 100}) {
    Diagnostics diags;
    CHECK_FALSE(store->ReadAt(serial, diags));
    REQUIRE(diags.size() == 1);
    CHECK(diags[0].summary == "No such serial");
  }
  Diagnostics diags;
  CHECK(store->ReadAt(3, diags));
  CHECK(store->ReadAt(6, diags));
}

TEST_CASE("pruning forgets the older part and nothing of the present") {
  const TestDirectory directory;
  const auto store = OpenAt(directory / "tkn.db", {.history_depth = 0});
  for (int i = 0; i < 6; ++i) Apply(*store, {.put = {SampleObject("t.a", i)}});
  const auto before = Read(*store);
  Diagnostics diags;
  CHECK(store->PruneHistory(2, diags) == 4);
  CHECK(History(*store).size() == 2);
  CHECK(Difference(*Read(*store), *before) == "");
  CHECK(store->PruneHistory(0, diags) == 2);
  CHECK(store->PruneHistory(0, diags) == 0);
  CHECK(History(*store).empty());
  CHECK(Read(*store)->serial == 6);
}

}  // namespace
}  // namespace tkn::state
