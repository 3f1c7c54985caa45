#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/schema/schema.h"
#include "engine/value/path.h"
#include "engine/value/value.h"
#include "providers/provider.h"
#include "state/store.h"

// Between objects as the state keeps them and as the engine works with them. Any thread.
namespace tkn::plan {

// An object with its sensitive paths beside it: those recorded, and those that the schema names.
struct DecodedObject {
  Value value;                     // unmarked, of the schema's type
  std::vector<PathMarks> marks{};  // sorted by path

  Value Marked() const { return value.MarkPaths(marks); }
};

// Upgrades what an older version of the provider stored. nullopt after an error.
[[nodiscard]] std::optional<DecodedObject> DecodeObject(const state::StoredObject& stored,
                                                        const Schema& schema,
                                                        providers::Provider& provider,
                                                        Diagnostics& diags);

// The sensitive paths of `value`: `recorded` ones and the schema's, sorted, each once.
std::vector<PathMarks> SensitiveMarks(const Value& value, const BlockSchema& schema,
                                      std::vector<PathMarks> recorded);
bool SamePaths(const std::vector<PathMarks>& a, const std::vector<PathMarks>& b);

// Fills in attributes, schema version, sensitive paths of `stored` from a value without marks and
// unknowns.
void EncodeObject(const Value& value, const std::vector<PathMarks>& marks, const Schema& schema,
                  state::StoredObject& stored);

// `value` as references to `address` see it: marks also say which resource attribute a secret came
// from.
Value WithOrigins(const Value& value, const std::vector<PathMarks>& marks,
                  const std::string& address);

// Attribute and text that name an object to people: "id" or "name", else empty. Not if sensitive.
std::pair<std::string, std::string> DisplayId(const Value& value);

// Unknowns become null: what a state can hold of a half-made object.
Value UnknownsAsNull(const Value& value);

}  // namespace tkn::plan
