#pragma once

#include <memory>

#include "providers/linode/resource.h"

namespace tkn::linode {

// linode_token: a personal access token. Its secret is shown by the API once, in the answer to the
// create, and is never overwritten by a later answer, which holds 16 of its 64 digits.
std::unique_ptr<ResourceType> MakeTokenType();
std::unique_ptr<DataSource> MakeTokensData();
std::unique_ptr<EphemeralType> MakeEphemeralToken();

}  // namespace tkn::linode
