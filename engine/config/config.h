#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/address/address.h"
#include "engine/config/reference_target.h"
#include "engine/value/convert.h"
#include "engine/value/value.h"
#include "parser/ast.h"
#include "parser/diagnostic.h"
#include "parser/parse.h"

// The typed configuration of one directory. Everything here is filled in by LoadModuleTree
// (load.h), then immutable: any thread may read. Views and expressions live in the parsed files,
// which the Module owns.
namespace tkn::lang {
struct Function;
}

namespace tkn::config {

class Module;

// condition and error_message of validation, precondition, postcondition and assert blocks.
struct Condition {
  const parser::Expression* condition = nullptr;      // never null
  const parser::Expression* error_message = nullptr;  // never null
  SourceRange range{};                                // the block's header
};

struct Variable {
  std::string_view name;
  std::string description{};
  Type type{};  // with optional attributes; Dynamic: any
  TypeDefaults type_defaults{};
  // Text given from outside (-var, TF_VAR_) is taken as it is: the type is a primitive or was not
  // written.
  bool literal_text = true;
  bool has_type = false;                 // a constraint was written
  std::optional<Value> default_value{};  // converted
  bool sensitive = false;
  bool ephemeral = false;
  bool nullable = true;
  std::vector<Condition> validations{};
  SourceRange range{};  // `variable "x"`
  SourceRange default_range{};
  SourceRange type_range{};
  std::vector<Use> uses{};  // of validations
};

struct Local {
  std::string_view name;
  const parser::Expression* expression = nullptr;
  SourceRange range{};
  SourceRange name_range{};
  std::vector<Use> uses{};
};

struct Output {
  std::string_view name;
  std::string description{};
  const parser::Expression* expression = nullptr;
  bool sensitive = false;
  bool sensitive_set = false;  // `sensitive` was written
  bool ephemeral = false;
  std::vector<parser::Traversal> depends_on{};
  std::vector<Condition> preconditions{};
  SourceRange range{};
  std::vector<Use> uses{};
};

// `provider = linode.eu`, or what the resource type implies.
struct ProviderReference {
  std::string_view local_name;
  std::string_view alias{};
  SourceRange range{};  // invalid when implied
  SourceRange name_range{};
  SourceRange alias_range{};
};

struct ProviderConfig {
  std::string_view local_name;
  std::string_view alias{};
  parser::Body body{};  // what the provider's schema describes
  std::string version{};
  SourceRange range{};
  SourceRange name_range{};
  std::vector<Use> uses{};
};

struct RequiredProvider {
  std::string_view local_name;
  ProviderSource source{};
  std::string version{};                     // constraint as written; "" is any
  std::vector<ProviderReference> aliases{};  // configuration_aliases
  bool has_source = false;
  SourceRange range{};
  SourceRange name_range{};
};

struct BackendBlock {
  std::string_view type;
  parser::Body body{};
  SourceRange range{};
  SourceRange type_range{};
};

struct VersionRequirement {
  std::string constraint;
  SourceRange range{};
};

struct ReplaceTrigger {
  const parser::Expression* expression = nullptr;
  std::uint32_t resource = kNone;  // of this module
};

struct Lifecycle {
  std::optional<bool> create_before_destroy{};
  bool prevent_destroy = false;
  bool ignore_all_changes = false;
  std::vector<parser::Traversal> ignore_changes{};  // root is the attribute's name
  std::vector<ReplaceTrigger> replace_triggered_by{};
  std::vector<Condition> preconditions{};
  std::vector<Condition> postconditions{};
  SourceRange prevent_destroy_range{};
};

enum class ProvisionerWhen : std::uint8_t { kCreate, kDestroy };
enum class OnFailure : std::uint8_t { kFail, kContinue };

struct Provisioner {
  std::string_view type;
  ProvisionerWhen when = ProvisionerWhen::kCreate;
  OnFailure on_failure = OnFailure::kFail;
  const parser::Body* connection = nullptr;  // merged with the resource's; nullptr: none at all
  parser::Body body{};
  SourceRange range{};
  SourceRange type_range{};
};

struct Resource {
  ResourceName name;
  parser::Body body{};  // what the provider's schema describes
  const parser::Expression* count = nullptr;
  const parser::Expression* for_each = nullptr;
  std::vector<parser::Traversal> depends_on{};
  ProviderReference provider{};
  Lifecycle lifecycle{};
  const parser::Body* connection = nullptr;
  std::vector<Provisioner> provisioners{};
  std::uint32_t check = kNone;  // the check block that it is scoped to
  SourceRange range{};          // `resource "t" "n"`
  SourceRange type_range{};
  std::vector<Use> uses{};
};

struct ModuleArgument {
  std::string_view name;
  const parser::Expression* expression = nullptr;
  std::uint32_t variable = kNone;  // into variables() of the called module
  SourceRange name_range{};
  SourceRange range{};
  std::vector<Use> uses{};
};

// providers = { child.name = parent.name }
struct PassedProvider {
  ProviderReference in_child{};
  ProviderReference in_parent{};
};

struct ModuleCall {
  std::string_view name;
  std::string source{};
  bool source_valid = false;
  std::string version{};
  const Module* module = nullptr;  // what it calls; nullptr only after an error
  const parser::Expression* count = nullptr;
  const parser::Expression* for_each = nullptr;
  std::vector<parser::Traversal> depends_on{};
  std::vector<PassedProvider> providers{};
  bool has_providers = false;  // `providers` was written
  std::vector<ModuleArgument> arguments{};
  parser::Body body{};  // what the arguments were read from
  SourceRange range{};
  SourceRange source_range{};
  std::vector<Use> uses{};  // of count, for_each, depends_on; arguments have theirs
};

// One end of a moved block, relative to the module it stands in: module, module instance, resource
// or instance.
struct MovedBlock {
  TargetAddress from{};
  TargetAddress to{};
  SourceRange from_range{};
  SourceRange to_range{};
  SourceRange range{};
};

struct ImportBlock {
  const parser::Expression* to = nullptr;
  ConfigResource
      to_resource{};  // `to` without keys, relative to the module (only the root has imports)
  const parser::Expression* id = nullptr;  // id or identity is set
  const parser::Expression* identity = nullptr;
  const parser::Expression* for_each = nullptr;
  std::optional<ProviderReference> provider{};
  SourceRange range{};
  SourceRange to_range{};
  SourceRange provider_range{};  // with its name
  std::vector<Use> uses{};
};

struct RemovedBlock {
  ModulePath module{};                     // relative to the module it stands in
  std::optional<ResourceName> resource{};  // nullopt: the whole module
  bool destroy = true;
  const parser::Body* connection = nullptr;
  std::vector<Provisioner> provisioners{};  // when = destroy only
  SourceRange from_range{};
  SourceRange range{};
};

struct CheckBlock {
  std::string_view name;
  std::uint32_t data_resource = kNone;  // into resources()
  std::vector<Condition> asserts{};
  SourceRange range{};
  std::vector<Use> uses{};  // of the asserts
};

class Module {
 public:
  Module();
  ~Module();
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  // As shown to people and as file functions see it: "." or "modules/a".
  std::string directory;
  // Errors in the files of this directory alone; in their syntax.
  bool is_broken = false;
  bool is_malformed = false;
  // It asks for another version: told where nothing else is wrong in the whole tree.
  Diagnostics version_problems{};

