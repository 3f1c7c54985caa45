#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/plan/evaluation.h"
#include "engine/plan/schemas.h"

namespace tkn::plan {

// The providers of one run, configured as the configuration says. Configure() is a step of the
// walk; Get and GetFor are for steps after it and, as everything here, for any thread.
class ProviderPool {
 public:
  ProviderPool(const Evaluation& evaluation, const Schemas& schemas, bool offline);

  // `index` into ModuleTree::providers(). False when an error was added.
  [[nodiscard]] bool Configure(std::uint32_t index, Diagnostics& diags);
  // nullptr: not configured (its step failed, or it has no module instance to be in).
  providers::Provider* Get(std::uint32_t index) const { return configured_[index].get(); }
  // For objects of the state; makes the implied configuration if there is none. nullptr after an
  // error.
  providers::Provider* GetFor(const ProviderConfigAddress& address, Diagnostics& diags);

  const Schemas& schemas() const { return schemas_; }

 private:
  std::shared_ptr<providers::Provider> Make(const ProviderConfigAddress& address,
                                            const config::ProviderConfig* config,
                                            const lang::Scope* scope, Diagnostics& diags);

  const Evaluation& evaluation_;
  const Schemas& schemas_;
  const bool offline_;
  std::vector<std::shared_ptr<providers::Provider>> configured_;
  std::mutex mutex_;
  std::map<ProviderConfigAddress, std::shared_ptr<providers::Provider>> implied_;
};

// Adds to what a provider reported where it belongs: the instance, and the place in `body` that its
// attribute path leads to, else `block`.
void PlaceDiagnostics(Diagnostics&& reported, const std::string& address, const parser::Body* body,
                      SourceRange block, Diagnostics& diags);

}  // namespace tkn::plan
