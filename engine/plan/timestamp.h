#pragma once

#include <cstdint>
#include <string>

namespace tkn::plan {

std::int64_t UnixNow();
// 2026-01-02T03:04:05Z
std::string Rfc3339(std::int64_t unix_seconds);

}  // namespace tkn::plan
