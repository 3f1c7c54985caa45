#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/config/config.h"
#include "engine/config/validate.h"
#include "engine/config/validation_graph.h"
#include "engine/config/validation_scope.h"
#include "engine/config/variables.h"

namespace tkn::config {

// Checks the vertices of a ValidationGraph, dependencies first. What depends on something wrong is
// left out: its errors would mostly be consequences. Internal to this folder.
class Validator {
 public:
  Validator(const ModuleTree& tree, const SchemaSource& schemas, const ValidationGraph& graph,
            const std::string& workspace, Diagnostics& diags);
  void Run();

 private:
  // One vertex; errors go to `own`.
  void Check(const ValidationGraph::Item& item, Diagnostics& own);
  void CheckCall(const ModuleNode& node, Diagnostics& own);
  void CheckVariable(const ModuleNode& node, std::uint32_t index, Diagnostics& own);
  void CheckConditionsOf(const ModuleNode& node, std::uint32_t index, Diagnostics& own);
  void CheckLocal(const ModuleNode& node, std::uint32_t index, Diagnostics& own);
  void CheckProvider(const ProviderNode& provider, Diagnostics& own);
  void CheckOutput(const ModuleNode& node, const Output& output, Diagnostics& own);
  void CheckBlockAsserts(const ModuleNode& node, const CheckBlock& check, Diagnostics& own);
  void CheckImport(const ModuleNode& node, const ImportBlock& import, Diagnostics& own);
  bool CheckImportKey(const ImportBlock& import, const Resource& block, const Type& keys,
                      const ValidationScope& each, Diagnostics& own);

  void CheckResource(const ModuleNode& node, std::uint32_t index, Diagnostics& own);
  void CheckResourceBody(const ModuleNode& node, std::uint32_t index,
                         const ValidationContext& context, Diagnostics& own);
  void CheckIgnoreChanges(const Resource& resource, const BlockSchema& schema, Diagnostics& own);
  void CheckEphemeral(const Value& value, const BlockSchema& schema, const Resource& resource,
                      const std::string& address, Diagnostics& own);
  void CheckProvisioner(const ModuleNode& node, const Provisioner& provisioner,
                        const ValidationContext& context, Diagnostics& own);
  void CheckDependsOn(const ModuleNode& node, const std::vector<parser::Traversal>& depends_on,
                      Diagnostics& own);
  void CheckCondition(const ModuleNode& node, const Condition& condition,
                      const ValidationContext& context, Diagnostics& own);
  void ReportType(const Resource& resource, const ProviderSource& provider, Diagnostics& own);

  // nullopt after an error.
  static std::optional<Value> Evaluate(const parser::Expression& expression,
                                       const ValidationScope& scope, Diagnostics& own);
  static void CheckRepetition(const parser::Expression* count, const parser::Expression* for_each,
                              const ValidationScope& scope, Diagnostics& own);
  // References first: where one is wrong, what else the body says is not looked at. nullopt after
  // an error.
  std::optional<Value> Decode(const ModuleNode& node, const parser::Body& body,
                              const BlockSchema& schema, const ValidationContext& context,
                              Diagnostics& own);
  ValidationScope ScopeOf(const ModuleNode& node, const ValidationContext& context = {}) const {
    return {tree_, schemas_, values_[node.index], context};
  }

  const ModuleTree& tree_;
  const SchemaSource& schemas_;
  const ValidationGraph& graph_;
  Diagnostics& diags_;
  std::vector<ValidationValues> values_;
  std::vector<bool> used_providers_;
};

// What `count` and `for_each` may be, as far as that can be told before anything is known.
void CheckCount(const parser::Expression& expression, const lang::Scope& scope, Diagnostics& diags);
void CheckForEach(const parser::Expression& expression, const lang::Scope& scope,
                  Diagnostics& diags);

}  // namespace tkn::config
