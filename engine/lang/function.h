#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "engine/lang/scope.h"
#include "engine/value/value.h"
#include "parser/diagnostic.h"

namespace tkn::lang {

// What a function accepts in one parameter. The caller enforces it, so bodies have no such checks.
struct Parameter {
  std::string_view name{};
  std::string_view description{};
  Type type{};
  bool allow_null = false;
  bool allow_unknown = false;  // otherwise an unknown argument makes the result unknown
  bool allow_dynamic = false;  // null or unknown of dynamic type reaches the body
  bool allow_marked = false;   // otherwise marks are taken off, at any depth, and put on the result
  bool named = false;          // only a reference to something named, not an expression around it
  bool closure = false;        // not evaluated: the argument is null, the body uses CallContext
};

// An error about one argument (index into the arguments) or about the call (-1).
struct FunctionError {
  int argument = -1;
  std::string message{};
};

// One argument as written, for functions that decide themselves whether to evaluate it (try, can).
struct Closure {
  const parser::Expression* expression = nullptr;
  std::function<Value(Diagnostics&)> evaluate{};
};

struct CallContext {
  const Scope& scope;  // for templatefile() and file functions
  SourceRange call_range{};
  int depth = 0;                        // of templates within templates
  std::span<const Closure> closures{};  // parallel to the arguments; empty without such parameters
  bool sensitive = false;               // an argument was: error messages must not quote any
};

using FunctionResult = std::variant<Value, FunctionError>;
using FunctionType = std::variant<Type, FunctionError>;

// One entry of the function table: a literal in functions/*.cc. Texts are string literals.
struct Function {
  std::string_view name{};
  std::string_view description{};
  std::vector<Parameter> parameters{};
  std::optional<Parameter> variadic{};
  // The type of every result; when it depends on the arguments, `result_type` gives it.
  Type result{};
  FunctionType (*result_type)(std::span<const Value> arguments) = nullptr;
  FunctionResult (*body)(std::span<const Value> arguments, Type result,
                         const CallContext& context) = nullptr;
  bool never_null = true;  // refines unknown results, so that `f(x) == null` can be decided

  const Parameter& ParameterAt(std::size_t argument) const {
    return argument < parameters.size() ? parameters[argument] : *variadic;
  }
};

// Calls with arguments already converted to the parameters' types: nulls, unknowns and marks are
// treated as the parameters say.
[[nodiscard]] FunctionResult CallFunction(const Function& function,
                                          std::span<const Value> arguments,
                                          const CallContext& context);

// Functions by name. Built once, immutable, any thread may read. "core::x" finds x.
class FunctionTable {
 public:
  void Add(Function function);
  void Reserve(std::size_t count) { functions_.reserve(count); }
  const Function* Find(std::string_view name) const;
  std::vector<std::string> Names() const;  // sorted, without "core::"

 private:
  std::unordered_map<std::string_view, Function> functions_;
};

// The functions of Terraform 1.11.
const FunctionTable& StandardFunctions();
// provider::terraform::*, by local name of the function ("encode_tfvars").
const Function* FindTerraformProviderFunction(std::string_view name);

}  // namespace tkn::lang
