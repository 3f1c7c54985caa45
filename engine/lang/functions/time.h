#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tkn::lang {

// An instant with the clock that it was written for.
struct Timestamp {
  std::int64_t seconds = 0;      // since 1970 in UTC
  std::int32_t nanoseconds = 0;  // 0 to 999,999,999
  std::int32_t offset = 0;       // of the written clock, in seconds east of UTC
};

// RFC 3339 as Terraform takes it: capital T and Z. On failure nullopt and `error`, which does not
// quote the text.
std::optional<Timestamp> ParseTimestamp(std::string_view text, std::string& error);
// Whole seconds, with "Z" for UTC.
std::string FormatTimestamp(const Timestamp& timestamp);
// Go's durations: "1h30m", "-1.5h", "100ms". In nanoseconds.
std::optional<std::int64_t> ParseDuration(std::string_view text);
// The forms of dates and instants that YAML has, as RFC 3339; nullopt for anything else.
std::optional<std::string> NormalizeYamlTimestamp(std::string_view text);

}  // namespace tkn::lang
