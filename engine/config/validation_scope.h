#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "engine/config/config.h"
#include "engine/config/validate.h"
#include "engine/lang/function.h"
#include "engine/lang/scope.h"

namespace tkn::config {

// What the names of one module of the tree are worth while nothing is known yet: types, and
// constants.
struct ValidationValues {
  const ModuleNode* node = nullptr;
  std::vector<Value> variables{}, locals{};
  std::string working_directory{};
  std::string workspace{};
};

// What stands around an expression.
struct ValidationContext {
  bool has_count = false;
  bool has_each = false;
  const Resource* self = nullptr;  // whose provisioner or postcondition it is
  std::uint32_t check = kNone;     // whose assertion it is
};

// Resolves names to these values, and checks references to resources by their schemas.
class ValidationScope final : public lang::Scope {
 public:
  ValidationScope(const ModuleTree& tree, const SchemaSource& schemas,
                  const ValidationValues& values, ValidationContext context)
      : tree_(tree), schemas_(schemas), values_(values), context_(context) {}

  Resolved Resolve(const parser::Traversal& traversal, Diagnostics& diags) const override;
  // Resources, modules and `self` are looked for before anything else is: where one is not there,
  // nothing else that the expressions refer to is worth telling. False after such an error.
  bool CheckReferences(std::initializer_list<const parser::Expression*> expressions,
                       Diagnostics& diags) const;
  bool CheckReferences(const parser::Body& body, const BlockSchema& schema,
                       Diagnostics& diags) const;

  const lang::FunctionTable& functions() const override { return lang::StandardFunctions(); }
  const std::string& base_directory() const override { return values_.working_directory; }
  bool pure_only() const override { return true; }
  const lang::Function* FindProviderFunction(std::string_view local_name,
                                             std::string_view name) const override {
    return values_.node->module->FindProviderFunction(local_name, name);
  }

 private:
  class StaticErrors;
  void CheckResource(const parser::Traversal& traversal, const ReferenceTarget& target,
                     Diagnostics& diags) const;
  void CheckAttributes(const Resource& resource, const parser::Traversal& traversal,
                       std::size_t from, Diagnostics& diags) const;
  Value ModuleValue(const ReferenceTarget& target) const;
  Resolved Builtin(const parser::Traversal& traversal, const ReferenceTarget& target,
                   Diagnostics& diags) const;

  const ModuleTree& tree_;
  const SchemaSource& schemas_;
  const ValidationValues& values_;
  ValidationContext context_;
};

// From the root to the last step that belongs to the reference.
SourceRange ReferenceRange(const parser::Traversal& traversal, std::size_t steps);

// Whether the steps lead to something that the schema has: "Unsupported attribute" otherwise.
void CheckTraversal(const BlockSchema& schema, std::string_view name, SourceRange name_range,
                    std::span<const parser::Step> rest, const parser::Traversal& whole,
                    Diagnostics& diags);

}  // namespace tkn::config
