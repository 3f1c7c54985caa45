#pragma once

#include <map>
#include <string>

#include "engine/config/config.h"

namespace tkn::render {

// A provider configuration as the JSON of a configuration lists it.
struct ProviderEntry {
  const config::ModuleNode* node = nullptr;
  std::string_view local_name;
  std::string_view alias{};
  ProviderSource source{};
  const config::ProviderConfig* config = nullptr;  // nullptr: implied
};

// "linode", "linode.eu", "module.a:linode": where the configuration that `local_name` means in a
// module comes from. One that a module neither writes nor is passed is its parent's if that has the
// provider, too; otherwise the module's own.
[[nodiscard]] std::string ProviderKey(const config::ModuleNode& node, std::string_view local_name,
                                      std::string_view alias);

// All of a tree, by key.
[[nodiscard]] std::map<std::string, ProviderEntry> ProviderEntries(const config::ModuleTree& tree);

}  // namespace tkn::render
