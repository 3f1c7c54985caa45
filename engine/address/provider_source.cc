#include <algorithm>

#include "engine/address/address.h"
#include "engine/value/text.h"

namespace tkn {

namespace {

constexpr std::string_view kRegistry = "registry.terraform.io";
constexpr std::string_view kBuiltinHost = "terraform.io";
constexpr std::string_view kBuiltin = "builtin";

bool IsLowerPart(std::string_view part) {
  if (part.empty() || part.front() == '-' || part.back() == '-') return false;
  if (part.find("--") != std::string_view::npos) return false;
  return std::ranges::all_of(part, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           static_cast<unsigned char>(c) >= 0x80;
  });
}

bool IsHostname(std::string_view host) {
  const std::size_t colon = host.find(':');
  if (colon != std::string_view::npos) {
    const std::string_view port = host.substr(colon + 1);
    if (port.empty() || port.size() > 5 ||
        !std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; })) {
      return false;
    }
    host = host.substr(0, colon);
  }
  std::size_t begin = 0;
  while (begin <= host.size()) {
    const std::size_t end = std::min(host.find('.', begin), host.size());
    if (!IsLowerPart(host.substr(begin, end - begin))) return false;
    begin = end + 1;
  }
  return true;
}

}  // namespace

std::string ProviderSource::ToString() const { return hostname + "/" + name_space + "/" + type; }

std::string ProviderSource::ForDisplay() const {
  return hostname == kRegistry ? name_space + "/" + type : ToString();
}

ProviderSource ProviderSource::Default(std::string_view local_name) {
  if (local_name == "terraform") {
    return {std::string(kBuiltinHost), std::string(kBuiltin), "terraform"};
  }
  const std::string_view name_space = local_name == "linode" ? "linode" : "hashicorp";
  return {std::string(kRegistry), std::string(name_space), std::string(local_name)};
}

std::optional<ProviderSource> ProviderSource::Parse(std::string_view text, std::string* error) {
  const auto fail = [&](std::string message) {
    if (error != nullptr) *error = std::move(message);
    return std::nullopt;
  };
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('/', begin), text.size());
    parts.push_back(ToLower(NormalizeNfc(text.substr(begin, end - begin))));
    begin = end + 1;
  }
  if (parts.size() > 3 || std::ranges::any_of(parts, &std::string::empty)) {
    return fail("The source " + Quote(text) +
                " is not of the form [HOSTNAME/][NAMESPACE/]NAME, such as linode/linode.");
  }
  if (parts.size() == 1) {
    if (!IsLowerPart(parts[0])) {
      return fail(Quote(parts[0]) + " cannot be the name of a provider: " +
                  "letters, digits and single dashes between them are allowed.");
    }
    // A source of one word names the namespace of Terraform's own providers, whatever the word.
    return ProviderSource{std::string(kRegistry), parts[0] == "linode" ? "linode" : "hashicorp",
                          parts[0]};
  }
  const std::string& type = parts.back();
  const std::string& name_space = parts[parts.size() - 2];
  for (const std::string* part : {&name_space, &type}) {
    if (!IsLowerPart(*part)) {
      return fail(
          Quote(*part) + " in the source " + Quote(text) +
          " is not a valid name: letters, digits and single dashes between them are allowed.");
    }
  }
  constexpr std::string_view kRedundant = "terraform-";
  constexpr std::string_view kRedundantProvider = "terraform-provider-";
  if (type.starts_with(kRedundant)) {
    const bool full = type.starts_with(kRedundantProvider);
    const std::string name = type.substr(full ? kRedundantProvider.size() : kRedundant.size());
    return fail("The name of a provider does not begin with " +
                Quote(full ? kRedundantProvider : kRedundant) + ": the source " + Quote(text) +
                " is probably meant to end in " + Quote(name) + ".");
  }
  std::string host(kRegistry);
  if (parts.size() == 3) {
    host = parts[0];
    if (!IsHostname(host)) {
      return fail(Quote(host) + " in the source " + Quote(text) + " is not a hostname.");
    }
  }
  return ProviderSource{std::move(host), name_space, type};
}

// There are few.
std::size_t ProviderConfigAddress::Hash() const { return std::hash<std::string>{}(provider.type); }

std::string ProviderConfigAddress::ToString() const {
  std::string out;
  for (const std::string& name : module) out += "module." + name + ".";
  out += "provider[" + Quote(provider.ToString()) + "]";
  return alias.empty() ? out : out + "." + alias;
}

std::optional<ProviderConfigAddress> ProviderConfigAddress::Parse(std::string_view text) {
  ProviderConfigAddress address;
  constexpr std::string_view kModule = "module.";
  while (text.starts_with(kModule)) {
    text.remove_prefix(kModule.size());
    const std::size_t dot = text.find('.');
    if (dot == 0 || dot == std::string_view::npos) return std::nullopt;
    std::string name(text.substr(0, dot));
    // Old states have the key of the module's instance here; a provider's configuration has none.
    if (const std::size_t bracket = name.find('['); bracket != std::string::npos) {
      const std::size_t close = text.find("].", bracket);
      if (close == std::string_view::npos) return std::nullopt;
      name.resize(bracket);
      text.remove_prefix(close + 2);
    } else {
      text.remove_prefix(dot + 1);
    }
    address.module.push_back(std::move(name));
  }
  constexpr std::string_view kProvider = "provider[\"";
  if (!text.starts_with(kProvider)) return std::nullopt;
  text.remove_prefix(kProvider.size());
  const std::size_t close = text.find("\"]");
  if (close == std::string_view::npos) return std::nullopt;
  auto source = ProviderSource::Parse(text.substr(0, close), nullptr);
  if (!source) return std::nullopt;
  address.provider = std::move(*source);
  text.remove_prefix(close + 2);
  if (text.empty()) return address;
  if (text.size() < 2 || text[0] != '.' || text.find_first_of(".[ ", 1) != std::string_view::npos) {
    return std::nullopt;
  }
  address.alias = text.substr(1);
  return address;
}

}  // namespace tkn
