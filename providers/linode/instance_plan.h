#pragma once

#include "providers/linode/resource.h"

namespace tkn::linode {

// What linode_instance plans for a create or an update: defaults filled in, spellings that mean the
// same left as they were, what a change makes unknown, and what it forces to be replaced. Asks
// nothing of the API.
PlanResponse PlanInstance(const ResourceType& resource, const PlanRequest& request,
                          Diagnostics& diags);

}  // namespace tkn::linode
