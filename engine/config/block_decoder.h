#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/config/config.h"
#include "engine/config/provider_name.h"
#include "engine/config/static_expression.h"
#include "engine/lang/reference.h"
#include "parser/content.h"

// Typed forms of the blocks of a module's files. Internal to this folder.
namespace tkn::config {

// A block as it is to be read: where override files change it, `body` is the result.
struct RawBlock {
  const parser::Block* block = nullptr;
  const parser::Body* body = nullptr;
  bool json = false;
  // The last block of an override file that changed it.
  const parser::Block* overridden_by = nullptr;
};

// Reads blocks into a Module, one after the other. Duplicates are the loader's business.
class BlockDecoder {
 public:
  BlockDecoder(Module& module, SourceMap& sources, Diagnostics& diags)
      : module_(module), sources_(sources), diags_(diags) {}

  // Each reports its errors and returns what could be read.
  void Terraform(const RawBlock& raw);
  RequiredProvider Requirement(const parser::Attribute& attribute, parser::Arena& arena, bool json);
  Variable ReadVariable(const RawBlock& raw);
  Output ReadOutput(const RawBlock& raw);
  ProviderConfig ReadProvider(const RawBlock& raw);
  Resource ReadResource(const RawBlock& raw, ResourceMode mode, bool in_check);
  ModuleCall ReadModuleCall(const RawBlock& raw);
  std::optional<MovedBlock> ReadMoved(const RawBlock& raw);
  std::optional<ImportBlock> ReadImport(const RawBlock& raw);
  std::optional<RemovedBlock> ReadRemoved(const RawBlock& raw);
  // `scoped` gets the data source inside, if there is one.
  CheckBlock ReadCheck(const RawBlock& raw, std::optional<Resource>& scoped);

 private:
  friend class ModuleLoader;

  StaticContext Context(const parser::Body& body, bool json) {
    return {sources_, *body.json_arena, json, diags_};
  }
  void Error(std::string summary, std::string detail, SourceRange subject) {
    diags_.Add({.summary = std::move(summary), .detail = std::move(detail), .subject = subject});
  }
  bool CheckName(std::string_view name, SourceRange range, std::string_view summary);
  // "main.tf:3,1-12", for sentences about an earlier block.
  std::string Place(SourceRange range) const;

  void ReadLifecycle(const parser::Block& block, const RawBlock& raw, ResourceMode mode,
                     Resource& resource);
  void ReadIgnoreChanges(const parser::Attribute& attribute, const RawBlock& raw,
                         Lifecycle& lifecycle);
  void ReadReplaceTriggers(const parser::Attribute& attribute, const RawBlock& raw,
                           Lifecycle& lifecycle);
  std::optional<Condition> ReadCondition(const parser::Block& block);
  void CheckConditionSelf(const Condition& condition, const ResourceName& resource,
                          std::string_view kind);
  std::optional<Provisioner> ReadProvisioner(const parser::Block& block, const RawBlock& raw);
  void CheckDestroyReferences(const parser::Body& body);
  void ReadDefault(const parser::Expression& expression, const RawBlock& raw, bool type_known,
                   Variable& variable);
  void ReadValidation(const parser::Block& block, Variable& variable);
  std::vector<parser::Traversal> ReadDependsOn(const parser::Attribute& attribute,
                                               const RawBlock& raw);
  std::optional<ProviderReference> ReadProviderReference(const parser::Expression& expression,
                                                         std::string_view argument,
                                                         const RawBlock& raw);
  void ReadPassedProviders(const parser::Attribute& attribute, const RawBlock& raw,
                           ModuleCall& call);
  std::string ReadVersionConstraint(const parser::Attribute& attribute, const RawBlock& raw);
  void ReadRequiredProviders(const parser::Block& block, const RawBlock& raw);
  void ReadExperiments(const parser::Attribute& attribute);
  void CheckRepetition(const parser::Attribute* count, const parser::Attribute* for_each);

  Module& module_;
  SourceMap& sources_;
  Diagnostics& diags_;
};

// "main.tf:3,1".
std::string PlaceOf(const SourceMap& sources, SourceRange range);

// Adds what is in `_ { }` to the rest of a body.
parser::Body WithEscaped(const parser::Body& rest, const parser::Body& escaped);

}  // namespace tkn::config
