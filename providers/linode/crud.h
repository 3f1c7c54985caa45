#pragma once

#include <memory>
#include <string>
#include <vector>

#include "providers/linode/resource.h"

// Resources and data sources that are a table: one object behind one path, attributes that are
// fields of its JSON.
namespace tkn::linode {

enum class When {
  kForcesNew,  // sent in the create; a change replaces the object
  kInPlace,    // sent in the create and in updates
  kAnswered,   // computed: comes from the API
  kWriteOnce,  // computed and secret: from the answer to the create alone
};

struct CrudField {
  AttributeSchema attribute;
  When when = When::kAnswered;
  bool is_time = false;  // the API's text becomes RFC 3339
  std::string field{};   // in the JSON, where it has another name
};

struct CrudTexts {
  std::string create;       // "Failed to create SSH Key"
  std::string read;         // "Unable to refresh the SSH Key"
  std::string update;       // "Failed to update SSH Key (%)": % is the id
  std::string remove;       // "Failed to delete the SSH Key (%)"
  std::string gone;         // the warning when a refresh finds it gone
  std::string gone_detail;  // with % for the id
};

struct CrudDefinition {
  std::string type;
  ApiPath collection;
  std::vector<CrudField> fields;  // "id" is added
  CrudTexts texts;
  void (*validate)(const Value& config, Diagnostics& diags) = nullptr;
  // Fields that tell a lost create's object from others.
  std::vector<std::string> recognised_by{};
};
std::unique_ptr<ResourceType> MakeCrud(CrudDefinition definition);

// A data source that is one GET. `path` has the arguments' names in braces: "regions/{id}".
struct LookupDefinition {
  std::string type;
  std::string path;
  std::vector<AttributeSchema> attributes;  // named as the fields, "id" where it is an argument
  std::string error_summary;                // % is the first argument
  // Changes what was read: times, the id of what has none.
  void (*finish)(const Value& answer, class Record& record) = nullptr;
};
std::unique_ptr<DataSource> MakeLookup(LookupDefinition definition);

// "2018-01-02T03:04:05" as RFC 3339; null for no text.
Value ApiTime(const Value& text);

}  // namespace tkn::linode
