#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/address/interned.h"
#include "engine/value/value.h"
#include "parser/diagnostic.h"

namespace tkn {

// count index or for_each key; monostate: neither.
class InstanceKey {
 public:
  InstanceKey() = default;
  explicit InstanceKey(std::int64_t index) : key_(index) {}
  explicit InstanceKey(std::string key) : key_(std::move(key)) {}
  bool IsNone() const { return key_.index() == 0; }
  bool IsIndex() const { return key_.index() == 1; }
  bool IsString() const { return key_.index() == 2; }
  std::int64_t index() const { return std::get<1>(key_); }
  const std::string& string() const { return std::get<2>(key_); }
  // "", "[3]", "[\"a\"]" with Terraform's escaping.
  std::string ToString() const;
  Value ToValue() const;
  std::size_t Hash() const;
  // none, then indexes by size, then texts.
  auto operator<=>(const InstanceKey&) const = default;

 private:
  std::variant<std::monostate, std::int64_t, std::string> key_;
};

// A module call in the configuration: module.a.module.b. Empty: the root module.
using ModulePath = std::vector<std::string>;

struct ModuleStep {
  std::string name;
  InstanceKey key;
  auto operator<=>(const ModuleStep&) const = default;
};

// One instance of a module: module.a["x"].module.b[0]. Empty: the root module.
class ModuleAddress {
 public:
  ModuleAddress() = default;
  explicit ModuleAddress(std::vector<ModuleStep> steps) : steps_(std::move(steps)) {}
  bool IsRoot() const { return steps_.empty(); }
  const std::vector<ModuleStep>& steps() const { return steps_; }
  ModuleAddress Child(std::string name, InstanceKey key) const;
  ModuleAddress Parent() const;                     // of a non-root one
  ModulePath Path() const;                          // keys left out
  bool Contains(const ModuleAddress& other) const;  // itself included
  std::string ToString() const;                     // "" for root
  std::size_t Hash() const;
  bool operator==(const ModuleAddress&) const = default;
  // The shorter first, as Terraform's plans have it; then name by name.
  std::strong_ordering operator<=>(const ModuleAddress& other) const {
    if (IsRoot() && other.IsRoot()) return std::strong_ordering::equal;
    return CompareSteps(other);
  }

 private:
  std::strong_ordering CompareSteps(const ModuleAddress& other) const;

  std::vector<ModuleStep> steps_;
};

enum class ResourceMode : std::uint8_t { kManaged, kData, kEphemeral };

// A resource block within its module: linode_token.a, data.linode_profile.me.
struct ResourceName {
  ResourceMode mode = ResourceMode::kManaged;
  std::string type;
  std::string name;
  std::string ToString() const;
  std::size_t Hash() const;
  // Data before managed, then type, then name: the order of Terraform's plans.
  std::strong_ordering operator<=>(const ResourceName& other) const;
  bool operator==(const ResourceName&) const = default;
};

// A resource block in the configuration, whatever instances its modules have:
// module.a.linode_token.b.
struct ConfigResource {
  ModulePath module;
  ResourceName resource;
  std::string ToString() const;
  std::size_t Hash() const;
  auto operator<=>(const ConfigResource&) const = default;
};
using ConfigResourceRef = Interned<ConfigResource>;

// A resource in one module instance: module.a["x"].linode_token.b. All its instances share it.
struct ResourceAddress {
  ModuleAddress module;
  ResourceName resource;
  std::string ToString() const;
  std::size_t Hash() const;
  ConfigResource Config() const { return {module.Path(), resource}; }
  auto operator<=>(const ResourceAddress&) const = default;
};

// One resource instance: module.a["x"].linode_token.b[0]. Parses, prints, hashes, orders naturally
// (module, resource, key: index 2 before 10).
struct Address {
  ModuleAddress module;
  ResourceName resource;
  InstanceKey key;

  std::string ToString() const;
  std::size_t Hash() const;
  ResourceAddress Resource() const { return {module, resource}; }
  auto operator<=>(const Address&) const = default;

  // Terraform's syntax; on failure nullopt and one error about `text`.
  static std::optional<Address> Parse(std::string_view text, Diagnostics& diags);
};

// What -target, -exclude, state list/rm/mv and removed/moved blocks can name: a module, a module
// instance, a resource (all instances) or one instance.
struct TargetAddress {
  ModuleAddress module;  // or the module meant, if there is no resource
  std::optional<ResourceName> resource{};
  std::optional<InstanceKey> key{};  // unset: all instances of the resource
  std::string ToString() const;
  // Whether `address` is the target or lies in it. `module.a` contains every instance of module a.
  bool Contains(const Address& address) const;
  bool Contains(const ModuleAddress& module_address) const;
  static std::optional<TargetAddress> Parse(std::string_view text, Diagnostics& diags);
};

// A provider: registry.terraform.io/linode/linode, terraform.io/builtin/terraform.
struct ProviderSource {
  std::string hostname;
  std::string name_space;
  std::string type;
  std::string ToString() const;
  // As people write it: linode/linode.
  std::string ForDisplay() const;
  bool IsBuiltin() const { return hostname == "terraform.io" && name_space == "builtin"; }
  // "linode" alone means hashicorp/linode to Terraform; here, since the provider is built in,
  // linode/linode. "terraform" means builtin.
  static ProviderSource Default(std::string_view local_name);
  static std::optional<ProviderSource> Parse(std::string_view text, std::string* error);
  auto operator<=>(const ProviderSource&) const = default;
};

// One configuration of a provider in one module:
// provider["registry.terraform.io/linode/linode"].alias.
struct ProviderConfigAddress {
  ModulePath module;
  ProviderSource provider;
  std::string alias;
  std::string ToString() const;
  std::size_t Hash() const;
  static std::optional<ProviderConfigAddress> Parse(std::string_view text);  // as in tfstate
  auto operator<=>(const ProviderConfigAddress&) const = default;
};

using ProviderRef = Interned<ProviderConfigAddress>;

}  // namespace tkn

template <>
struct std::hash<tkn::Address> {
  std::size_t operator()(const tkn::Address& a) const { return a.Hash(); }
};
template <>
struct std::hash<tkn::ConfigResource> {
  std::size_t operator()(const tkn::ConfigResource& r) const { return r.Hash(); }
};
template <>
struct std::hash<tkn::ResourceAddress> {
  std::size_t operator()(const tkn::ResourceAddress& a) const { return a.Hash(); }
};
template <>
struct std::hash<tkn::ModuleAddress> {
  std::size_t operator()(const tkn::ModuleAddress& a) const { return a.Hash(); }
};
