#include "engine/config/provider_name.h"

#include <algorithm>
#include <vector>

namespace tkn::config {
namespace {

bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool IsName(std::string_view name) {
  return !name.empty() && name.front() != '-' && name.back() != '-' &&
         name.find("--") == std::string_view::npos && std::ranges::all_of(name, IsNameByte);
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool IsHostname(std::string_view host) {
  return host.find('.') != std::string_view::npos &&
         std::ranges::all_of(host, [](char c) { return IsNameByte(c) || c == '.' || c == ':'; });
}

}  // namespace

std::string ProviderNameProblem(std::string_view name) {
  if (!IsName(name)) {
    return "it may have only letters, digits and single dashes, which are neither first nor last.";
  }
  if (const std::string lower = Lower(name); lower != name)
    return "it must be written \"" + lower + "\".";
  return {};
}

std::optional<ProviderSource> ReadProviderSource(std::string_view text, std::string* problem) {
  std::vector<std::string_view> parts;
  std::string_view rest = text;
  while (true) {
    const std::size_t slash = rest.find('/');
    parts.push_back(rest.substr(0, slash));
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  if (parts.size() > 3 || std::ranges::any_of(parts, [](std::string_view p) { return p.empty(); }))
    return std::nullopt;
  const std::string_view type = parts.back();
  if (!IsName(type)) {
    *problem = "The provider type \"" + std::string(type) +
               "\" is not valid: " + ProviderNameProblem(type);
    return std::nullopt;
  }
  if (parts.size() >= 2 && !IsName(parts[parts.size() - 2])) return std::nullopt;
  if (parts.size() == 3 && !IsHostname(parts[0])) return std::nullopt;
  if (constexpr std::string_view kPrefix = "terraform-provider-"; type.starts_with(kPrefix)) {
    *problem =
        "A provider's type is named without \"terraform-provider-\", which only its source "
        "repository has: use \"" +
        std::string(type.substr(kPrefix.size())) + "\".";
    return std::nullopt;
  }
  if (parts.size() == 1) return ProviderSource::Default(Lower(type));
  ProviderSource source;
  source.hostname = parts.size() == 3 ? Lower(parts[0]) : "registry.terraform.io";
  source.name_space = Lower(parts[parts.size() - 2]);
  source.type = Lower(type);
  return source;
}

}  // namespace tkn::config
