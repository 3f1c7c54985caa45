#include <algorithm>

#include "engine/lang/evaluate.h"
#include "engine/plan/module_scope.h"
#include "engine/plan/planner.h"

// lifecycle.replace_triggered_by, and -replace.
namespace tkn::plan {
namespace {

// TYPE.NAME, an optional key, and steps into the object.
struct Trigger {
  std::optional<InstanceKey> key{};
  Path path{};

  void Add(const parser::Step& step) {
    if (step.kind == parser::Step::Kind::kAttribute) {
      path.push_back(PathStep::Attribute(std::string(step.text)));
      return;
    }
    InstanceKey step_key(std::string(step.text));
    if (step.kind == parser::Step::Kind::kIndexNumber) {
      step_key = InstanceKey(Number::Parse(step.text).value_or(Number(0)).ToInt64().value_or(0));
    }
    if (path.empty() && !key) {
      key = std::move(step_key);
    } else {
      path.push_back(PathStep::Index(step_key.ToValue()));
    }
  }
};

class TriggerReader {
 public:
  TriggerReader(const config::Resource& triggering, const lang::Scope& scope, Diagnostics& diags)
      : triggering_(triggering), scope_(scope), diags_(diags) {}

  // False after an error.
  bool Read(const parser::Expression& expression, Trigger& trigger) {
    switch (expression.kind) {
      case parser::ExpressionKind::kRelative: {
        const auto& relative = parser::As<parser::RelativeTraversal>(expression);
        if (!Read(*relative.source, trigger)) return false;
        for (const parser::Step& step : relative.steps) trigger.Add(step);
        return true;
      }
      case parser::ExpressionKind::kTraversal: {
        const auto& traversal = parser::As<parser::TraversalExpression>(expression).traversal;
        const std::size_t name_steps =
            triggering_.name.mode == ResourceMode::kManaged ? 1 : 2;  // data.TYPE.NAME
        for (std::size_t i = name_steps; i < traversal.steps.size(); ++i)
          trigger.Add(traversal.steps[i]);
        return true;
      }
      case parser::ExpressionKind::kIndex: {
        const auto& index = parser::As<parser::IndexExpression>(expression);
        return Read(*index.collection, trigger) && ReadKey(*index.key, trigger);
      }
      default:
        diags_.Add({.summary = "Invalid replace_triggered_by expression",
                    .detail = "What triggers a replacement is named as TYPE.NAME, with an index "
                              "and attributes where wanted, and not worked out.",
                    .subject = expression.range});
        return false;
    }
  }

 private:
  // count.index or each.key.
  bool ReadKey(const parser::Expression& expression, Trigger& trigger) {
    if (expression.kind != parser::ExpressionKind::kTraversal) {
      diags_.Add({.summary = "Invalid expression",
                  .detail = "The index is a constant, count.index or each.key. Nothing can be "
                            "worked out here.",
                  .subject = expression.range});
      return false;
    }
    Diagnostics own;
    const Value value = lang::Evaluate(expression, scope_, own).UnmarkDeep();
    const bool failed = own.HasErrors();
    diags_.Append(std::move(own));
    if (failed || !value.IsKnown() || value.IsNull()) return false;
    if (value.type() == Type::String()) trigger.key = InstanceKey(std::string(value.AsString()));
    if (value.type() == Type::Number())
      trigger.key = InstanceKey(value.AsNumber().ToInt64().value_or(-1));
    return true;
  }

  const config::Resource& triggering_;
  const lang::Scope& scope_;
  Diagnostics& diags_;
};

std::string NameOf(const ModuleAddress& module) {
  return module.IsRoot() ? "the root module" : module.ToString();
}

}  // namespace

ActionReason Planner::ForcedReplacement(const Instance& instance, Diagnostics& diags) {
  if (!force_replace_.empty() && force_replace_.contains(instance.address)) {
    return ActionReason::kReplaceByRequest;
  }
  for (const config::ReplaceTrigger& trigger :
       instance.resource.block->lifecycle.replace_triggered_by) {
    if (IsTriggered(instance, trigger, diags)) return ActionReason::kReplaceByTriggers;
    if (diags.HasErrors()) break;
  }
  return ActionReason::kNone;
}

bool Planner::IsTriggered(const Instance& instance, const config::ReplaceTrigger& trigger,
                          Diagnostics& diags) {
  const ModuleInstance& module = *instance.resource.module;
  if (trigger.resource == config::kNone) {
    diags.Add({.summary = "Reference to undeclared resource",
               .detail = "What replace_triggered_by names is not declared in " +
                         NameOf(module.address) + ".",
               .subject = trigger.expression->range});
    return false;
  }
  const config::Resource& block = module.node->module->resources[trigger.resource];
  const ModuleScope scope(run_.evaluation, module, &instance.repetition);
  Trigger wanted;
  if (!TriggerReader(block, scope, diags).Read(*trigger.expression, wanted)) return false;

  const auto acts = [](const ResourceChange& change) {
    return change.action == Action::kUpdate || IsReplace(change.action);
  };
  const ResourceValues& values = module.resources[trigger.resource];
  const Address address{module.address, block.name, wanted.key.value_or(InstanceKey())};
  // As Terraform words it; there is no more to it than this line.
  const auto not_planned = [&] {
    diags.Add({.summary = "no change found for " + Address{{}, block.name, address.key}.ToString() +
                          " in " + NameOf(module.address)});
    return false;
  };
  const std::lock_guard lock(mutex_);
  if (!wanted.key && wanted.path.empty()) {
    bool any = false;
    bool triggered = false;
    for (const InstanceKey& k : values.expansion.keys) {
      const ResourceChange* change = changes_.Find({module.address, block.name, k});
      any = any || change != nullptr;
      triggered = triggered || (change != nullptr && acts(*change));
    }
    return any ? triggered : not_planned();
  }
  const ResourceChange* change = changes_.Find(address);
  if (change == nullptr) return not_planned();
  if (!acts(*change)) return false;
  if (wanted.path.empty()) return true;
  const std::optional<Value> before = ApplyPath(change->before, wanted.path);
  const std::optional<Value> after = ApplyPath(change->after, wanted.path);
  if (!before || !after) return before.has_value() != after.has_value();
  return !before->RawEquals(*after);
}

}  // namespace tkn::plan
