#pragma once

#include <optional>
#include <vector>

#include "engine/plan/prior_state.h"
#include "engine/plan/run.h"

// References of a resource block to itself. Its instances may look at each other, as far as there
// is an order in which they can be planned; an instance's own configuration cannot come from
// itself.
namespace tkn::plan {

class OwnReferences {
 public:
  OwnReferences(const config::ModuleNode& node, std::uint32_t resource);

  bool empty() const { return uses_.empty(); }
  // "Self-referential block" for those in count and for_each. False when there is one.
  [[nodiscard]] bool CheckRepetition(Diagnostics& diags) const;
  // The instance that all others of this module instance wait for, as an index into the keys; npos:
  // there is no order to keep. "Cycle: ..." and nullopt where they wait for each other; objects of
  // the state that are instances no more wait like the rest.
  [[nodiscard]] std::optional<std::size_t> FindFirst(const ModuleInstance& module,
                                                     const Expansion& expansion, PriorState& prior,
                                                     Diagnostics& diags) const;
  // "Self-referential block" for references in the body that lead to the instance itself. False
  // when there is one.
  [[nodiscard]] bool CheckBody(const InstanceKey& key, Diagnostics& diags) const;

 private:
  const ResourceName& name_;
  std::vector<const config::Use*> uses_;
};

}  // namespace tkn::plan
