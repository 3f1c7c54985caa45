#pragma once

#include <catch2/catch.hpp>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "state/lock_info.h"
#include "state/store_suite.h"

// Steps of the store's tests, each of which must succeed unless its name says otherwise, and the
// groups of checks that the suite is made of.
namespace tkn::state::suite {

inline Address At(const std::string& text) {
  Diagnostics diags;
  auto address = Address::Parse(text, diags);
  if (!address) throw std::logic_error("not an address: " + text);
  return *address;
}

inline std::string Say(const Diagnostics& diags) {
  std::string text;
  for (const Diagnostic& diagnostic : diags)
    text += diagnostic.summary + ": " + diagnostic.detail + "\n";
  return text;
}

// What must succeed: the error is shown.
inline void Ok(const std::function<bool(Diagnostics&)>& call) {
  Diagnostics diags;
  const bool ok = call(diags);
  INFO(Say(diags));
  REQUIRE(ok);
  REQUIRE_FALSE(diags.HasErrors());
}

inline std::string SummaryOfFailure(const std::function<bool(Diagnostics&)>& call) {
  Diagnostics diags;
  REQUIRE_FALSE(call(diags));
  REQUIRE(diags.HasErrors());
  CHECK_FALSE(diags[0].detail.empty());
  return diags[0].summary;
}

inline std::unique_ptr<StateStore> Open(StorePlace& place, const OpenOptions& options = {}) {
  Diagnostics diags;
  auto store = place.Open(options, diags);
  INFO(Say(diags));
  REQUIRE(store);
  return store;
}

inline std::shared_ptr<const Snapshot> Read(StateStore& store) {
  Diagnostics diags;
  auto snapshot = store.Read(diags);
  INFO(Say(diags));
  REQUIRE(snapshot);
  return snapshot;
}

inline void Begin(StateStore& store) {
  Ok([&](Diagnostics& diags) { return store.BeginOperation({.command = "apply"}, diags); });
}
inline void Finish(StateStore& store) {
  Ok([&](Diagnostics& diags) { return store.FinishOperation(diags); });
}
inline void Commit(StateStore& store, const StateStore::Change& change) {
  Ok([&](Diagnostics& diags) { return store.Commit(change, diags); });
}
inline void Apply(StateStore& store, const StateStore::Change& change) {
  Begin(store);
  Commit(store, change);
  Finish(store);
}
inline void Lock(StateStore& store, const std::string& operation = "OperationTypeApply") {
  Ok([&](Diagnostics& diags) {
    return store.Lock(NewLockInfo(operation, "", "0.1.0"), 0, nullptr, diags);
  });
}

inline Intent CreateOf(const std::string& address) {
  const StoredObject sample = SampleObject(address);
  return {.object = {sample.address, ""},
          .provider = sample.provider,
          .action = IntentAction::kCreate,
          .planned_json = R"({"label":"ci"})",
          .schema_version = 2};
}

inline std::vector<std::string> Addresses(const Snapshot& snapshot) {
  std::vector<std::string> list;
  for (const StoredObject& object : snapshot.objects) {
    list.push_back(object.address.ToString() +
                   (object.deposed_key.empty() ? "" : "!" + object.deposed_key));
  }
  return list;
}

void CheckLocks(StorePlace& place);
void CheckThreads(StorePlace& place);

}  // namespace tkn::state::suite
