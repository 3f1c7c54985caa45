#pragma once

#include <memory>
#include <string>
#include <vector>

#include "providers/linode/record.h"
#include "providers/linode/resource.h"

namespace tkn::linode {

// A data source that is one GET. `path` has the arguments' names in braces: "regions/{id}".
struct LookupDefinition {
  std::string type;
  std::string path;
  std::vector<AttributeSchema> attributes;  // named as the fields, "id" where it is an argument
  std::string error_summary;                // % is the first argument
  // Changes what was read: times, the id of what has none.
  void (*finish)(const Value& answer, Record& record) = nullptr;
};
std::unique_ptr<DataSource> MakeLookup(LookupDefinition definition);

// "2018-01-02T03:04:05" as RFC 3339; null for no text.
Value ApiTime(const Value& text);

}  // namespace tkn::linode
