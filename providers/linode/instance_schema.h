#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "engine/schema/schema.h"
#include "parser/diagnostic.h"

namespace tkn::linode {

Schema InstanceSchema();
// What can be told from the configuration alone.
void ValidateInstance(const Value& config, Diagnostics& diags);

inline constexpr char kDefaultInstanceType[] = "g6-standard-1";

// "1h30m", "90s", "1.5h", as Go writes durations.
std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text);

// Whether a block was given; blocks of the older kind are lists.
bool HasBlock(const Value& list);
// Null, "", 0, false and empty collections: all "not set" to the older half of the real provider.
bool IsEmptyValue(const Value& value);
// Both empty, or equal.
bool SameSetting(const Value& a, const Value& b);

}  // namespace tkn::linode
