#pragma once

#include <memory>

#include "providers/linode/resource.h"

namespace tkn::linode {

std::unique_ptr<ResourceType> MakeDomainType();
std::unique_ptr<ResourceType> MakeDomainRecordType();
std::unique_ptr<DataSource> MakeDomainData();

}  // namespace tkn::linode
