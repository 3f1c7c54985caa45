#include <algorithm>
#include <atomic>
#include <thread>

#include "state/lock_info.h"
#include "state/store_steps.h"

namespace tkn::state::suite {

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

}  // namespace tkn::state::suite
