#pragma once

#include <string>
#include <vector>

#include "engine/plan/schemas.h"
#include "engine/render/json_writer.h"
#include "state/store.h"

namespace tkn::render {

// An entry of "resources" in "values" and "planned_values".
struct ResourceJson {
  Address address;
  std::string json;
};

// {"resources":[...],"child_modules":[...]}: resources gathered by module. Sorted by address.
void WriteModules(std::vector<ResourceJson> resources, JsonWriter& out);

// The fields that say which resource instance it is: address, mode, type, name, index.
void WriteIdentity(const Address& address, JsonWriter& out);

// {"format_version",...,"values":{...}}, as a document of its own with its checks.
void WriteState(const state::Snapshot& snapshot, const plan::Schemas& schemas, bool with_checks,
                JsonWriter& out, Diagnostics& diags);

}  // namespace tkn::render
