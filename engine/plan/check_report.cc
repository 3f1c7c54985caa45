#include "engine/plan/check_report.h"

#include <algorithm>

#include "engine/lang/evaluate.h"

namespace tkn::plan {

const char* NameOf(CheckStatus status) {
  switch (status) {
    case CheckStatus::kUnknown:
      return "unknown";
    case CheckStatus::kPass:
      return "pass";
    case CheckStatus::kFail:
      return "fail";
    case CheckStatus::kError:
      return "error";
  }
  return "";
}

namespace {

CheckStatus StatusOf(config::ConditionResult result) {
  switch (result) {
    case config::ConditionResult::kPass:
      return CheckStatus::kPass;
    case config::ConditionResult::kFail:
      return CheckStatus::kFail;
    case config::ConditionResult::kUnknown:
      return CheckStatus::kUnknown;
    case config::ConditionResult::kError:
      return CheckStatus::kError;
  }
  return CheckStatus::kUnknown;
}

// The one of two that says more about the whole: an error, then a failure, then not knowing.
CheckStatus Worse(CheckStatus a, CheckStatus b) {
  for (const CheckStatus status :
       {CheckStatus::kError, CheckStatus::kFail, CheckStatus::kUnknown}) {
    if (a == status || b == status) return status;
  }
  return CheckStatus::kPass;
}

}  // namespace

CheckedObject CheckedResource(const config::ModuleNode& node, const config::Resource& resource) {
  return {CheckKind::kResource, node.path, resource.name.ToString()};
}

CheckedObject CheckedOutput(const config::ModuleNode& node, const config::Output& output) {
  return {CheckKind::kOutput, node.path, "output." + std::string(output.name)};
}

CheckReport::CheckReport(const ConfigGraph& graph) {
  for (const auto& node : graph.tree().nodes()) {
    const config::Module& module = *node->module;
    for (const config::Resource& resource : module.resources) {
      if (resource.lifecycle.preconditions.empty() && resource.lifecycle.postconditions.empty())
        continue;
      objects_[CheckedResource(*node, resource)];
    }
    for (const config::Output& output : module.outputs) {
      if (!output.preconditions.empty()) objects_[CheckedOutput(*node, output)];
    }
    for (const config::CheckBlock& check : module.checks) {
      objects_[{CheckKind::kCheckBlock, node->path, "check." + std::string(check.name)}];
    }
    for (const config::Variable& variable : module.variables) {
      if (variable.validations.empty()) continue;
      objects_[{CheckKind::kInputVariable, node->path, "var." + std::string(variable.name)}];
    }
  }
}

void CheckReport::Expand(const CheckedObject& object, const std::vector<std::string>& instances) {
  const std::lock_guard lock(mutex_);
  const auto found = objects_.find(object);
  if (found == objects_.end()) return;
  found->second.is_expanded = true;
  for (const std::string& instance : instances) {
    found->second.instances.try_emplace(instance, CheckResult::Instance{.address = instance});
  }
}

void CheckReport::Report(const CheckedObject& object, const std::string& instance,
                         const std::vector<config::ConditionOutcome>& outcomes) {
  if (outcomes.empty()) return;
  const std::lock_guard lock(mutex_);
  const auto found = objects_.find(object);
  if (found == objects_.end()) return;
  State& state = found->second;
  state.is_expanded = true;
  auto [entry, is_new] =
      state.instances.try_emplace(instance, CheckResult::Instance{.address = instance});
  CheckResult::Instance& result = entry->second;
  bool first = state.reported.insert(instance).second;  // it replaces "nothing known yet"
  for (const config::ConditionOutcome& outcome : outcomes) {
    const CheckStatus status = StatusOf(outcome.result);
    result.status = first ? status : Worse(result.status, status);
    first = false;
    if (outcome.result == config::ConditionResult::kFail && !outcome.message.empty())
      result.problems.push_back(outcome.message);
  }
}

bool CheckReport::HasFailed(const CheckedObject& object, const std::string& instance) const {
  const std::lock_guard lock(mutex_);
  const auto found = objects_.find(object);
  if (found == objects_.end() || !found->second.reported.contains(instance)) return false;
  const auto entry = found->second.instances.find(instance);
  return entry != found->second.instances.end() && entry->second.status == CheckStatus::kFail;
}

std::vector<CheckResult> CheckReport::Results() const {
  const std::lock_guard lock(mutex_);
  std::vector<CheckResult> results;
  for (const auto& [object, state] : objects_) {
    CheckResult result{.kind = object.kind, .module = object.module, .name = object.name};
    if (state.is_expanded) result.status = CheckStatus::kPass;
    for (const auto& [address, instance] : state.instances) {
      result.status = Worse(result.status, instance.status);
      result.instances.push_back(instance);
    }
    results.push_back(std::move(result));
  }
  return results;
}

std::vector<CheckResult> UnlookedAtChecks(const ConfigGraph& graph) {
  CheckReport report(graph);
  const config::ModuleNode& root = graph.tree().root();
  for (const config::Output& output : root.module->outputs) {
    const CheckedObject object = CheckedOutput(root, output);
    report.Expand(object, {object.name});
  }
  return report.Results();
}

bool IsCheckWarning(const Diagnostic& diagnostic) {
  return diagnostic.severity == Severity::kWarning &&
         (diagnostic.summary == kCheckFailed || diagnostic.summary == kCheckUnknown);
}

bool CheckConditions(const std::vector<config::Condition>& conditions, const lang::Scope& scope,
                     const ConditionWords& words, std::vector<config::ConditionOutcome>& outcomes,
                     Diagnostics& diags) {
  bool ok = true;
  for (const config::Condition& condition : conditions) {
    Diagnostics more;
    config::ConditionOutcome outcome = config::EvaluateCondition(condition, scope, more);
    for (Diagnostic& diagnostic : more) {
      if (diagnostic.severity == Severity::kError) diagnostic.severity = words.severity;
    }
    ok = ok && !more.HasErrors();
    diags.Append(std::move(more));
    if (outcome.result == config::ConditionResult::kFail) {
      Diagnostic diagnostic{.severity = words.severity,
                            .summary = words.summary,
                            .detail = outcome.message,
                            .subject = condition.condition->range};
      lang::ShowValues(*condition.condition, scope, diagnostic);
      diagnostic.never_consolidate = true;
      diags.Add(std::move(diagnostic));
      ok = ok && words.severity != Severity::kError;
    }
    outcomes.push_back(std::move(outcome));
  }
  return ok;
}

}  // namespace tkn::plan
