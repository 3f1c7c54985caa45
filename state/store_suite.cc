#include "state/store_suite.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "state/store_steps.h"

namespace tkn::state {
namespace {

using namespace suite;

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
  SECTION("addresses can be had without the objects, and some objects without the others") {
    const auto addresses = [&place] {
      Diagnostics diags;
      const auto found = Open(place, {.read_only = true})->Addresses(diags);
      REQUIRE(found);
      CHECK(diags.empty());
      std::vector<std::string> list;
      for (const Address& address : *found) list.push_back(address.ToString());
      return list;
    };
    CHECK(addresses().empty());
    const std::vector<std::string> sorted = {"data.t.d",
                                             "t.a[2]",
                                             "t.a[10]",
                                             "t.a[\"10\"]",
                                             "t.b",
                                             "module.z.t.a",
                                             "module.a[0].module.b.t.a"};
    StateStore::Change change;
    for (const std::string& name : sorted) change.put.push_back(SampleObject(name));
    StoredObject deposed = SampleObject("t.b");
    deposed.deposed_key = "00000001";
    change.put.push_back(deposed);
    Apply(*Open(place), change);
    CHECK(addresses() == sorted);

    const auto part = [&place](const std::vector<std::string>& names) {
      std::vector<TargetAddress> wanted;
      Diagnostics diags;
      for (const std::string& name : names)
        wanted.push_back(TargetAddress::Parse(name, diags).value());
      const auto found = Open(place, {.read_only = true})->ReadPart(wanted, diags);
      REQUIRE(found);
      CHECK(diags.empty());
      const auto whole = Read(*Open(place, {.read_only = true}));
      CHECK(found->serial == whole->serial);
      CHECK(found->lineage == whole->lineage);
      for (const StoredObject& object : found->objects)
        CHECK(Difference(object, *whole->Find(object.address, object.deposed_key)) == "");
      return Addresses(*found);
    };
    using Names = std::vector<std::string>;
    CHECK(part({"t.a[10]"}) == Names{"t.a[10]"});
    CHECK(part({"t.a[\"10\"]", "t.a[2]", "t.a[2]"}) == Names{"t.a[2]", "t.a[\"10\"]"});
    CHECK(part({"t.a"}) == Names{"t.a[2]", "t.a[10]", "t.a[\"10\"]"});
    CHECK(part({"t.a", "t.a[2]"}) == Names{"t.a[2]", "t.a[10]", "t.a[\"10\"]"});
    CHECK(part({"t.b"}) == Names{"t.b", "t.b!00000001"});
    CHECK(part({"data.t.d", "module.a"}) == Names{"data.t.d", "module.a[0].module.b.t.a"});
    CHECK(part({"module.a[1]", "t.none", "data.t.a"}).empty());
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

}  // namespace

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
