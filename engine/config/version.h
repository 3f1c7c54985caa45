#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tkn::config {

// The release of Terraform whose behaviour this program has; required_version is compared with it.
inline constexpr std::string_view kTerraformVersion = "1.11.4";

// 1.2.3-beta.1+build, missing parts being zero.
struct Version {
  std::vector<std::int64_t> segments{};
  std::string prerelease{};
  static std::optional<Version> Parse(std::string_view text);
  std::strong_ordering operator<=>(const Version& other) const;
  bool operator==(const Version& other) const { return (*this <=> other) == 0; }
};

// ">= 1.2, < 2.0, != 1.5": all must hold. Prereleases are only taken when asked for exactly or
// within their release.
class VersionConstraint {
 public:
  static std::optional<VersionConstraint> Parse(std::string_view text);
  bool Allows(const Version& version) const;

 private:
  enum class Operator : std::uint8_t {
    kEqual,
    kNotEqual,
    kGreater,
    kGreaterEqual,
    kLess,
    kLessEqual,
    kPessimistic
  };
  struct Term {
    Operator op = Operator::kEqual;
    Version version{};
    std::size_t written = 0;  // number of segments
  };
  static bool Holds(const Term& term, const Version& version);
  std::vector<Term> terms_;
};

}  // namespace tkn::config
