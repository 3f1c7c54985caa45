#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "providers/linode/api_path.h"
#include "providers/linode/record.h"

namespace tkn::linode {

// "domains/{domain_id}/records" with what `record` has for the names in braces, texts and numbers;
// each is one segment.
ApiPath FillPath(std::string_view path, const Record& record);
// The names in braces, in order.
std::vector<std::string> NamesIn(std::string_view path);

}  // namespace tkn::linode
