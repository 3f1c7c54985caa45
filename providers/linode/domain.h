#pragma once

#include <memory>

#include "providers/linode/resource.h"

namespace tkn::linode {

std::unique_ptr<ResourceType> MakeDomainType();
std::unique_ptr<ResourceType> MakeDomainRecordType();

}  // namespace tkn::linode
