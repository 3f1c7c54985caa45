#pragma once

#include <memory>

#include "providers/linode/resource.h"

namespace tkn::linode {

std::unique_ptr<ResourceType> MakeStackScriptType();
std::unique_ptr<DataSource> MakeStackScriptData();

}  // namespace tkn::linode