  std::vector<VersionRequirement> required_versions;
  std::vector<RequiredProvider> required_providers;
  std::optional<BackendBlock> backend;
  std::optional<SourceRange> cloud;  // a cloud block, which nothing here serves
  std::vector<ProviderConfig> provider_configs;
  std::vector<Variable> variables;
  std::vector<Local> locals;
  std::vector<Output> outputs;
  std::vector<Resource> resources;  // all three modes
  std::vector<ModuleCall> module_calls;
  std::vector<MovedBlock> moved;
  std::vector<ImportBlock> imports;
  std::vector<RemovedBlock> removed;
  std::vector<CheckBlock> checks;

  // Index of a named thing, kNone when there is none. Constant time, makes no strings.
  std::uint32_t FindVariable(std::string_view name) const;
  std::uint32_t FindLocal(std::string_view name) const;
  std::uint32_t FindOutput(std::string_view name) const;
  std::uint32_t FindModuleCall(std::string_view name) const;
  std::uint32_t FindCheck(std::string_view name) const;
  std::uint32_t FindResource(ResourceMode mode, std::string_view type, std::string_view name) const;
  std::uint32_t FindProviderConfig(std::string_view local_name, std::string_view alias) const;
  const RequiredProvider* FindRequiredProvider(std::string_view local_name) const;
  // The provider that a local name means here, required_providers or not.
  ProviderSource SourceOf(std::string_view local_name) const;
  // provider::LOCAL_NAME::NAME: nullptr unless required_providers has that name, and the provider
  // that function.
  const lang::Function* FindProviderFunction(std::string_view local_name,
                                             std::string_view name) const;

