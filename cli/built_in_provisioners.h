#pragma once

#include "provisioners/provisioner.h"

namespace tkn::cli {

// The provisioners that this program is built with.
void AddBuiltInProvisioners(provisioners::Registry& registry);

}  // namespace tkn::cli
