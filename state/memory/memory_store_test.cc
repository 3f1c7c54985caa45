#include "state/memory/memory_store.h"

#include <catch2/catch.hpp>

#include "state/store_suite.h"

namespace tkn::state {
namespace {

class MemoryPlace : public StorePlace {
 public:
  std::unique_ptr<StateStore> Open(const OpenOptions& options, Diagnostics&) override {
    return std::make_unique<MemoryStore>(file_, options);
  }

 private:
  std::shared_ptr<MemoryFile> file_ = NewMemoryFile();
};

TEST_CASE("the memory store is a store", "[store]") {
  MemoryPlace place;
  CheckStore(place);
}

TEST_CASE("the memory store records what it was asked") {
  MemoryStore store;
  Diagnostics diags;
  REQUIRE(store.BeginOperation({.command = "apply"}, diags));
  Intent intent{.object = {SampleObject("t.a").address, ""},
                .provider = SampleObject("t.a").provider,
                .planned_json = "{}"};
  REQUIRE(store.RecordIntent(intent, diags));
  REQUIRE(store.Commit({.ends_intent = intent.id, .put = {SampleObject("t.a")}}, diags));
  REQUIRE(store.CommitOutputs({}, {}, diags));
  REQUIRE(store.FinishOperation(diags));
  CHECK(store.asked() == std::vector<std::string>{"begin apply", "intent create t.a", "commit +t.a",
                                                  "outputs", "finish"});
}

TEST_CASE("the memory store fails the write it is told to fail, and goes on") {
  MemoryStore store;
  Diagnostics diags;
  REQUIRE(store.BeginOperation({.command = "apply"}, diags));
  store.FailWrite(2);
  REQUIRE(store.Commit({.put = {SampleObject("t.a")}}, diags));
  REQUIRE_FALSE(store.Commit({.put = {SampleObject("t.b")}}, diags));
  CHECK(diags[0].summary == "Failed to save state");
  REQUIRE(store.Commit({.put = {SampleObject("t.c")}}, diags));
  CHECK(store.Read(diags)->objects.size() == 2);
}

}  // namespace
}  // namespace tkn::state
