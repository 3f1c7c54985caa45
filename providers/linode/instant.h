#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tkn::linode {

// A moment: seconds since 1970 UTC and a fraction. Texts are RFC 3339 (offset required, fraction
// allowed) in configurations and states, and the API's YYYY-MM-DDTHH:MM:SS, which is UTC without
// saying so.
struct Instant {
  std::int64_t seconds = 0;
  std::int32_t nanoseconds = 0;
  bool operator==(const Instant&) const = default;
  auto operator<=>(const Instant&) const = default;

  static std::optional<Instant> ParseRfc3339(std::string_view text);
  static std::optional<Instant> ParseApi(std::string_view text);
  // Of an HTTP Date header: "Tue, 09 Jul 2024 13:27:58 GMT".
  static std::optional<Instant> ParseHttpDate(std::string_view text);

  std::string ToRfc3339() const;  // UTC with Z, the fraction cut
  std::string ToApi() const;      // the same without Z
  int Year() const;
};

// Both empty, or both times and the same instant.
bool SameInstant(std::string_view a, std::string_view b);

// A token without an end reads as a moment in 2999.
bool MeansNever(const Instant& instant);

}  // namespace tkn::linode
