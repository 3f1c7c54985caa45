#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/config/config.h"
#include "engine/config/load.h"
#include "engine/config/manifest.h"

// From the root directory to a ModuleTree. Internal to this folder.
namespace tkn::config {

struct ModuleTree::Index {
  std::map<ModulePath, const ModuleNode*> nodes;
  std::map<ProviderConfigAddress, std::uint32_t> providers;
};

class TreeBuilder {
 public:
  TreeBuilder(SourceMap& sources, const LoadOptions& options, Diagnostics& diags)
      : sources_(sources), options_(options), diags_(diags) {}

  std::optional<ModuleTree> Build(const std::string& directory);

 private:
  struct Loaded {
    std::unique_ptr<Module> module;
    bool linked = false;
    bool broken = false;  // there were errors in it
  };
  Module* Load(const std::string& directory);
  void Link(Module& module, const std::string& key, std::vector<std::string>& chain);
  // The directory of a called module; nullopt after an error, or for one that is not there.
  std::optional<std::string> DirectoryOf(const Module& module, const ModuleCall& call,
                                         const std::string& key);
  bool AddNode(const ModuleNode* parent, const ModuleCall* call, const Module& module);
  void CheckNode(const ModuleNode& node);

  void ResolveProviders();
  std::uint32_t ProviderFor(const ModuleNode& node, const ProviderSource& source,
                            std::string_view local_name, std::string_view alias);
  std::uint32_t AddProvider(ProviderConfigAddress address, const ModuleNode* node,
                            const ProviderConfig* config, bool missing);

  SourceMap& sources_;
  const LoadOptions& options_;
  Diagnostics& diags_;
  ModuleManifest manifest_;
  ModuleTree tree_;
  std::unordered_map<std::string, Loaded> loaded_;
};

// How provider configurations are passed between modules: passing too much, too little or the wrong
// thing.
void CheckPassedProviders(const ModuleTree& tree, Diagnostics& diags);

}  // namespace tkn::config
