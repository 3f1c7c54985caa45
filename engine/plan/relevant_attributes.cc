#include "engine/plan/relevant_attributes.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <tuple>

namespace tkn::plan {
namespace {

using config::kNone;

// A module as references lead to it: one that has instances, named without a key, stands for all of
// them, and stays so in what is told.
struct Place {
  const config::ModuleNode* node = nullptr;
  ModuleAddress address{};
  const Place* parent = nullptr;
  std::map<std::pair<std::uint32_t, InstanceKey>, std::unique_ptr<Place>> children{};
};

class Collector {
 public:
  explicit Collector(const config::ModuleNode& root) { root_.node = &root; }

  // nullptr: there is no such module (any more).
  Place* Find(const ModuleAddress& address) {
    Place* place = &root_;
    for (const ModuleStep& step : address.steps()) {
      const std::uint32_t call = place->node->module->FindModuleCall(step.name);
      place = call == kNone ? nullptr : Child(*place, call, step.key);
      if (place == nullptr) return nullptr;
    }
    return place;
  }

  void AddUses(Place& place, const std::vector<config::Use>& uses) {
    pending_.push_back({&place, &uses});
    // Chains may be as long as there are resources: nothing here calls itself.
    while (!pending_.empty() || !single_.empty()) {
      if (!single_.empty()) {
        const auto [at, use] = single_.back();
        single_.pop_back();
        AddUse(*at, *use);
        continue;
      }
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

  static Place* Child(Place& place, std::uint32_t call, const InstanceKey& key) {
    const config::ModuleNode* node = place.node->children[call];
    if (node == nullptr) return nullptr;
    auto& child = place.children[{call, key}];
    if (child == nullptr) {
      std::vector<ModuleStep> steps = place.address.steps();
      steps.push_back({std::string(place.node->module->module_calls[call].name), key});
      child = std::make_unique<Place>();
      child->node = node;
      child->address = ModuleAddress(std::move(steps));
      child->parent = &place;
    }
    return child.get();
  }

  void AddUse(Place& place, const config::Use& use) {
    const config::ReferenceTarget& target = *use.target;
    const config::Module& module = *place.node->module;
    switch (target.kind) {
      case lang::ReferenceKind::kResource:
        AddAttribute(place, use);
        FollowResource(place, use);
        return;
      case lang::ReferenceKind::kLocal:
        Follow(place, target.kind, target.index, place, module.locals[target.index].uses);
        return;
      case lang::ReferenceKind::kVariable:
        if (place.parent == nullptr) return;
        for (const config::ModuleArgument& argument : place.node->call->arguments) {
          if (argument.variable == target.index) {
            Follow(place, target.kind, target.index, const_cast<Place&>(*place.parent),
                   argument.uses);
          }
        }
        return;
      case lang::ReferenceKind::kModule:
        FollowModule(place, target);
        return;
      default:
        return;
    }
  }

  // Into what the resource was made from: all of it, or the argument that is referred to. What only
  // the provider sets leads no further.
  void FollowResource(Place& place, const config::Use& use) {
    const config::ReferenceTarget& target = *use.target;
    const config::Resource& block = place.node->module->resources[target.index];
    const auto steps = use.traversal->steps;
    const bool whole = target.steps_used >= steps.size() ||
                       steps[target.steps_used].kind != parser::Step::Kind::kAttribute;
    if (whole) return Follow(place, target.kind, target.index, place, block.uses);
    for (const parser::Attribute& attribute : block.body.attributes) {
      if (attribute.name != steps[target.steps_used].text) continue;
      const SourceRange& range = attribute.expression->range;
      for (const config::Use& inner : block.uses) {
        const SourceRange& at = inner.traversal->range;
        const bool inside = at.file == range.file && at.begin >= range.begin && at.end <= range.end;
        if (!inside || inner.target == nullptr || inner.target->index == kNone) continue;
        if (seen_uses_.emplace(&place, &inner).second) single_.push_back({&place, &inner});
      }
    }
  }

  void FollowModule(Place& place, const config::ReferenceTarget& target) {
    Place* child = Child(place, target.index, target.key);
    if (child == nullptr) return;
    const auto& outputs = child->node->module->outputs;
    for (std::uint32_t o = 0; o < outputs.size(); ++o) {
      if (target.output != kNone && target.output != o) continue;
      Follow(*child, target.kind, o, *child, outputs[o].uses);
    }
  }

  void Follow(const Place& of, lang::ReferenceKind kind, std::uint32_t index, Place& where,
              const std::vector<config::Use>& uses) {
    if (!seen_.emplace(&of, kind, index).second) return;
    pending_.push_back({&where, &uses});
  }

  void AddAttribute(const Place& place, const config::Use& use) {
    const config::ReferenceTarget& target = *use.target;
    const config::Resource& block = place.node->module->resources[target.index];
    Plan::RelevantAttribute attribute;
    attribute.resource = Address{place.address, block.name, target.key}.ToString();
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

  Place root_;
  std::vector<std::pair<Place*, const std::vector<config::Use>*>> pending_;
  std::set<std::tuple<const Place*, lang::ReferenceKind, std::uint32_t>> seen_;
  std::vector<std::pair<Place*, const config::Use*>> single_;
  std::set<std::pair<const Place*, const config::Use*>> seen_uses_;
  std::vector<Plan::RelevantAttribute> found_;
};

}  // namespace

std::vector<Plan::RelevantAttribute> RelevantAttributes(const config::ModuleTree& tree,
                                                        const Evaluation& evaluation,
                                                        const Plan& plan) {
  Collector collector(tree.root());
  const config::Resource* last = nullptr;
  const Place* last_place = nullptr;
  for (const ResourceChange& change : plan.changes.all()) {
    if (change.action == Action::kNoOp) continue;
    Place* place = collector.Find(change.address.module);
    if (place == nullptr) continue;
    const ResourceName& name = change.address.resource;
    const config::Module& module = *place->node->module;
    const std::uint32_t index = module.FindResource(name.mode, name.type, name.name);
    if (index == kNone) continue;
    const config::Resource& block = module.resources[index];
    if (&block == last && place == last_place) continue;  // another instance of the same
    last = &block;
    last_place = place;
    collector.AddUses(*place, block.uses);
  }
  Place& root = *collector.Find(ModuleAddress());
  for (const OutputChange& change : plan.outputs) {
    if (change.action == Action::kNoOp) continue;
    const std::uint32_t index = root.node->module->FindOutput(change.name);
    if (index != kNone) collector.AddUses(root, root.node->module->outputs[index].uses);
  }
  // Outputs of child modules are not in the state, so each that has a value counts as new.
  const bool complete = plan.targets.empty() && plan.mode != Mode::kDestroy;
  for (const auto& node : tree.nodes()) {
    if (node->parent == nullptr || !complete) continue;
    for (const auto& instance : evaluation.InstancesOf(*node)) {
      Place* place = collector.Find(instance->address);
      for (std::size_t o = 0; place != nullptr && o < instance->outputs.size(); ++o) {
        const Value& value = instance->outputs[o];
        if (!value.IsKnown() || !value.IsNull())
          collector.AddUses(*place, node->module->outputs[o].uses);
      }
    }
  }
  return collector.Take();
}

}  // namespace tkn::plan
