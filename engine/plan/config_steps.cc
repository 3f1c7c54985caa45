#include "engine/plan/config_steps.h"

#include <algorithm>
#include <stdexcept>

#include "engine/lang/evaluate.h"
#include "engine/value/json.h"

namespace tkn::plan {
namespace {

std::string Within(const ModuleInstance& module, const std::string& name) {
  return module.address.IsRoot() ? name : module.address.ToString() + "." + name;
}

}  // namespace

ConfigSteps::ConfigSteps(Run& run, bool check_conditions)
    : run_(run),
      check_conditions_(check_conditions),
      used_providers_(run.tree.providers().size(), true),
      root_outputs_(run.tree.root().module->outputs.size()) {}

std::vector<bool> ConfigSteps::UsedProviders(const Run& run) {
  std::vector<bool> used(run.tree.providers().size(), false);
  for (const auto& node : run.tree.nodes()) {
    for (const std::uint32_t index : node->resource_providers) used[index] = true;
  }
  std::optional<ProviderRef> last;
  for (const state::StoredObject& object : run.prior.snapshot().objects) {
    if (last == object.provider) continue;
    last = object.provider;
    if (const config::ProviderNode* node = run.tree.FindProvider(object.provider)) {
      used[static_cast<std::size_t>(node - run.tree.providers().data())] = true;
    }
  }
  return used;
}

graph::Outcome ConfigSteps::Do(const Step& step) {
  Diagnostics diags;
  bool ok = true;
  switch (step.kind) {
    case StepKind::kModule:
      ok = step.node->parent == nullptr || run_.evaluation.ExpandModule(*step.node, diags);
      break;
    case StepKind::kVariable:
      ok = run_.evaluation.EvaluateVariable(*step.node, step.index, diags);
      break;
    case StepKind::kValidation:
      ok = Validate(step, diags);
      break;
    case StepKind::kLocal:
      ok = run_.evaluation.EvaluateLocal(*step.node, step.index, diags);
      break;
    case StepKind::kProvider:
      ok = !used_providers_[step.index] || run_.providers.Configure(step.index, diags);
      break;
    case StepKind::kOutput:
      EvaluateOutput(step, diags);
      break;
    case StepKind::kCheck:
      if (check_conditions_) EvaluateCheck(step, diags);
      break;
    case StepKind::kModuleDone:
    case StepKind::kAllResources:
      break;
    case StepKind::kResource:
    case StepKind::kResourceDone:
      throw std::logic_error("config steps: resources are somebody else's");
  }
  const graph::Outcome outcome = FinishStep(run_, std::move(diags));
  return ok ? outcome : graph::Outcome::kFailed;
}

bool ConfigSteps::Validate(const Step& step, Diagnostics& diags) {
  const config::Variable& variable = step.node->module->variables[step.index];
  if (variable.validations.empty() || !check_conditions_) return true;
  SourceRange subject = variable.range;
  if (step.node->parent != nullptr) {
    for (const config::ModuleArgument& argument : step.node->call->arguments) {
      if (argument.variable == step.index) subject = argument.expression->range;
    }
  }
  const CheckedObject object{CheckKind::kInputVariable, step.node->path,
                             "var." + std::string(variable.name)};
  run_.checks.Expand(object, {});
  for (const auto& module : run_.evaluation.InstancesOf(*step.node)) {
    const ModuleScope scope(run_.evaluation, *module);
    run_.checks.Report(object, Within(*module, object.name),
                       config::CheckValidations(variable, subject, scope, diags));
  }
  return !diags.HasErrors();
}

void ConfigSteps::EvaluateOutput(const Step& step, Diagnostics& diags) {
  const config::Output& output = step.node->module->outputs[step.index];
  const bool is_root = step.node->parent == nullptr;
  const CheckedObject object = CheckedOutput(*step.node, output);
  if (!output.preconditions.empty()) run_.checks.Expand(object, {});
  for (const auto& module : run_.evaluation.InstancesOf(*step.node)) {
    const ModuleScope scope(run_.evaluation, *module);
    Diagnostics more;
    if (!output.preconditions.empty() && check_conditions_) {
      std::vector<config::ConditionOutcome> outcomes;
      const bool holds =
          CheckConditions(output.preconditions, scope,
                          {.summary = "Module output value precondition failed"}, outcomes, more);
      run_.checks.Report(object, Within(*module, object.name), outcomes);
      if (!holds) {
        diags.Append(std::move(more));
        continue;
      }
    }
    Value value = lang::Evaluate(*output.expression, scope, more);
    // In a child module `sensitive` decides nothing, as with Terraform 1.11: what its value is made
    // of keeps its marks, and nothing else is hidden from the modules around it.
    if (output.sensitive && is_root) value = value.WithMark(MarkKind::kSensitive);
    if (is_root && HasInfinity(value)) more.Add(lang::InfiniteValue(*output.expression));
    if (output.ephemeral && !is_root) value = value.WithMark(MarkKind::kEphemeral);
    if (is_root && !output.sensitive && value.ContainsMark(MarkKind::kSensitive)) {
      more.Add({.summary = "Output refers to sensitive values",
                .detail =
                    "This root output would show a value that comes from something sensitive. "
                    "If it is meant to be kept, set `sensitive = true` here: it is then "
                    "hidden in plans. If it is safe to show, wrap it in nonsensitive().",
                .subject = output.range});
    }
    if (!output.ephemeral && value.ContainsMark(MarkKind::kEphemeral)) {
      more.Add({.summary = "Ephemeral value not allowed",
                .detail =
                    "This output is stored, and its value comes from something ephemeral, which "
                    "must not be. In a child module `ephemeral = true` makes an output ephemeral.",
                .subject = output.expression->range});
    }
    const bool failed = more.HasErrors();
    diags.Append(std::move(more));
    if (failed) continue;
    module->outputs[step.index] = value;
    if (is_root) root_outputs_[step.index] = std::move(value);
  }
}

void ConfigSteps::EvaluateCheck(const Step& step, Diagnostics& diags) {
  const config::CheckBlock& check = step.node->module->checks[step.index];
  const CheckedObject object{CheckKind::kCheckBlock, step.node->path,
                             "check." + std::string(check.name)};
  run_.checks.Expand(object, {});
  for (const auto& module : run_.evaluation.InstancesOf(*step.node)) {
    // Where its data could not be read there is nothing to assert.
    if (run_.checks.HasFailed(object, Within(*module, object.name))) continue;
    const ModuleScope scope(run_.evaluation, *module);
    std::vector<config::ConditionOutcome> outcomes;
    CheckConditions(check.asserts, scope, {.summary = kCheckFailed, .severity = Severity::kWarning},
                    outcomes, diags);
    for (std::size_t i = 0; i < outcomes.size() && !run_.evaluation.options().is_apply; ++i) {
      if (outcomes[i].result != config::ConditionResult::kUnknown) continue;
      const parser::Expression& condition = *check.asserts[i].condition;
      Diagnostic unknown{.severity = Severity::kWarning,
                         .summary = kCheckUnknown,
                         .detail =
                             "What this assertion looks at is not known yet. It is checked "
                             "when the plan is applied.",
                         .subject = condition.range};
      lang::ShowValues(condition, scope, unknown);
      diags.Add(std::move(unknown));
    }
    run_.checks.Report(object, Within(*module, object.name), outcomes);
  }
}

std::vector<OutputChange> CompareOutputs(const Run& run, const ConfigSteps& steps,
                                         const state::Snapshot& before, bool destroy,
                                         Diagnostics& diags) {
  struct Stored {
    Value value;
    bool sensitive = false;
  };
  std::map<std::string, Stored> stored;
  for (const state::StoredOutput& output : before.outputs) {
    std::string error;
    const std::optional<Type> type = TypeFromJson(output.type_json, &error);
    const std::optional<Value> value =
        type ? FromJson(output.value_json, *type, &error) : std::nullopt;
    if (!value) {
      diags.Add({.severity = Severity::kWarning,
                 .summary = "Unreadable output value in state",
                 .detail = "The output " + output.name + " in the state cannot be read: " + error +
                           ". It is taken as not being there."});
      continue;
    }
    stored[output.name] = {*value, output.sensitive};
  }
  std::map<std::string, OutputChange> changes;
  const auto& outputs = run.tree.root().module->outputs;
  const Value none = Value::Null(Type::Dynamic());
  for (std::size_t i = 0; i < outputs.size() && !destroy; ++i) {
    if (!steps.root_outputs()[i]) continue;
    const std::string name(outputs[i].name);
    OutputChange change{.name = name, .before = none, .after = *steps.root_outputs()[i]};
    const auto found = stored.find(name);
    const bool was_sensitive = found != stored.end() && found->second.sensitive;
    const bool is_sensitive =
        outputs[i].sensitive || change.after.ContainsMark(MarkKind::kSensitive);
    change.sensitive = is_sensitive || was_sensitive;
    if (found != stored.end()) change.before = found->second.value;
    const bool is_null = change.after.IsKnown() && change.after.IsNull();
    if (is_null && change.before.IsNull()) {
      change.action = Action::kNoOp;
    } else if (found == stored.end()) {
      change.action = Action::kCreate;
    } else if (change.after.IsWhollyKnown() && change.after.EqualsIgnoringMarks(change.before) &&
               is_sensitive == was_sensitive) {
      change.action = Action::kNoOp;
    } else {
      change.action = Action::kUpdate;
    }
    if (was_sensitive) change.before = change.before.WithMark(MarkKind::kSensitive);
    changes.emplace(name, std::move(change));
  }
  for (const auto& [name, output] : stored) {
    const std::uint32_t index = run.tree.root().module->FindOutput(name);
    if (!destroy && index != config::kNone) continue;
    OutputChange change{
        .name = name, .action = Action::kDelete, .before = output.value, .after = none};
    change.sensitive = output.sensitive;
    if (output.sensitive) change.before = change.before.WithMark(MarkKind::kSensitive);
    changes.emplace(name, std::move(change));
  }
  std::vector<OutputChange> sorted;
  for (auto& [name, change] : changes) sorted.push_back(std::move(change));
  return sorted;
}

}  // namespace tkn::plan
