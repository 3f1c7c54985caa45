#pragma once

#include <string_view>

namespace tkn::state {

// The text of schema.sql; made from it when the program is built.
extern const std::string_view kSchemaSql;

}  // namespace tkn::state
