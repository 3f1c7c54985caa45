#pragma once

#include "engine/lang/scope.h"
#include "engine/plan/evaluation.h"

namespace tkn::plan {

// What names mean in one module instance; and, within a repeated or self-referring block, in one
// instance of that block. Lives on the stack of whoever evaluates. Any number of scopes read one
// Evaluation at once.
class ModuleScope final : public lang::Scope {
 public:
  ModuleScope(const Evaluation& evaluation, const ModuleInstance& module,
              const Repetition* repetition = nullptr, const Value* self = nullptr)
      : evaluation_(evaluation), module_(module), repetition_(repetition), self_(self) {}

  Resolved Resolve(const parser::Traversal& traversal, Diagnostics& diags) const override;
  const lang::FunctionTable& functions() const override;
  const lang::Function* FindProviderFunction(std::string_view local_name,
                                             std::string_view name) const override {
    return module_.node->module->FindProviderFunction(local_name, name);
  }
  std::string_view plan_timestamp() const override;
  bool pure_only() const override;
  const std::string& base_directory() const override;

 private:
  Resolved ResolveResource(const config::ReferenceTarget& target) const;
  Resolved ResolveModule(const config::ReferenceTarget& target) const;
  Resolved ResolveRepetition(const parser::Traversal& traversal,
                             const config::ReferenceTarget& target, Diagnostics& diags) const;
  Value Builtin(config::BuiltinName name) const;

  const Evaluation& evaluation_;
  const ModuleInstance& module_;
  const Repetition* repetition_;
  const Value* self_;
};

}  // namespace tkn::plan
