#include "engine/config/tree_builder.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "engine/config/module_files.h"
#include "engine/config/module_index.h"
#include "engine/config/module_loader.h"
#include "engine/config/module_source.h"

namespace tkn::config {
namespace {

// A tree of calls that keeps doubling ends here.
constexpr std::size_t kMaxModules = 100'000;
constexpr std::size_t kMaxDepth = 200;

}  // namespace

std::optional<ModuleTree> TreeBuilder::Build(const std::string& directory) {
  const std::string root = CleanPath(directory);
  Module* module = Load(root);
  if (module == nullptr) {
    diags_.Add({.summary = "Failed to read module directory",
                .detail = "The directory " + root + " does not exist or can't be read."});
    return std::nullopt;
  }
  manifest_ = ModuleManifest::Load(options_.data_directory, *options_.reader, diags_);
  std::vector<std::string> chain{root};
  Link(*module, "", chain);
  for (auto& [path, loaded] : loaded_) {
    if (loaded.module != nullptr) ModuleIndexer(*loaded.module).ResolveReferences();
  }
  tree_.index_ = std::make_unique<ModuleTree::Index>();
  if (!AddNode(nullptr, nullptr, *module)) {
    diags_.Add({.summary = "Too many modules",
                .detail = "The modules call each other so often that there would be more than " +
                          std::to_string(kMaxModules) + " of them."});
  }
  ResolveProviders();
  const bool broken =
      std::ranges::any_of(loaded_, [](const auto& entry) { return entry.second.broken; });
  if (!broken) CheckPassedProviders(tree_, diags_);
  if (!diags_.HasErrors()) {
    std::set<const Module*> told;
    for (const auto& node : tree_.nodes_) {
      if (!told.insert(node->module).second) continue;
      for (const Diagnostic& problem : node->module->version_problems) diags_.Add(problem);
    }
  }
  for (auto& [path, loaded] : loaded_) {
    if (loaded.module != nullptr) tree_.modules_.push_back(std::move(loaded.module));
  }
  return std::move(tree_);
}

Module* TreeBuilder::Load(const std::string& directory) {
  const auto [found, is_new] = loaded_.try_emplace(directory);
  if (is_new) {
    Diagnostics own;
    found->second.module = ModuleLoader(sources_, *options_.reader, options_.is_install, own)
                               .Load(directory, tree_.files_);
    found->second.broken = own.HasErrors();
    diags_.Append(std::move(own));
    if (found->second.module != nullptr) {
      found->second.module->is_broken = found->second.broken;
      ModuleIndexer(*found->second.module).IndexNames();
    }
  }
  return found->second.module.get();
}

std::optional<std::string> TreeBuilder::DirectoryOf(const Module& module, const ModuleCall& call,
                                                    const std::string& key) {
  if (!call.source_valid) return std::nullopt;
  switch (KindOfSource(call.source)) {
    case SourceKind::kLocal:
      return CleanPath(JoinPath(module.directory, call.source));
    case SourceKind::kAbsolute:
      return CleanPath(call.source);
    default:
      break;
  }
  if (const std::string* directory = manifest_.Find(key)) return CleanPath(*directory);
  diags_.Add({.summary = "Module not installed",
              .detail = "The source \"" + call.source +
                        "\" is not a directory on this machine, and tkn does not download modules. "
                        "Either have them put "
                        "into " +
                        options_.data_directory +
                        "/modules by \"terraform get\", or copy the module beside this "
                        "configuration and give its path, such as \"./modules/" +
                        std::string(call.name) + "\".",
              .subject = call.range});
  return std::nullopt;
}

void TreeBuilder::Link(Module& module, const std::string& key, std::vector<std::string>& chain) {
  Loaded& state = loaded_[module.directory];
  if (state.linked) return;
  state.linked = true;
  if (state.broken) return;  // what it calls may have been meant otherwise
  for (ModuleCall& call : module.module_calls) {
    const std::string child_key =
        key.empty() ? std::string(call.name) : key + "." + std::string(call.name);
    const auto directory = DirectoryOf(module, call, child_key);
    if (!directory) continue;
    if (std::ranges::find(chain, *directory) != chain.end() || chain.size() > kMaxDepth) {
      diags_.Add({.summary = "Module calls itself",
                  .detail = "The module in " + *directory +
                            " is called from within itself, which would never end.",
                  .subject = call.range});
      continue;
    }
    Module* called = Load(*directory);
    if (called == nullptr) {
      const std::string detail = "The directory " + *directory + " of module \"" +
                                 std::string(call.name) + "\" does not exist or can't be read.";
      if (options_.is_install) {
        // Once for the directory and once for its files, as Terraform tells it.
        for (int i = 0; i < 2; ++i)
          diags_.Add({.summary = "Unreadable module directory", .detail = detail});
      } else {
        diags_.Add({.summary = "Module not installed", .detail = detail, .subject = call.range});
      }
      continue;
    }
    call.module = called;
    chain.push_back(*directory);
    Link(*called, child_key, chain);
    chain.pop_back();
  }
}

bool TreeBuilder::AddNode(const ModuleNode* parent, const ModuleCall* call, const Module& module) {
  if (tree_.nodes_.size() >= kMaxModules) return false;
  auto owned = std::make_unique<ModuleNode>();
  ModuleNode& node = *owned;
  node.index = static_cast<std::uint32_t>(tree_.nodes_.size());
  node.module = &module;
  node.parent = parent;
  node.call = call;
  if (parent != nullptr) {
    node.path = parent->path;
    node.path.emplace_back(call->name);
  }
  tree_.nodes_.push_back(std::move(owned));
  tree_.index_->nodes.emplace(node.path, &node);
  CheckNode(node);

  node.children.resize(module.module_calls.size());
  std::vector<std::uint32_t> order(module.module_calls.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {}, [&](std::uint32_t i) { return module.module_calls[i].name; });
  for (const std::uint32_t i : order) {
    const ModuleCall& child = module.module_calls[i];
    if (child.module == nullptr) continue;
    const std::size_t index = tree_.nodes_.size();
    if (!AddNode(&node, &child, *child.module)) return false;
    node.children[i] = tree_.nodes_[index].get();
  }
  return true;
}

void TreeBuilder::CheckNode(const ModuleNode& node) {
  const Module& module = *node.module;
  if (node.parent == nullptr) return;
  const auto ignored = [&](const char* what, SourceRange range) {
    diags_.Add({.severity = Severity::kWarning,
                .summary = std::string(what) + " configuration ignored",
                .detail = "Where the state is kept is said by the root module. In a module that is "
                          "called it has no effect.",
                .subject = range});
  };
  if (module.backend) ignored("Backend", module.backend->range);
  if (module.cloud) ignored("Cloud", *module.cloud);
  for (const ImportBlock& import : module.imports) {
    diags_.Add({.summary = "Invalid import configuration",
                .detail = "Import blocks stand in the root module. For an object of this module "
                          "write one there, to \"module." +
                          node.path.back() + "...\".",
                .subject = import.range});
  }
}

std::uint32_t TreeBuilder::AddProvider(ProviderConfigAddress address, const ModuleNode* node,
                                       const ProviderConfig* config, bool missing) {
  const auto [found, is_new] =
      tree_.index_->providers.emplace(address, static_cast<std::uint32_t>(tree_.providers_.size()));
  if (is_new) tree_.providers_.push_back({std::move(address), node, config, missing});
  return found->second;
}

// Where a configuration comes from: passed by the caller, written in the module itself, or, when it
// has no alias, the one that the module around has; the root module's is empty when none is
// written.
std::uint32_t TreeBuilder::ProviderFor(const ModuleNode& node, const ProviderSource& source,
                                       std::string_view local_name, std::string_view alias) {
  const Module& module = *node.module;
  if (node.call != nullptr) {
    for (const PassedProvider& passed : node.call->providers) {
      if (passed.in_child.alias != alias) continue;
      if (passed.in_child.local_name != local_name &&
          module.SourceOf(passed.in_child.local_name) != source)
        continue;
      return ProviderFor(*node.parent, source, passed.in_parent.local_name, passed.in_parent.alias);
    }
  }
  for (const ProviderConfig& config : module.provider_configs) {
    if (config.alias != alias || module.SourceOf(config.local_name) != source) continue;
    return AddProvider({node.path, source, std::string(alias)}, &node, &config, false);
  }
  if (node.parent == nullptr)
    return AddProvider({{}, source, std::string(alias)}, &node, nullptr, !alias.empty());
  if (!alias.empty())
    return AddProvider({node.path, source, std::string(alias)}, &node, nullptr, true);
  for (const RequiredProvider& required : node.parent->module->required_providers) {
    if (required.source == source)
      return ProviderFor(*node.parent, source, required.local_name, {});
  }
  return ProviderFor(*node.parent, source, local_name, {});
}

void TreeBuilder::ResolveProviders() {
  for (const auto& owned : tree_.nodes_) {
    ModuleNode& node = *owned;
    const Module& module = *node.module;
    for (const ProviderConfig& config : module.provider_configs) {
      AddProvider({node.path, module.SourceOf(config.local_name), std::string(config.alias)}, &node,
                  &config, false);
    }
    struct Known {
      std::string_view local_name, alias;
      std::uint32_t provider;
    };
    std::vector<Known> known;  // a module uses few different ones
    node.resource_providers.reserve(module.resources.size());
    for (const Resource& resource : module.resources) {
      const ProviderReference& reference = resource.provider;
      const auto found = std::ranges::find_if(known, [&](const Known& k) {
        return k.local_name == reference.local_name && k.alias == reference.alias;
      });
      if (found == known.end()) {
        known.push_back({reference.local_name, reference.alias,
                         ProviderFor(node, module.SourceOf(reference.local_name),
                                     reference.local_name, reference.alias)});
        node.resource_providers.push_back(known.back().provider);
      } else {
        node.resource_providers.push_back(found->provider);
      }
    }
  }
}

ModuleTree::ModuleTree() = default;
ModuleTree::~ModuleTree() = default;
ModuleTree::ModuleTree(ModuleTree&&) noexcept = default;
ModuleTree& ModuleTree::operator=(ModuleTree&&) noexcept = default;

const ModuleNode* ModuleTree::Find(const ModulePath& path) const {
  const auto found = index_->nodes.find(path);
  return found == index_->nodes.end() ? nullptr : found->second;
}

const ModuleNode* ModuleTree::Find(const ModuleAddress& module) const {
  const ModuleNode* node = &root();
  for (const ModuleStep& step : module.steps()) {
    const std::uint32_t call = node->module->FindModuleCall(step.name);
    if (call == kNone || node->children[call] == nullptr) return nullptr;
    node = node->children[call];
  }
  return node;
}

const ProviderNode* ModuleTree::FindProvider(const ProviderConfigAddress& address) const {
  ProviderConfigAddress wanted = address;
  while (true) {
    const auto found = index_->providers.find(wanted);
    if (found != index_->providers.end() && !providers_[found->second].missing)
      return &providers_[found->second];
    if (wanted.module.empty() || !wanted.alias.empty()) return nullptr;
    wanted.module.pop_back();
  }
}

const Resource* ModuleTree::FindResource(const ConfigResource& resource,
                                         const ModuleNode** node) const {
  const ModuleNode* found = &root();
  for (const std::string& name : resource.module) {
    const std::uint32_t call = found->module->FindModuleCall(name);
    if (call == kNone || found->children[call] == nullptr) return nullptr;
    found = found->children[call];
  }
  const std::uint32_t index = found->module->FindResource(
      resource.resource.mode, resource.resource.type, resource.resource.name);
  if (index == kNone) return nullptr;
  if (node != nullptr) *node = found;
  return &found->module->resources[index];
}

std::optional<ModuleTree> LoadModuleTree(const std::string& directory, SourceMap& sources,
                                         const LoadOptions& options, Diagnostics& diags) {
  return TreeBuilder(sources, options, diags).Build(directory);
}

}  // namespace tkn::config
