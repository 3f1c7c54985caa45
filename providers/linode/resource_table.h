#pragma once

#include <memory>
#include <vector>

#include "providers/linode/resource.h"

namespace tkn::linode {

// Every resource type and data source there is. To add one: a file of its own, and a line in
// resource_table.cc.
std::vector<std::unique_ptr<ResourceType>> MakeResourceTypes();
std::vector<std::unique_ptr<DataSource>> MakeDataSources();

}  // namespace tkn::linode
