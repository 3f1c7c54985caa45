#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parser/diagnostic.h"

// People's own queries on the documented views.
namespace tkn::state {

struct QueryCell {
  enum class Kind : std::uint8_t { kNull, kNumber, kText };
  Kind kind = Kind::kNull;
  std::string text{};
};

struct QueryResult {
  std::vector<std::string> columns;
  std::vector<std::vector<QueryCell>> rows;
};

// `attributes` of an object in which the recorded sensitive paths are hidden already, with what
// else of it must not be shown hidden too: what the schema of its type calls sensitive.
using AttributeMask = std::function<std::string(std::string_view provider, std::string_view mode,
                                                std::string_view type, std::string attributes)>;

// Runs one SELECT. It sees the views of schema.sql and nothing else: SQLite's authorizer refuses
// tables, pragmas and every kind of change while the statement is compiled. nullopt after an error;
// no file is an error.
std::optional<QueryResult> QueryDatabase(const std::string& path, const std::string& sql,
                                         const AttributeMask& mask, Diagnostics& diags);

}  // namespace tkn::state
