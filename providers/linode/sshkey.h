#pragma once

#include <memory>

#include "providers/linode/resource.h"

namespace tkn::linode {

// linode_sshkey: a public key of the profile, put onto new Linodes by name.
std::unique_ptr<ResourceType> MakeSshKeyType();
std::unique_ptr<DataSource> MakeSshKeyData();

}  // namespace tkn::linode
