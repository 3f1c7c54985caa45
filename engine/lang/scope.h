#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/value/value.h"
#include "parser/ast.h"
#include "parser/diagnostic.h"

namespace tkn::lang {

class FunctionTable;
struct Function;

// What names mean where an expression stands. Implementations: lang/scope (console, tests, fixed
// values) and the engine's per module instance. Evaluation only reads; one Scope may serve several
// threads if its implementation says so.
class Scope {
 public:
  virtual ~Scope() = default;

  struct Resolved {
    Value value;
    std::size_t steps_used = 0;  // how many steps of the traversal `value` already stands for
  };
  // Gives the value that `traversal` begins with. Names bound by for expressions, template loops
  // and splats never get here. On a name that means nothing: adds Terraform's error ("Reference to
  // undeclared resource", "Invalid reference", ...) and returns an unknown of dynamic type that
  // stands for all steps.
  virtual Resolved Resolve(const parser::Traversal& traversal, Diagnostics& diags) const = 0;

  virtual const FunctionTable& functions() const = 0;
  // provider::LOCAL_NAME::NAME; nullptr where this module has no such provider or the provider no
  // such function.
  virtual const Function* FindProviderFunction(std::string_view /*local_name*/,
                                               std::string_view /*name*/) const {
    return nullptr;
  }
  // The instant that plantimestamp() gives, RFC 3339; empty: not known yet.
  virtual std::string_view plan_timestamp() const { return {}; }
  // While planning, what only the apply decides (timestamp(), uuid(), bcrypt()) is unknown.
  virtual bool pure_only() const { return false; }
  // The console has type().
  virtual bool console_mode() const { return false; }
  // Directory that file functions take relative paths from.
  virtual const std::string& base_directory() const = 0;
};

// Names and whole values, for templatefile(), tests and provider blocks without references.
class ValueScope final : public Scope {
 public:
  ValueScope(const FunctionTable& functions, std::string base_directory)
      : functions_(functions), base_directory_(std::move(base_directory)) {}
  void Set(std::string name, Value value) {
    names_.emplace_back(std::move(name), std::move(value));
  }
  Resolved Resolve(const parser::Traversal& traversal, Diagnostics& diags) const override;
  const FunctionTable& functions() const override { return functions_; }
  const std::string& base_directory() const override { return base_directory_; }

 private:
  const FunctionTable& functions_;
  std::string base_directory_;
  std::vector<std::pair<std::string, Value>> names_;
};

// A Scope in which nothing can be referred to: "Variables not allowed".
const Scope& EmptyScope();

}  // namespace tkn::lang