  // The target of a traversal of this module's expressions, by the traversal's identity. nullptr
  // for one that is not part of them (made later, as from a JSON body): ask Resolve.
  const ReferenceTarget* TargetOf(const parser::Traversal& traversal) const;
  // TargetOf, or else by name; on a name that means nothing, adds Terraform's error.
  std::optional<ReferenceTarget> Resolve(const parser::Traversal& traversal,
                                         Diagnostics& diags) const;

 private:
  friend class ModuleLoader;
  friend class ModuleIndexer;
  struct Index;
  std::unique_ptr<Index> index_;
  std::vector<parser::File> files_;
};

// "module.a.module.b"; "" for the root.
std::string ModuleAddressOf(const ModulePath& path);

// A call of a module within the tree of calls (not an instance of it).
struct ModuleNode {
  std::uint32_t index = 0;  // into ModuleTree::nodes
  ModulePath path{};
  const Module* module = nullptr;
  const ModuleNode* parent = nullptr;  // nullptr: root
  const ModuleCall* call = nullptr;    // in parent->module; nullptr: root
  std::vector<const ModuleNode*>
      children{};  // by index of the call in module->module_calls; nullptr after an error
  // Per resource of the module: into ModuleTree::providers.
  std::vector<std::uint32_t> resource_providers{};
};

// A configuration of a provider: written in some module, or implied and empty.
struct ProviderNode {
  ProviderRef address{};
  const ModuleNode* node = nullptr;        // where it is (or would be) written
  const ProviderConfig* config = nullptr;  // nullptr: implied, all arguments absent
  // An alias that nobody configures: "Provider configuration not present", told by ValidateTree.
  bool missing = false;
};

class ModuleTree {
 public:
  ModuleTree();
  ~ModuleTree();
  ModuleTree(ModuleTree&&) noexcept;
  ModuleTree& operator=(ModuleTree&&) noexcept;

  const ModuleNode& root() const { return *nodes_.front(); }
  // Depth first, parents before children, calls in order of their names.
  const std::vector<std::unique_ptr<ModuleNode>>& nodes() const { return nodes_; }
  const std::vector<ProviderNode>& providers() const { return providers_; }
  const ModuleNode* Find(const ModulePath& path) const;
  const ModuleNode* Find(const ModuleAddress& module) const;
  // The configuration that serves a resource of a node.
  const ProviderNode& ProviderOf(const ModuleNode& node, std::uint32_t resource) const {
    return providers_[node.resource_providers[resource]];
  }
  // For objects in state whose block is gone: the configuration recorded, found as inheritance says
  // (a default configuration of an enclosing module serves too). nullptr: none was ever needed by a
  // resource or written.
  const ProviderNode* FindProvider(const ProviderConfigAddress& address) const;
  // The resource's block; nullptr when there is none. `node` gets its module call.
  const Resource* FindResource(const ConfigResource& resource,
                               const ModuleNode** node = nullptr) const;
  // Every source file read, root module first: for plans that are complete in themselves.
  const std::vector<FileId>& files() const { return files_; }

 private:
  friend class TreeBuilder;
  std::vector<std::unique_ptr<Module>> modules_;
  std::vector<std::unique_ptr<ModuleNode>> nodes_;
  std::vector<ProviderNode> providers_;
  std::vector<FileId> files_;
  struct Index;
  std::unique_ptr<Index> index_;
};

}  // namespace tkn::config
