#pragma once

#include <memory>
#include <string>
#include <vector>

#include "providers/linode/record.h"
#include "providers/linode/resource.h"

namespace tkn::linode {

// A data source that lists a collection: with blocks `filter { name, values, match_by }`, and
// perhaps `order`, `order_by`, `latest`. What the API can filter by goes into the request, the rest
// is chosen here.
struct ListingDefinition {
  std::string type;
  std::string path;
  std::string items;                        // the attribute with the list: "regions"
  std::vector<AttributeSchema> attributes;  // of one of them, computed
  std::string error_summary;
  std::vector<std::string> api_filters;    // the API filters by these
  std::vector<std::string> local_filters;  // and these only we can
  bool ordered = false;                    // has order and order_by
  bool latest = false;                     // has latest: the newest by `created` alone
  void (*finish)(const Value& answer, Record& item) = nullptr;
};
std::unique_ptr<DataSource> MakeListing(ListingDefinition definition);

}  // namespace tkn::linode
