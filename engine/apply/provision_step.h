#pragma once

#include <vector>

#include "engine/plan/run.h"

namespace tkn::apply {

// The object whose provisioners run. Everything referred to must outlive the call.
struct ProvisionTarget {
  const plan::ModuleInstance& module;
  const plan::Repetition& repetition;
  const Address& address;
  const Value& self;  // with its marks
  const std::vector<config::Provisioner>& provisioners;
  const parser::Body* connection = nullptr;  // the resource's
};

[[nodiscard]] bool HasProvisioners(const config::Resource& block, config::ProvisionerWhen when);

// Runs those for `when` one after the other, each line of output to the hooks; output of a step
// that is configured from sensitive values is left out. False when one failed that must not: an
// error is added, the rest is not run.
[[nodiscard]] bool RunProvisioners(plan::Run& run, const ProvisionTarget& target,
                                   config::ProvisionerWhen when, Diagnostics& diags);

}  // namespace tkn::apply
