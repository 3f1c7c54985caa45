#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/config.h"
#include "engine/config/validate.h"
#include "engine/lang/scope.h"

namespace tkn::config {

// What count, each and self mean at one place.
struct PlaceInBlock {
  const Resource* resource = nullptr;   // whose count or for_each holds
  const ModuleCall* call = nullptr;
  Type self{};
  bool has_self = false;
};

// The names of one module call when nothing is known but types: what `validate` evaluates with. References into
// resources and modules that can't work whatever the values are errors here.
class ValidateScope final : public lang::Scope {
 public:
  // Both must outlive it; so must `values` of the locals, which all scopes of a node share.
  struct Locals {
    std::vector<std::optional<Value>> values;
    std::vector<bool> in_progress;
    explicit Locals(const Module& module) : values(module.locals.size()), in_progress(module.locals.size()) {}
  };
  ValidateScope(const ModuleTree& tree, const ModuleNode& node, const SchemaSource& schemas, Locals& locals,
                PlaceInBlock place = {})
      : tree_(tree), node_(node), schemas_(schemas), locals_(locals), place_(place) {}

  Resolved Resolve(const parser::Traversal& traversal, Diagnostics& diags) const override;
  const lang::FunctionTable& functions() const override;
  bool pure_only() const override { return true; }
  const std::string& base_directory() const override;

  // nullptr: its provider or type is unknown.
  const Schema* SchemaOf(std::uint32_t resource) const;

 private:
  Resolved ResolveResource(const parser::Traversal& traversal, const ReferenceTarget& target, Diagnostics& diags) const;
  Resolved ResolveModule(const ReferenceTarget& target) const;
  Resolved ResolveRepetition(const parser::Traversal& traversal, const ReferenceTarget& target, Diagnostics& diags) const;
  Value LocalValue(std::uint32_t index) const;

  const ModuleTree& tree_;
  const ModuleNode& node_;
  const SchemaSource& schemas_;
  Locals& locals_;
  PlaceInBlock place_;
};

}  // namespace tkn::config
