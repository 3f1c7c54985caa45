#include "state/store_suite.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <functional>
#include <stdexcept>
#include <thread>

#include "state/lock_info.h"
#include "state/object_json.h"

namespace tkn::state {
namespace {

Address At(const std::string& text) {
  Diagnostics diags;
  auto address = Address::Parse(text, diags);
  if (!address) throw std::logic_error("not an address: " + text);
  return *address;
}

std::string Say(const Diagnostics& diags) {
  std::string text;
  for (const Diagnostic& diagnostic : diags)
    text += diagnostic.summary + ": " + diagnostic.detail + "\n";
  return text;
}

// What must succeed: the error is shown.
void Ok(const std::function<bool(Diagnostics&)>& call) {
  Diagnostics diags;
  const bool ok = call(diags);
  INFO(Say(diags));
  REQUIRE(ok);
  REQUIRE_FALSE(diags.HasErrors());
}

std::string SummaryOfFailure(const std::function<bool(Diagnostics&)>& call) {
  Diagnostics diags;
  REQUIRE_FALSE(call(diags));
  REQUIRE(diags.HasErrors());
  CHECK_FALSE(diags[0].detail.empty());
  return diags[0].summary;
}

std::unique_ptr<StateStore> Open(StorePlace& place, const OpenOptions& options = {}) {
  Diagnostics diags;
  auto store = place.Open(options, diags);
  INFO(Say(diags));
  REQUIRE(store);
  return store;
}

std::shared_ptr<const Snapshot> Read(StateStore& store) {
  Diagnostics diags;
  auto snapshot = store.Read(diags);
  INFO(Say(diags));
  REQUIRE(snapshot);
  return snapshot;
}

void Begin(StateStore& store) {
  Ok([&](Diagnostics& diags) { return store.BeginOperation({.command = "apply"}, diags); });
}
void Finish(StateStore& store) {
  Ok([&](Diagnostics& diags) { return store.FinishOperation(diags); });
}
void Commit(StateStore& store, const StateStore::Change& change) {
  Ok([&](Diagnostics& diags) { return store.Commit(change, diags); });
}
void Apply(StateStore& store, const StateStore::Change& change) {
  Begin(store);
  Commit(store, change);
  Finish(store);
}
void Lock(StateStore& store, const std::string& operation = "OperationTypeApply") {
  Ok([&](Diagnostics& diags) {
    return store.Lock(NewLockInfo(operation, "", "0.1.0"), 0, nullptr, diags);
  });
}

Intent CreateOf(const std::string& address) {
  const StoredObject sample = SampleObject(address);
  return {.object = {sample.address, ""},
          .provider = sample.provider,
          .action = IntentAction::kCreate,
          .planned_json = R"({"label":"ci"})",
          .schema_version = 2};
}

std::vector<std::string> Addresses(const Snapshot& snapshot) {
  std::vector<std::string> list;
  for (const StoredObject& object : snapshot.objects) {
    list.push_back(object.address.ToString() +
                   (object.deposed_key.empty() ? "" : "!" + object.deposed_key));
  }
  return list;
}

void CheckEmpty(StorePlace& place) {
  SECTION("what was never written is empty, and reading it makes nothing") {
    for (const bool read_only : {true, false}) {
      auto store = Open(place, {.read_only = read_only});
      const auto snapshot = Read(*store);
      CHECK(snapshot->IsEmpty());
      CHECK(snapshot->serial == 0);
      CHECK(snapshot->lineage.empty());
      CHECK(snapshot->checks.json == "null");
      Diagnostics diags;
      CHECK(store->OpenIntents(diags).empty());
      CHECK(diags.empty());
      CHECK(store->Workspaces() == std::vector<std::string>{"default"});
    }
  }
  SECTION("an operation that changes nothing takes no serial") {
    auto store = Open(place);
    Begin(*store);
    Finish(*store);
    CHECK(Read(*store)->serial == 0);
    CHECK(Read(*store)->lineage.empty());
  }
}

void CheckObjects(StorePlace& place) {
  SECTION("all of an object comes back, to every reader") {
    StoredObject plain = SampleObject("terraform_data.plain");
    plain.sensitive_paths.clear();
    plain.dependencies.clear();
    plain.private_bytes.clear();
    plain.identity_json.clear();
    plain.identity_schema_version = 0;
    StoredObject deposed = SampleObject("terraform_data.a", 2);
    deposed.deposed_key = "0a1b2c3d";
    deposed.status = ObjectStatus::kTainted;
    std::vector<StoredObject> objects = {
        SampleObject("terraform_data.a"),
        deposed,
        plain,
        SampleObject("data.terraform_remote_state.net"),
        SampleObject("module.m[\"k.\\\"x\\\"\"].module.n[3].linode_token.ci[\"\"]"),
        SampleObject("linode_token.ci[\"\xC3\xA9 $${\"]")};
    auto store = Open(place);
    Apply(*store, {.put = objects});
    auto other = Open(place, {.read_only = true});
    for (StateStore* reader : {store.get(), other.get()}) {
      const auto snapshot = Read(*reader);
      REQUIRE(snapshot->objects.size() == objects.size());
      for (const StoredObject& object : objects) {
        const StoredObject* found = snapshot->Find(object.address, object.deposed_key);
        REQUIRE(found);
        CHECK(Difference(object, *found) == "");
      }
      CHECK(snapshot->serial == 1);
      CHECK(snapshot->lineage.size() == 36);
      CHECK(snapshot->terraform_version == "1.11.4");
    }
  }
  SECTION("objects come in the order of addresses, 2 before 10") {
    auto store = Open(place);
    StateStore::Change change;
    for (const char* address : {"module.b.t.a", "t.a[10]", "t.a[2]", "t.a[\"x\"]", "data.t.z",
                                "s.a", "module.b[1].t.a"}) {
      change.put.push_back(SampleObject(address));
    }
    Apply(*store, change);
    CHECK(Addresses(*Read(*store)) == std::vector<std::string>{"data.t.z", "s.a", "t.a[2]",
                                                               "t.a[10]", "t.a[\"x\"]",
                                                               "module.b.t.a", "module.b[1].t.a"});
    const auto range = Read(*store)->Range(At("t.a[2]").Resource());
    CHECK(range == std::pair<std::size_t, std::size_t>{2, 5});
    const auto none = Read(*store)->Range(At("t.none").Resource());
    CHECK(none.first == none.second);
  }
  SECTION("a change writes what changed and removes what is gone") {
    auto store = Open(place);
    Apply(*store, {.put = {SampleObject("t.a"), SampleObject("t.b"), SampleObject("t.c")}});
    const std::string lineage = Read(*store)->lineage;
    Apply(*store,
          {.put = {SampleObject("t.b", 2)}, .remove = {{At("t.c"), ""}, {At("t.none"), ""}}});
    const auto snapshot = Read(*store);
    CHECK(Addresses(*snapshot) == std::vector<std::string>{"t.a", "t.b"});
    CHECK(Difference(*snapshot->Find(At("t.b")), SampleObject("t.b", 2)) == "");
    CHECK(snapshot->serial == 2);
    CHECK(snapshot->lineage == lineage);
  }
  SECTION("writing what is there already takes no serial") {
    auto store = Open(place);
    Apply(*store, {.put = {SampleObject("t.a")}});
    Apply(*store, {.put = {SampleObject("t.a")}, .remove = {{At("t.none"), ""}}});
    CHECK(Read(*store)->serial == 1);
  }
  SECTION("an operation is one serial, however many commits it has") {
    auto store = Open(place);
    Begin(*store);
    for (int i = 0; i < 5; ++i)
      Commit(*store, {.put = {SampleObject("t.a[" + std::to_string(i) + "]")}});
    Finish(*store);
    CHECK(Read(*store)->serial == 1);
    CHECK(Read(*store)->objects.size() == 5);
  }
  SECTION("a commit is seen by others before the operation ends") {
    auto store = Open(place);
    Begin(*store);
    Commit(*store, {.put = {SampleObject("t.a")}});
    CHECK(Read(*Open(place, {.read_only = true}))->objects.size() == 1);
  }
  SECTION("an old snapshot stays as it was read") {
    auto store = Open(place);
    Apply(*store, {.put = {SampleObject("t.a")}});
    const auto before = Read(*store);
    Apply(*store, {.put = {SampleObject("t.a", 2)}});
    CHECK(Difference(*before->Find(At("t.a")), SampleObject("t.a", 1)) == "");
  }
}

void CheckOutputs(StorePlace& place) {
  SECTION("outputs and checks are replaced as a whole") {
    auto store = Open(place);
    const std::vector<StoredOutput> first = {
        {"a", "1", "\"number\"", false},
        {"b", "{\"x\":12345678901234567890123.5}", "[\"map\",\"number\"]", true}};
    Begin(*store);
    Ok([&](Diagnostics& d) {
      return store->CommitOutputs(first, {R"([{"object_kind":"check"}])"}, d);
    });
    Finish(*store);
    CHECK(Read(*store)->outputs.size() == 2);
    CHECK(Read(*store)->outputs[1].value_json == first[1].value_json);
    CHECK(Read(*store)->outputs[1].sensitive);
    CHECK(Read(*store)->checks.json == R"([{"object_kind":"check"}])");
    Begin(*store);
    Ok([&](Diagnostics& d) {
      return store->CommitOutputs({{"c", "true", "\"bool\"", false}, first[0]}, {}, d);
    });
    Finish(*store);
    const auto snapshot = Read(*store);
    REQUIRE(snapshot->outputs.size() == 2);
    CHECK(snapshot->outputs[0].name == "a");
    CHECK(snapshot->outputs[1].name == "c");
    CHECK(snapshot->checks.json == "null");
    CHECK(snapshot->serial == 2);
    Begin(*store);
    Ok([&](Diagnostics& d) {
      return store->CommitOutputs(snapshot->outputs, snapshot->checks, d);
    });
    Finish(*store);
    CHECK(Read(*store)->serial == 2);
  }
}

void CheckIntents(StorePlace& place) {
  SECTION("an intent outlives its process until its end is committed") {
    std::int64_t id = 0;
    {
      auto store = Open(place);
      Begin(*store);
      Intent intent = CreateOf("linode_token.ci[\"a\"]");
      Ok([&](Diagnostics& d) { return store->RecordIntent(intent, d); });
      CHECK(intent.id > 0);
      id = intent.id;
    }
    auto store = Open(place);
    CHECK(Read(*store)->serial == 0);
    Diagnostics diags;
    auto open = store->OpenIntents(diags);
    REQUIRE(open.size() == 1);
    CHECK(open[0].id == id);
    CHECK(open[0].object == ObjectKey{At("linode_token.ci[\"a\"]"), ""});
    CHECK(open[0].provider == SampleObject("t.a").provider);
    CHECK(open[0].action == IntentAction::kCreate);
    CHECK(open[0].planned_json == R"({"label":"ci"})");
    CHECK(open[0].schema_version == 2);
    CHECK(open[0].started_unix_seconds > 1'600'000'000);
    CHECK(open[0].serial == 1);
    CHECK_FALSE(open[0].object_is_stored);
    Begin(*store);
    Commit(*store, {.ends_intent = id, .put = {SampleObject("linode_token.ci[\"a\"]")}});
    Finish(*store);
    CHECK(store->OpenIntents(diags).empty());
    CHECK(Read(*store)->objects.size() == 1);
  }
  SECTION("an intent whose object was stored before its end says so") {
    auto store = Open(place);
    Begin(*store);
    Intent intent = CreateOf("linode_instance.web");
    Ok([&](Diagnostics& d) { return store->RecordIntent(intent, d); });
    Commit(*store, {.put = {SampleObject("linode_instance.web")}});
    Diagnostics diags;
    REQUIRE(store->OpenIntents(diags).size() == 1);
    CHECK(store->OpenIntents(diags)[0].object_is_stored);
  }
  SECTION("ids are not given twice") {
    auto store = Open(place);
    Begin(*store);
    Intent first = CreateOf("t.a");
    Ok([&](Diagnostics& d) { return store->RecordIntent(first, d); });
    Commit(*store, {.ends_intent = first.id});
    Intent second = CreateOf("t.a");
    Ok([&](Diagnostics& d) { return store->RecordIntent(second, d); });
    CHECK(second.id != first.id);
  }
  SECTION("a second intent for one object is a bug, and harms nothing") {
    auto store = Open(place);
    Begin(*store);
    Intent intent = CreateOf("t.a");
    Ok([&](Diagnostics& d) { return store->RecordIntent(intent, d); });
    Intent again = CreateOf("t.a");
    Diagnostics diags;
    CHECK_THROWS_AS(store->RecordIntent(again, diags), std::logic_error);
    Intent deposed = CreateOf("t.a");
    deposed.object.deposed_key = "00000001";
    deposed.action = IntentAction::kDelete;
    Ok([&](Diagnostics& d) { return store->RecordIntent(deposed, d); });
    CHECK(store->OpenIntents(diags).size() == 2);
  }
  SECTION("changes belong into operations") {
    auto store = Open(place);
    Diagnostics diags;
    CHECK_THROWS_AS(store->Commit({.put = {SampleObject("t.a")}}, diags), std::logic_error);
    CHECK_THROWS_AS(store->FinishOperation(diags), std::logic_error);
    Begin(*store);
    CHECK_THROWS_AS(store->BeginOperation({.command = "apply"}, diags), std::logic_error);
  }
}

void CheckWorkspaces(StorePlace& place) {
  SECTION("workspaces keep apart") {
    auto main = Open(place);
    Ok([&](Diagnostics& d) { return main->CreateWorkspace("dev", d); });
    Apply(*main, {.put = {SampleObject("t.a")}});
    auto dev = Open(place, {.workspace = "dev"});
    CHECK(dev->workspace() == "dev");
    CHECK(Read(*dev)->IsEmpty());
    Apply(*dev, {.put = {SampleObject("t.a", 2), SampleObject("t.b")}});
    CHECK(Read(*main)->objects.size() == 1);
    CHECK(Read(*dev)->lineage != Read(*main)->lineage);
    CHECK(main->Workspaces() == std::vector<std::string>{"default", "dev"});
    CHECK(SummaryOfFailure([&](Diagnostics& d) { return main->CreateWorkspace("dev", d); }) ==
          "Workspace already exists");
    CHECK(SummaryOfFailure([&](Diagnostics& d) { return main->CreateWorkspace("default", d); }) ==
          "Workspace already exists");
    Ok([&](Diagnostics& d) { return main->DeleteWorkspace("dev", d); });
    CHECK(main->Workspaces() == std::vector<std::string>{"default"});
    CHECK(Read(*Open(place, {.workspace = "dev"}))->IsEmpty());
    CHECK(SummaryOfFailure([&](Diagnostics& d) { return main->DeleteWorkspace("dev", d); }) ==
          "Failed to delete workspace");
    CHECK(SummaryOfFailure([&](Diagnostics& d) { return main->DeleteWorkspace("default", d); }) ==
          "Failed to delete workspace");
    CHECK(Read(*main)->objects.size() == 1);
  }
  SECTION("a workspace that appears with its first write is listed") {
    auto store = Open(place, {.workspace = "new"});
    Apply(*store, {.put = {SampleObject("t.a")}});
    CHECK(store->Workspaces() == std::vector<std::string>{"default", "new"});
  }
}

void CheckReplace(StorePlace& place) {
  Snapshot pushed;
  pushed.lineage = "11111111-aaaa-bbbb-cccc-333333333333";
  pushed.serial = 7;
  pushed.objects = {SampleObject("t.a"), SampleObject("t.c")};
  pushed.outputs = {{"o", "1", "\"number\"", false}};
  pushed.checks.json = "[]";
  SECTION("Replace makes the state what is given, with its serial and lineage") {
    auto store = Open(place);
    Ok([&](Diagnostics& d) { return store->Replace(pushed, {.command = "state push"}, d); });
    const auto snapshot = Read(*store);
    CHECK(Difference(*snapshot, pushed) == "");
    CHECK(snapshot->serial == 7);
    CHECK(snapshot->lineage == pushed.lineage);
    Ok([&](Diagnostics& d) { return store->Replace(pushed, {.command = "state push"}, d); });
    CHECK(Read(*store)->serial == 7);
    Apply(*store, {.put = {SampleObject("t.d")}});
    CHECK(Read(*store)->serial == 8);
  }
  SECTION("Replace over a newer state takes the next serial; no lineage keeps ours") {
    auto store = Open(place);
    for (int i = 0; i < 9; ++i) Apply(*store, {.put = {SampleObject("t.b", i)}});
    const std::string lineage = Read(*store)->lineage;
    pushed.lineage.clear();
    Ok([&](Diagnostics& d) { return store->Replace(pushed, {.command = "state push"}, d); });
    const auto snapshot = Read(*store);
    CHECK(Difference(*snapshot, pushed) == "");
    CHECK(snapshot->serial == 10);
    CHECK(snapshot->lineage == lineage);
  }
}

void CheckLocks(StorePlace& place) {
  SECTION("one writer; the other is told who holds the lock") {
    auto holder = Open(place);
    auto other = Open(place);
    CHECK_FALSE(other->CurrentLock());
    LockInfo info = NewLockInfo("OperationTypeApply", "nightly", "0.1.0");
    Ok([&](Diagnostics& d) { return holder->Lock(info, 0, nullptr, d); });
    REQUIRE(other->CurrentLock());
    CHECK(other->CurrentLock()->id == info.id);
    Diagnostics diags;
    int waits = 0;
    REQUIRE_FALSE(other->Lock(
        NewLockInfo("OperationTypePlan", "", "0.1.0"), 0.05, [&] { ++waits; }, diags));
    CHECK(waits == 1);
    REQUIRE(diags.size() == 1);
    CHECK(diags[0].summary == "Error acquiring the state lock");
    for (const std::string& part :
         {std::string("Lock Info:\n  ID:        ") + info.id, std::string("OperationTypeApply"),
          info.who, std::string("nightly"), info.created}) {
      CHECK_THAT(diags[0].detail, Catch::Contains(part));
    }
    Ok([&](Diagnostics& d) { return holder->Unlock(d); });
    Lock(*other);
    Ok([&](Diagnostics& d) { return other->Unlock(d); });
    CHECK_FALSE(holder->CurrentLock());
  }
  SECTION("a wait ends when the lock is free") {
    auto holder = Open(place);
    auto other = Open(place);
    Lock(*holder);
    std::thread release([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(80));
      Diagnostics diags;
      static_cast<void>(holder->Unlock(diags));
    });
    Diagnostics diags;
    const bool got =
        other->Lock(NewLockInfo("OperationTypeApply", "", "0.1.0"), 20, nullptr, diags);
    release.join();
    CHECK(got);
  }
  SECTION("the lock goes with its holder") {
    auto other = Open(place);
    {
      auto holder = Open(place);
      Lock(*holder);
    }
    CHECK_FALSE(other->CurrentLock());
    Lock(*other);
  }
  SECTION("a writer that lost its lock can't write") {
    auto first = Open(place);
    Lock(*first);
    Begin(*first);
    Commit(*first, {.put = {SampleObject("t.a")}});
    const std::string id = first->CurrentLock()->id;
    auto second = Open(place);
    CHECK(SummaryOfFailure([&](Diagnostics& d) { return second->ForceUnlock("none", d); }) ==
          "Failed to unlock state");
    Ok([&](Diagnostics& d) { return second->ForceUnlock(id, d); });
    CHECK(SummaryOfFailure([&](Diagnostics& d) {
            return first->Commit({.put = {SampleObject("t.b")}}, d);
          }) == "State lock lost");
    Lock(*second);
    CHECK(SummaryOfFailure([&](Diagnostics& d) {
            Intent intent = CreateOf("t.c");
            return first->RecordIntent(intent, d);
          }) == "State lock lost");
    Apply(*second, {.put = {SampleObject("t.z")}});
    CHECK(SummaryOfFailure([&](Diagnostics& d) { return first->FinishOperation(d); }) ==
          "State lock lost");
    CHECK(SummaryOfFailure([&](Diagnostics& d) { return first->Unlock(d); }) ==
          "Error releasing the state lock");
    CHECK(Addresses(*Read(*second)) == std::vector<std::string>{"t.a", "t.z"});
    Ok([&](Diagnostics& d) { return second->Unlock(d); });
  }
  SECTION("without a lock, a state that moved on is not overwritten") {
    auto first = Open(place);
    auto second = Open(place);
    Read(*first);
    Begin(*first);
    Apply(*second, {.put = {SampleObject("t.a")}});
    CHECK(SummaryOfFailure([&](Diagnostics& d) {
            return first->Commit({.put = {SampleObject("t.a", 2)}}, d);
          }) == "State lock lost");
    auto third = Open(place);
    Read(*third);
    Apply(*second, {.put = {SampleObject("t.b")}});
    CHECK(SummaryOfFailure([&](Diagnostics& d) {
            return third->BeginOperation({.command = "apply"}, d);
          }) == "State lock lost");
    CHECK(Difference(*Read(*second)->Find(At("t.a")), SampleObject("t.a", 1)) == "");
  }
}

void CheckThreads(StorePlace& place) {
  SECTION("eight threads commit, and every commit that returned is there") {
    auto store = Open(place);
    Lock(*store);
    Begin(*store);
    std::atomic<int> failures{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 20; ++i) {
          const std::string address = "t.a[" + std::to_string(t * 100 + i) + "]";
          Diagnostics diags;
          Intent intent = CreateOf(address);
          StateStore::Change change;
          change.put = {SampleObject(address)};
          if (!store->RecordIntent(intent, diags)) ++failures;
          change.ends_intent = intent.id;
          if (!store->Commit(change, diags)) ++failures;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(failures == 0);
    Finish(*store);
    Ok([&](Diagnostics& d) { return store->Unlock(d); });
    auto other = Open(place, {.read_only = true});
    CHECK(Read(*other)->objects.size() == 160);
    CHECK(Read(*other)->serial == 1);
    Diagnostics diags;
    CHECK(other->OpenIntents(diags).empty());
  }
}

}  // namespace

StoredObject SampleObject(const std::string& address, int version) {
  StoredObject object;
  object.address = At(address);
  object.provider = {{}, {"registry.terraform.io", "linode", "linode"}, "eu"};
  object.schema_version = 3;
  object.attributes_json =
      "{\"big\":12345678901234567890123.5,\"label\":\"v" + std::to_string(version) +
      "\",\"list\":[\"a\",\"b\"],\"token\":\"secret-" + std::to_string(version) + "\"}";
  object.sensitive_paths = {{PathStep::Attribute("list"), PathStep::Index(1)},
                            {PathStep::Attribute("token")}};
  object.private_bytes = std::string("\0\xff private", 10);
  object.dependencies = {{{}, {ResourceMode::kManaged, "linode_token", "x"}},
                         {{"m"}, {ResourceMode::kData, "linode_profile", "me"}}};
  std::sort(object.dependencies.begin(), object.dependencies.end());
  object.create_before_destroy = true;
  object.identity_json = R"({"id":"1"})";
  object.identity_schema_version = 1;
  return object;
}

std::string Difference(const StoredObject& a, const StoredObject& b) {
  std::string text;
  const auto compare = [&text](const char* name, const auto& x, const auto& y) {
    if (!(x == y)) text += std::string(text.empty() ? "" : ", ") + name;
  };
  compare("address", a.address, b.address);
  compare("deposed_key", a.deposed_key, b.deposed_key);
  compare("provider", a.provider, b.provider);
  compare("status", a.status, b.status);
  compare("schema_version", a.schema_version, b.schema_version);
  compare("attributes_json", a.attributes_json, b.attributes_json);
  compare("sensitive_paths", SensitivePathsToJson(a.sensitive_paths),
          SensitivePathsToJson(b.sensitive_paths));
  compare("private_bytes", a.private_bytes, b.private_bytes);
  compare("dependencies", a.dependencies, b.dependencies);
  compare("create_before_destroy", a.create_before_destroy, b.create_before_destroy);
  compare("identity_json", a.identity_json, b.identity_json);
  compare("identity_schema_version", a.identity_schema_version, b.identity_schema_version);
  return text;
}

std::string Difference(const Snapshot& a, const Snapshot& b) {
  std::string text;
  if (Addresses(a) != Addresses(b)) return "which objects there are";
  for (std::size_t i = 0; i < a.objects.size(); ++i) {
    const std::string difference = Difference(a.objects[i], b.objects[i]);
    if (!difference.empty()) text += a.objects[i].address.ToString() + ": " + difference + "\n";
  }
  const auto same = [](const StoredOutput& x, const StoredOutput& y) {
    return x.name == y.name && x.value_json == y.value_json && x.type_json == y.type_json &&
           x.sensitive == y.sensitive;
  };
  if (!std::equal(a.outputs.begin(), a.outputs.end(), b.outputs.begin(), b.outputs.end(), same))
    text += "outputs\n";
  if (a.checks.json != b.checks.json) text += "checks\n";
  return text;
}

void CheckStore(StorePlace& place) {
  CheckEmpty(place);
  CheckObjects(place);
  CheckOutputs(place);
  CheckIntents(place);
  CheckWorkspaces(place);
  CheckReplace(place);
  CheckLocks(place);
  CheckThreads(place);
}

}  // namespace tkn::state
