#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "providers/linode/record.h"
#include "providers/linode/resource.h"

// Resources that are a table: one object behind one path, attributes that are fields of its JSON.
// What a type needs beyond the table are small functions in its own file, which the table names.
namespace tkn::linode {

enum class When {
  kForcesNew,     // sent in the create; a change replaces the object
  kInPlace,       // sent in the create and in updates
  kAnswered,      // computed: comes from the API
  kAnsweredAnew,  // computed, and any update may change it
  kWriteOnce,     // computed and secret: from the answer to the create alone
  kOwner,         // names the object that this one belongs to, in the path; a change replaces
};

struct CrudField {
  AttributeSchema attribute;
  When when = When::kAnswered;
  bool is_time = false;  // the API's text becomes RFC 3339
  std::string field{};   // in the JSON, where it has another name
  // Validation: bytes of a text or the size of a number, from and to; the texts that are allowed.
  std::optional<std::pair<int, int>> bounds{};
  std::vector<std::string> one_of{};
  std::optional<Value> fallback{};  // planned when it is not configured
  // Whether two values mean one thing, so that the state's spelling stays.
  bool (*same)(const Value& state, const Value& other) = nullptr;
  // Of an attribute that changes in place: whether this change replaces after all.
  bool (*replaces)(const Value& prior, const Value& planned) = nullptr;
};

struct CrudTexts {
  std::string create;         // "Failed to create SSH Key"
  std::string read;           // "Unable to refresh the SSH Key"
  std::string update;         // "Failed to update SSH Key (%)": % is the id
  std::string remove;         // "Failed to delete the SSH Key (%)"
  std::string gone{};         // the warning when a refresh finds it gone; empty: none
  std::string gone_detail{};  // with % for the id
};

struct CrudDefinition {
  std::string type;
  std::string path;               // of the collection: "domains/{domain_id}/records"
  std::vector<CrudField> fields;  // "id" is added
  CrudTexts texts;
  std::int64_t version = 0;
  // As the older half of the real provider: what is not set reads as "", 0, false; the object is
  // read again after a create and an update; errors stand behind the summary; a delete wants the
  // object to be there.
  bool legacy = false;
  void (*validate)(const Value& config, Diagnostics& diags) = nullptr;
  // After an answer was taken over: what is no plain field. `before` is the state until then, null
  // of a create. An error in `context.diags` fails the call.
  void (*adjust)(const Value& before, const Value& answer, Record& record,
                 Context& context) = nullptr;
  // Attributes that tell a lost create's object from others.
  std::vector<std::string> recognised_by{};
};
std::unique_ptr<ResourceType> MakeCrud(CrudDefinition definition);

}  // namespace tkn::linode
