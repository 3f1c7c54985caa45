#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "engine/config/config.h"
#include "engine/config/variables.h"
#include "engine/plan/repetition.h"
#include "engine/value/value.h"

namespace tkn::plan {

struct ModuleInstance;

// One resource block in one module instance: its instances, and what references to them see.
struct ResourceValues {
  bool is_expanded = false;
  Expansion expansion{};
  std::vector<Value> values{};  // parallel to expansion.keys
  Value whole{};                // all of them as one value, made once: Complete()

  void Set(Expansion keys);
  void Complete();
};

// One module call in one module instance.
struct CallInstances {
  bool is_expanded = false;
  Expansion expansion{};
  std::vector<ModuleInstance*> modules{};  // parallel to expansion.keys
  // The module objects of all instances as one value, made when it is first asked for.
  mutable std::mutex mutex{};
  mutable std::optional<Value> whole{};
};

// One instance of a module, and what its names mean. Arrays are parallel to those of
// config::Module. Each entry is written by the walk's vertex for it and read only by vertices that
// happen after: no locks.
struct ModuleInstance {
  ModuleInstance(const config::ModuleNode& module_node, ModuleAddress module_address);

  const config::ModuleNode* node;
  ModuleAddress address;
  const ModuleInstance* parent = nullptr;
  Repetition repetition{};  // of the call, for its arguments
  std::vector<Value> variables, locals, outputs;
  std::vector<ResourceValues> resources;
  std::vector<CallInstances> calls;
};

struct EvaluationOptions {
  std::string workspace = "default";
  std::string root_directory = ".";
  std::string working_directory = ".";
  std::string plan_timestamp{};  // RFC 3339
  bool is_apply = false;
};

// The values that a configuration has while it is walked.
class Evaluation {
 public:
  Evaluation(const config::ModuleTree& tree, const config::VariableInputs& variables,
             EvaluationOptions options);
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;

  const config::ModuleTree& tree() const { return tree_; }
  const EvaluationOptions& options() const { return options_; }
  ModuleInstance& root() { return *by_node_.front().front(); }
  // Known once the call was expanded; in order of addresses.
  const std::vector<std::unique_ptr<ModuleInstance>>& InstancesOf(
      const config::ModuleNode& node) const {
    return by_node_[node.index];
  }
  // nullptr: there is no such instance (any more).
  const ModuleInstance* Find(const ModuleAddress& address) const;

  // Steps of a walk, each for all instances of the module. False when an error was added.
  [[nodiscard]] bool EvaluateVariable(const config::ModuleNode& node, std::uint32_t variable,
                                      Diagnostics& diags);
  [[nodiscard]] bool EvaluateLocal(const config::ModuleNode& node, std::uint32_t local,
                                   Diagnostics& diags);
  // Makes the instances of a called module.
  [[nodiscard]] bool ExpandModule(const config::ModuleNode& node, Diagnostics& diags);

  // module.NAME of a call in `parent`: objects of outputs. Any thread.
  Value ModuleValue(const ModuleInstance& parent, std::uint32_t call) const;

 private:
  const config::ModuleTree& tree_;
  const config::VariableInputs& variables_;
  const EvaluationOptions options_;
  std::vector<std::vector<std::unique_ptr<ModuleInstance>>> by_node_;
};

}  // namespace tkn::plan
