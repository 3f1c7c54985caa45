#pragma once

#include <mutex>
#include <vector>

#include "engine/plan/run.h"

namespace tkn::plan {

// The ephemeral resources that one run has opened. Any thread may open; whoever made it closes all
// at the end.
class EphemeralResources {
 public:
  explicit EphemeralResources(Run& run) : run_(run) {}

  // What references see: the provider's result, or an unknown while the configuration is not known.
  // Marked ephemeral.
  Value Open(const ResourceInModule& resource, const Address& address, const Repetition& repetition,
             bool check_conditions, Diagnostics& diags);
  // Reports to the run.
  void CloseAll();

 private:
  struct Opened {
    Address address;
    providers::Provider* provider;
    providers::Provider::Ephemeral object;
  };
  Run& run_;
  std::mutex mutex_;
  std::vector<Opened> opened_;
};

}  // namespace tkn::plan
