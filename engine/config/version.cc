#include "engine/config/version.h"

#include <algorithm>
#include <charconv>

namespace tkn::config {
namespace {

std::string_view Trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::optional<std::int64_t> Integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || value < 0)
    return std::nullopt;
  return value;
}

bool IsTag(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '-' || c == '~';
  });
}

// As semantic versioning orders them: numbers by size and before words; none is after any.
std::strong_ordering ComparePrerelease(std::string_view a, std::string_view b) {
  if (a == b) return std::strong_ordering::equal;
  if (a.empty()) return std::strong_ordering::greater;
  if (b.empty()) return std::strong_ordering::less;
  const auto left = Split(a, '.');
  const auto right = Split(b, '.');
  for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
    const auto x = Integer(left[i]);
    const auto y = Integer(right[i]);
    if (x && y) {
      if (*x != *y) return *x <=> *y;
    } else if (x || y) {
      return x ? std::strong_ordering::less : std::strong_ordering::greater;
    } else if (left[i] != right[i]) {
      return left[i] <=> right[i];
    }
  }
  return left.size() <=> right.size();
}

}  // namespace

std::optional<Version> Version::Parse(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  if (const std::size_t plus = text.find('+'); plus != std::string_view::npos) {
    if (!IsTag(text.substr(plus + 1))) return std::nullopt;
    text = text.substr(0, plus);
  }
  Version version;
  if (const std::size_t dash = text.find('-'); dash != std::string_view::npos) {
    if (!IsTag(text.substr(dash + 1))) return std::nullopt;
    version.prerelease = text.substr(dash + 1);
    text = text.substr(0, dash);
  }
  for (const std::string_view part : Split(text, '.')) {
    const auto number = Integer(part);
    if (!number) return std::nullopt;
    version.segments.push_back(*number);
  }
  while (version.segments.size() < 3) version.segments.push_back(0);
  return version;
}

std::strong_ordering Version::operator<=>(const Version& other) const {
  const std::size_t size = std::max(segments.size(), other.segments.size());
  for (std::size_t i = 0; i < size; ++i) {
    const std::int64_t a = i < segments.size() ? segments[i] : 0;
    const std::int64_t b = i < other.segments.size() ? other.segments[i] : 0;
    if (a != b) return a <=> b;
  }
  return ComparePrerelease(prerelease, other.prerelease);
}

std::optional<VersionConstraint> VersionConstraint::Parse(std::string_view text) {
  static constexpr std::pair<std::string_view, Operator> kOperators[] = {
      {">=", Operator::kGreaterEqual}, {"<=", Operator::kLessEqual}, {"!=", Operator::kNotEqual},
      {"~>", Operator::kPessimistic},  {">", Operator::kGreater},    {"<", Operator::kLess},
      {"=", Operator::kEqual}};
  VersionConstraint constraint;
  for (std::string_view part : Split(text, ',')) {
    part = Trim(part);
    Term term;
    for (const auto& [sign, op] : kOperators) {
      if (!part.starts_with(sign)) continue;
      term.op = op;
      part = Trim(part.substr(sign.size()));
      break;
    }
    auto version = Version::Parse(part);
    if (!version) return std::nullopt;
    const std::string_view numbers = part.substr(0, part.find_first_of("-+"));
    term.written = static_cast<std::size_t>(std::ranges::count(numbers, '.')) + 1;
    term.version = std::move(*version);
    constraint.terms_.push_back(std::move(term));
  }
  return constraint;
}

bool VersionConstraint::Holds(const Term& term, const Version& version) {
  const Version& wanted = term.version;
  // A prerelease satisfies a range only of its own release, and only where the range names a
  // prerelease too.
  const bool pre = !version.prerelease.empty();
  const bool same_release =
      std::ranges::equal(version.segments, wanted.segments) && !wanted.prerelease.empty();
  switch (term.op) {
    case Operator::kEqual:
      return version == wanted;
    case Operator::kNotEqual:
      return version != wanted;
    case Operator::kGreater:
      return (!pre || same_release) && version > wanted;
    case Operator::kGreaterEqual:
      return (!pre || same_release) && version >= wanted;
    case Operator::kLess:
      return (!pre || same_release) && version < wanted;
    case Operator::kLessEqual:
      return (!pre || same_release) && version <= wanted;
    case Operator::kPessimistic:
      break;
  }
  if ((pre && !same_release) || version < wanted) return false;
  // All written parts but the last are fixed: "~> 1.2" is 1.x from 1.2 on, "~> 1.2.3" is 1.2.x
  // from 1.2.3 on.
  for (std::size_t i = 0; i + 1 < term.written; ++i) {
    if (i >= version.segments.size() || version.segments[i] != wanted.segments[i]) return false;
  }
  return true;
}

bool VersionConstraint::Allows(const Version& version) const {
  return std::ranges::all_of(terms_, [&](const Term& term) { return Holds(term, version); });
}

}  // namespace tkn::config
