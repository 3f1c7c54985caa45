#include "engine/render/provider_keys.h"

namespace tkn::render {
namespace {

using config::ModuleNode;
using config::ProviderConfig;

const ProviderConfig* FindConfig(const ModuleNode& node, std::string_view local_name,
                                 std::string_view alias) {
  for (const ProviderConfig& config : node.module->provider_configs) {
    if (config.local_name == local_name && config.alias == alias) return &config;
  }
  return nullptr;
}

const config::PassedProvider* FindPassed(const ModuleNode& node, std::string_view local_name,
                                         std::string_view alias) {
  if (node.call == nullptr) return nullptr;
  for (const config::PassedProvider& passed : node.call->providers) {
    if (passed.in_child.local_name == local_name && passed.in_child.alias == alias) return &passed;
  }
  return nullptr;
}

// Whether the module has to do with this provider itself, not only the modules that it calls.
bool Has(const ModuleNode& node, std::string_view local_name, std::string_view alias) {
  if (FindConfig(node, local_name, alias) != nullptr ||
      FindPassed(node, local_name, alias) != nullptr) {
    return true;
  }
  if (!alias.empty()) return false;
  if (node.module->FindRequiredProvider(local_name) != nullptr) return true;
  for (const config::Resource& resource : node.module->resources) {
    if (resource.provider.local_name == local_name) return true;
  }
  return false;
}

std::string KeyText(const ModuleNode& node, std::string_view local_name, std::string_view alias) {
  std::string text = config::ModuleAddressOf(node.path);
  if (!text.empty()) text += ':';
  text += local_name;
  if (!alias.empty()) text += "." + std::string(alias);
  return text;
}

void Collect(const ModuleNode& node, std::map<std::string, ProviderEntry>& entries) {
  const auto add = [&](std::string_view local_name, std::string_view alias,
                       const ProviderConfig* config) {
    std::string key = KeyText(node, local_name, alias);
    if (key != ProviderKey(node, local_name, alias)) return;
    entries.try_emplace(std::move(key), ProviderEntry{&node, local_name, alias,
                                                      node.module->SourceOf(local_name), config});
  };
  for (const ProviderConfig& config : node.module->provider_configs) {
    add(config.local_name, config.alias, &config);
  }
  for (const config::RequiredProvider& required : node.module->required_providers) {
    add(required.local_name, {}, nullptr);
  }
  for (const config::Resource& resource : node.module->resources) {
    add(resource.provider.local_name, resource.provider.alias, nullptr);
  }
  for (const ModuleNode* child : node.children) {
    if (child != nullptr) Collect(*child, entries);
  }
}

}  // namespace

std::string ProviderKey(const ModuleNode& node, std::string_view local_name,
                        std::string_view alias) {
  const ModuleNode* at = &node;
  while (at->parent != nullptr && FindConfig(*at, local_name, alias) == nullptr) {
    const ProviderSource source = at->module->SourceOf(local_name);
    if (const config::PassedProvider* passed = FindPassed(*at, local_name, alias)) {
      local_name = passed->in_parent.local_name;
      alias = passed->in_parent.alias;
    } else if (!Has(*at->parent, local_name, alias) ||
               at->parent->module->SourceOf(local_name) != source) {
      break;
    }
    at = at->parent;
  }
  return KeyText(*at, local_name, alias);
}

std::map<std::string, ProviderEntry> ProviderEntries(const config::ModuleTree& tree) {
  std::map<std::string, ProviderEntry> entries;
  Collect(tree.root(), entries);
  return entries;
}

}  // namespace tkn::render
