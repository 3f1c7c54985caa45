#include "engine/plan/evaluation.h"

#include <stdexcept>
#include <utility>

#include "engine/lang/evaluate.h"
#include "engine/plan/module_scope.h"

namespace tkn::plan {

ModuleInstance::ModuleInstance(const config::ModuleNode& module_node, ModuleAddress module_address)
    : node(&module_node),
      address(std::move(module_address)),
      variables(module_node.module->variables.size(), Value::Dynamic()),
      locals(module_node.module->locals.size(), Value::Dynamic()),
      outputs(module_node.module->outputs.size(), Value::Dynamic()),
      resources(module_node.module->resources.size()),
      calls(module_node.module->module_calls.size()) {}

void ResourceValues::Set(Expansion keys) {
  expansion = std::move(keys);
  values.assign(expansion.keys.size(), Value::Dynamic());
  whole = Value::Dynamic();
  is_expanded = true;
}

void ResourceValues::Complete() {
  switch (expansion.repeated) {
    case Repeated::kNo:
      whole = values.empty() ? Value::Dynamic() : values.front();
      return;
    case Repeated::kCount:
      whole = Value::Tuple(values);
      return;
    case Repeated::kForEach: {
      std::vector<Value::Entry> entries;
      entries.reserve(values.size());
      for (std::size_t i = 0; i < values.size(); ++i) {
        entries.emplace_back(expansion.keys[i].string(), values[i]);
      }
      whole = Value::Object(std::move(entries));
      return;
    }
  }
}

Evaluation::Evaluation(const config::ModuleTree& tree, const config::VariableInputs& variables,
                       EvaluationOptions options)
    : tree_(tree),
      variables_(variables),
      options_(std::move(options)),
      by_node_(tree.nodes().size()) {
  by_node_.front().push_back(std::make_unique<ModuleInstance>(tree.root(), ModuleAddress()));
}

const ModuleInstance* Evaluation::Find(const ModuleAddress& address) const {
  const ModuleInstance* instance = by_node_.front().front().get();
  for (const ModuleStep& step : address.steps()) {
    const std::uint32_t call = instance->node->module->FindModuleCall(step.name);
    if (call == config::kNone || !instance->calls[call].is_expanded) return nullptr;
    const std::size_t index = instance->calls[call].expansion.Find(step.key);
    if (index == Expansion::npos) return nullptr;
    instance = instance->calls[call].modules[index];
  }
  return instance;
}

bool Evaluation::EvaluateVariable(const config::ModuleNode& node, std::uint32_t index,
                                  Diagnostics& diags) {
  const config::Variable& variable = node.module->variables[index];
  Diagnostics more;
  if (node.parent == nullptr) {
    const auto found = variables_.find(variable.name);
    root().variables[index] = config::PrepareVariable(
        variable, found == variables_.end() ? nullptr : &found->second, more);
  } else {
    const config::ModuleArgument* argument = nullptr;
    for (const config::ModuleArgument& candidate : node.call->arguments) {
      if (candidate.variable == index) argument = &candidate;
    }
    for (const auto& instance : by_node_[node.index]) {
      if (argument == nullptr) {
        instance->variables[index] = config::PrepareVariable(variable, nullptr, more);
        continue;
      }
      const ModuleScope scope(*this, *instance->parent, &instance->repetition);
      Diagnostics evaluation;
      config::VariableInput input{.origin = config::VariableOrigin::kCaller,
                                  .value = lang::Evaluate(*argument->expression, scope, evaluation),
                                  .range = argument->expression->range};
      if (!evaluation.HasErrors()) {
        instance->variables[index] = config::PrepareVariable(variable, &input, more);
      }
      more.Append(std::move(evaluation));
    }
  }
  const bool failed = more.HasErrors();
  diags.Append(std::move(more));
  return !failed;
}

bool Evaluation::EvaluateLocal(const config::ModuleNode& node, std::uint32_t index,
                               Diagnostics& diags) {
  const config::Local& local = node.module->locals[index];
  Diagnostics more;
  for (const auto& instance : by_node_[node.index]) {
    instance->locals[index] =
        lang::Evaluate(*local.expression, ModuleScope(*this, *instance), more);
  }
  const bool failed = more.HasErrors();
  diags.Append(std::move(more));
  return !failed;
}

bool Evaluation::ExpandModule(const config::ModuleNode& node, Diagnostics& diags) {
  const config::ModuleCall& call = *node.call;
  const auto call_index =
      static_cast<std::uint32_t>(&call - node.parent->module->module_calls.data());
  bool ok = true;
  for (const auto& parent : by_node_[node.parent->index]) {
    std::optional<Expansion> expansion =
        Expand(call.count, call.for_each, ModuleScope(*this, *parent), diags);
    if (!expansion) {
      ok = false;
      continue;
    }
    CallInstances& instances = parent->calls[call_index];
    instances.expansion = std::move(*expansion);
    for (std::size_t i = 0; i < instances.expansion.keys.size(); ++i) {
      auto instance = std::make_unique<ModuleInstance>(
          node, parent->address.Child(std::string(call.name), instances.expansion.keys[i]));
      instance->parent = parent.get();
      instance->repetition = instances.expansion.At(i);
      instances.modules.push_back(instance.get());
      by_node_[node.index].push_back(std::move(instance));
    }
    instances.is_expanded = true;
  }
  return ok;
}

Value Evaluation::ModuleValue(const ModuleInstance& parent, std::uint32_t call) const {
  const CallInstances& instances = parent.calls[call];
  const std::lock_guard lock(instances.mutex);
  if (instances.whole) return *instances.whole;
  std::vector<Value> objects;
  for (const ModuleInstance* module : instances.modules) {
    std::vector<Value::Entry> entries;
    const auto& outputs = module->node->module->outputs;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      entries.emplace_back(std::string(outputs[i].name), module->outputs[i]);
    }
    objects.push_back(Value::Object(std::move(entries)));
  }
  switch (instances.expansion.repeated) {
    case Repeated::kNo:
      instances.whole = objects.empty() ? Value::Dynamic() : objects.front();
      break;
    case Repeated::kCount:
      instances.whole = Value::Tuple(std::move(objects));
      break;
    case Repeated::kForEach: {
      std::vector<Value::Entry> entries;
      for (std::size_t i = 0; i < objects.size(); ++i) {
        entries.emplace_back(instances.expansion.keys[i].string(), std::move(objects[i]));
      }
      instances.whole = Value::Object(std::move(entries));
      break;
    }
  }
  return *instances.whole;
}

}  // namespace tkn::plan
