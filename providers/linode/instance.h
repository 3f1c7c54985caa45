#pragma once

#include <memory>

#include "providers/linode/resource.h"

namespace tkn::linode {

// linode_instance: a Linode made by one call from an image (or a backup, or empty), booted and
// waited for. Follows the older half of the real provider: unset optional arguments and "", 0,
// false mean the same; a password is kept as a hash.
std::unique_ptr<ResourceType> MakeInstanceType();

}  // namespace tkn::linode
