#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "engine/value/value.h"
#include "parser/diagnostic.h"

namespace tkn::lang {

class Scope;

// What a function accepts in one parameter. The caller enforces it, so bodies have no such checks.
struct Parameter {
  std::string name;
  std::string description;
  Type type;
  bool allow_null = false;
  bool allow_unknown = false;      // otherwise an unknown argument makes the result unknown
  bool allow_dynamic = false;      // unknown of unknown type reaches the body
  bool allow_marked = false;       // otherwise marks are taken off and put on the result
};

// An error about one argument (index into the arguments) or about the call (-1).
struct FunctionError {
  int argument = -1;
  std::string message;
};

struct CallContext {
  const Scope& scope;        // for templatefile() and file functions
  SourceRange call_range{};
  int depth = 0;
};

// One entry of the function table: a literal in functions/*.cc.
struct Function {
  std::string name;
  std::string description;
  std::vector<Parameter> parameters;
  std::vector<Parameter> variadic;  // none or one
  // The type of the result for these argument types and, where known, values.
  std::function<std::variant<Type, FunctionError>(std::span<const Value> arguments)> result_type;
  std::function<std::variant<Value, FunctionError>(std::span<const Value> arguments, Type result, const CallContext& context)> body;
  // Of an unknown result, so that conditions on it can be decided; may be empty.
  std::function<Refinement(std::span<const Value> arguments)> refine{};
};

// All functions by name, "core::" names included. Built once, immutable, any thread may read.
class FunctionTable {
 public:
  void Add(Function function);
  const Function* Find(std::string_view name) const;
  std::vector<std::string> Names() const;  // sorted

 private:
  std::unordered_map<std::string, Function> functions_;
};

// The functions of Terraform 1.11.
const FunctionTable& StandardFunctions();

}  // namespace tkn::lang
