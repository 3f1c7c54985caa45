#include "engine/plan/relevant_attributes.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace tkn::plan {
namespace {

using config::kNone;

class Collector {
 public:
  void AddUses(const ModuleInstance& module, const std::vector<config::Use>& uses) {
    pending_.push_back({&module, &uses});
    while (!pending_.empty()) {
      const auto [at, next] = pending_.back();
      pending_.pop_back();
      for (const config::Use& use : *next) {
        // Only what gives values counts, not what merely orders or checks them.
        if (use.place == config::UsePlace::kDependsOn ||
            use.place == config::UsePlace::kCondition ||
            use.place == config::UsePlace::kReplaceTriggeredBy) {
          continue;
        }
        if (use.target != nullptr && use.target->index != kNone) AddUse(*at, use);
      }
    }
  }

  std::vector<Plan::RelevantAttribute> Take() {
    std::sort(found_.begin(), found_.end(), Less);
    found_.erase(
        std::unique(found_.begin(), found_.end(),
                    [](const auto& a, const auto& b) { return !Less(a, b) && !Less(b, a); }),
        found_.end());
    return std::move(found_);
  }

 private:
  static bool Less(const Plan::RelevantAttribute& a, const Plan::RelevantAttribute& b) {
    if (a.resource != b.resource) return a.resource < b.resource;
    return PathLess(a.path, b.path);
  }

  void AddUse(const ModuleInstance& module, const config::Use& use) {
    const config::ReferenceTarget& target = *use.target;
    switch (target.kind) {
      case lang::ReferenceKind::kResource:
        AddAttribute(module, use);
        return;
      case lang::ReferenceKind::kLocal:
        Follow(module, target, module, module.node->module->locals[target.index].uses);
        return;
      case lang::ReferenceKind::kVariable:
        if (module.parent == nullptr) return;
        for (const config::ModuleArgument& argument : module.node->call->arguments) {
          if (argument.variable == target.index)
            Follow(module, target, *module.parent, argument.uses);
        }
        return;
      case lang::ReferenceKind::kModule:
        FollowModule(module, target);
        return;
      default:
        return;
    }
  }

  void FollowModule(const ModuleInstance& module, const config::ReferenceTarget& target) {
    const CallInstances& call = module.calls[target.index];
    for (std::size_t i = 0; i < call.modules.size(); ++i) {
      if (!target.key.IsNone() && call.expansion.keys[i] != target.key) continue;
      const ModuleInstance& child = *call.modules[i];
      const auto& outputs = child.node->module->outputs;
      for (std::size_t o = 0; o < outputs.size(); ++o) {
        if (target.output != kNone && target.output != o) continue;
        config::ReferenceTarget one = target;
        one.index = static_cast<std::uint32_t>(o);
        Follow(child, one, child, outputs[o].uses);
      }
    }
  }

  void Follow(const ModuleInstance& module, const config::ReferenceTarget& target,
              const ModuleInstance& where, const std::vector<config::Use>& uses) {
    if (!seen_.emplace(&module, target.kind, target.index).second) return;
    pending_.push_back({&where, &uses});
  }

  void AddAttribute(const ModuleInstance& module, const config::Use& use) {
    const config::ReferenceTarget& target = *use.target;
    const config::Resource& block = module.node->module->resources[target.index];
    Plan::RelevantAttribute attribute;
    attribute.resource = Address{module.address, block.name, target.key}.ToString();
    for (std::size_t i = target.steps_used; i < use.traversal->steps.size(); ++i) {
      const parser::Step& step = use.traversal->steps[i];
      if (step.kind == parser::Step::Kind::kAttribute) {
        attribute.path.push_back(PathStep::Attribute(std::string(step.text)));
      } else if (step.kind == parser::Step::Kind::kIndexString) {
        attribute.path.push_back(PathStep::Index(std::string(step.text)));
      } else {
        attribute.path.push_back(
            PathStep::Index(Value::Number(Number::Parse(step.text).value_or(Number(0)))));
      }
    }
    found_.push_back(std::move(attribute));
  }

  std::vector<std::pair<const ModuleInstance*, const std::vector<config::Use>*>> pending_;
  std::set<std::tuple<const ModuleInstance*, lang::ReferenceKind, std::uint32_t>> seen_;
  std::vector<Plan::RelevantAttribute> found_;
};

}  // namespace

std::vector<Plan::RelevantAttribute> RelevantAttributes(const Evaluation& evaluation,
                                                        const Plan& plan) {
  Collector collector;
  const config::Resource* last = nullptr;
  const ModuleInstance* last_module = nullptr;
  for (const ResourceChange& change : plan.changes.all()) {
    if (change.action == Action::kNoOp) continue;
    const ModuleInstance* module = evaluation.Find(change.address.module);
    if (module == nullptr) continue;
    const ResourceName& name = change.address.resource;
    const std::uint32_t index = module->node->module->FindResource(name.mode, name.type, name.name);
    if (index == kNone) continue;
    const config::Resource& block = module->node->module->resources[index];
    if (&block == last && module == last_module) continue;  // another instance of the same
    last = &block;
    last_module = module;
    collector.AddUses(*module, block.uses);
  }
  const ModuleInstance* root = evaluation.Find(ModuleAddress());
  for (const OutputChange& change : plan.outputs) {
    if (change.action == Action::kNoOp) continue;
    const std::uint32_t index = root->node->module->FindOutput(change.name);
    if (index != kNone) collector.AddUses(*root, root->node->module->outputs[index].uses);
  }
  return collector.Take();
}

}  // namespace tkn::plan
