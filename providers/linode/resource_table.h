#pragma once

#include <memory>
#include <vector>

#include "providers/linode/resource.h"

namespace tkn::linode {

// Every resource type, data source and ephemeral resource there is. To add one: a file of its own,
// and a line in resource_table.cc.
std::vector<std::unique_ptr<ResourceType>> MakeResourceTypes();
std::vector<std::unique_ptr<DataSource>> MakeDataSources();
std::vector<std::unique_ptr<EphemeralType>> MakeEphemeralTypes();

}  // namespace tkn::linode
