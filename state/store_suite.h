#pragma once

#include <memory>
#include <string>

#include "state/store.h"

namespace tkn::state {

// Where a store is kept during one run of the suite. Each Open() is as another process would open
// it.
class StorePlace {
 public:
  virtual ~StorePlace() = default;
  // nullptr with an error in `diags`.
  virtual std::unique_ptr<StateStore> Open(const OpenOptions& options, Diagnostics& diags) = 0;
};

// What every StateStore does. To be called in one TEST_CASE per implementation: the SECTIONs are in
// it, and each run of them gets a new place.
void CheckStore(StorePlace& place);

// For tests: an object with all its fields set, which vary with `version`;
// Sample("terraform_data.a", 1).
StoredObject SampleObject(const std::string& address, int version = 1);
// Every field, so that a failed test says which one differs; "" if they are equal.
std::string Difference(const StoredObject& a, const StoredObject& b);
std::string Difference(const Snapshot& a, const Snapshot& b);

}  // namespace tkn::state
