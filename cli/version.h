#pragma once

namespace tkn::cli {

inline constexpr const char* kVersion = "0.1.0";
// Whose behaviour we have: what `required_version` is compared with, and what plans, states and
// JSON documents say.
inline constexpr const char* kTerraformVersion = "1.11.4";

}  // namespace tkn::cli
