#include "engine/apply/operation_graph.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/apply/ordering.h"
#include "engine/plan/config_graph.h"
#include "engine/plan/prior_state.h"
#include "engine/plan/state_values.h"

namespace tkn::apply {
namespace {

using graph::Drawing;
using graph::Vertex;
using plan::StepKind;
using Node = Drawing::Node;
using Shape = Drawing::Shape;

// Vertices of the configuration and of a plan's tasks, with those that a drawing has besides. Those
// without a name only stand between others.
class Draft {
 public:
  Draft(const plan::ConfigGraph& config, const Ordering* ordering)
      : config_(config), ordering_(ordering), nodes_(config.graph().size()) {
    graph_.AddMany(nodes_.size());
  }

  // Everything in the configuration.
  void AddConfiguration() {
    for (Vertex v = 0; v < config_.steps().size(); ++v) {
      const plan::Step& step = config_.steps()[v];
      if (step.kind == StepKind::kAllResources) continue;
      AddStep(v);
      if (step.kind != StepKind::kResource) continue;
      const Vertex provider = ProviderVertex(config_.tree().ProviderOf(*step.node, step.index));
      UseProvider(v, provider);
      Connect(closes_.at(provider), config_.DoneOf(*step.node, step.index));
    }
  }

  // What the providers in use are configured from, and the names of outputs, which have nothing to
  // wait for.
  void AddForDestroying() {
    std::vector<Vertex> providers;
    for (const auto& [provider, close] : closes_) {
      if (provider < config_.steps().size()) providers.push_back(provider);
    }
    const std::vector<bool> needed = plan::WithDependencies(config_.graph(), std::move(providers));
    for (Vertex v = 0; v < config_.steps().size(); ++v) {
      const plan::Step& step = config_.steps()[v];
      if (needed[v]) AddStep(v);
      if (step.kind == StepKind::kOutput && step.node->parent == nullptr) nodes_[v] = NodeOf(v);
    }
  }

  // `with_keys`: instances have names of their own.
  void AddTasks(bool with_keys) {
    for (Vertex v = static_cast<Vertex>(config_.steps().size()); v < config_.graph().size(); ++v) {
      TakeEdges(v);
      const Task* task = ordering_->At(v);
      if (task == nullptr) continue;
      const std::string resource = task->change->address.Resource().Config().ToString();
      nodes_[v] = {with_keys ? ordering_->NameOf(v) : resource + " (destroy)", resource,
                   Shape::kBox};
      if (task->kind != TaskKind::kPut) UseProvider(v, ProviderVertex(task->change->provider));
    }
  }

  // Instances that nothing changes, though their conditions are looked at again.
  void AddUnchanged(const plan::Changes& changes) {
    for (const plan::ResourceChange& change : changes.all()) {
      if (change.action != plan::Action::kNoOp || !change.deposed_key.empty()) continue;
      const ConfigResource resource = change.address.Resource().Config();
      const config::ModuleNode* node = nullptr;
      const config::Resource* block = config_.tree().FindResource(resource, &node);
      if (block == nullptr) continue;
      if (block->lifecycle.preconditions.empty() && block->lifecycle.postconditions.empty())
        continue;
      const auto index = static_cast<std::uint32_t>(block - node->module->resources.data());
      const Vertex vertex = Add({change.address.ToString(), resource.ToString(), Shape::kBox});
      Connect(vertex, config_.Of(StepKind::kResource, *node, index));
      Connect(config_.DoneOf(*node, index), vertex);
    }
  }

  // Objects that no block asks for any more, with old ones of those that do.
  void AddLeftovers(const state::Snapshot& state) {
    for (const state::StoredObject& object : state.objects) {
      const ConfigResource resource = object.address.Resource().Config();
      if (resource.resource.mode != ResourceMode::kManaged) continue;
      const bool is_orphan = config_.tree().FindResource(resource) == nullptr;
      if (!is_orphan && object.deposed_key.empty()) continue;
      const Vertex vertex = Add(
          {object.address.ToString() +
               (object.deposed_key.empty() ? " (orphan)" : " (deposed " + object.deposed_key + ")"),
           resource.ToString(), Shape::kBox});
      UseProvider(vertex, ProviderVertex(object.provider));
      const config::ModuleNode* node = config_.tree().Find(resource.module);
      if (node == nullptr) continue;
      Connect(vertex, config_.Of(StepKind::kModule, *node, 0));
      Connect(config_.Of(StepKind::kModuleDone, *node, 0), vertex);
    }
  }

  // Modules of the state that nobody calls any more.
  void AddModulesOf(const state::Snapshot& state) {
    std::set<ModulePath> gone;
    for (const state::StoredObject& object : state.objects) {
      const ModulePath path = object.address.module.Path();
      if (config_.tree().Find(path) == nullptr) gone.insert(path);
    }
    for (const ModulePath& path : gone) Add({config::ModuleAddressOf(path) + " (close)"});
  }

  // Outputs of the state that nobody declares any more.
  void AddOutputsOf(const state::Snapshot& state) {
    for (const state::StoredOutput& output : state.outputs) {
      if (config_.tree().root().module->FindOutput(output.name) != config::kNone) continue;
      const std::string name = "output." + output.name + " (destroy)";
      Add({name, name, Shape::kNote});
    }
  }

  // Reports of checks come before what they tell of.
  void AddCheckReports() {
    for (Vertex v = 0; v < config_.steps().size(); ++v) {
      const plan::Step& step = config_.steps()[v];
      if (step.kind != StepKind::kCheck) continue;
      const std::string name = config_.NameOf(v);
      const Vertex report = Add({name.substr(0, name.rfind(' ')) + " (report)"});
      Connect(v, report);
      const std::uint32_t data = step.node->module->checks[step.index].data_resource;
      if (data != config::kNone) Connect(config_.Of(StepKind::kResource, *step.node, data), report);
    }
  }

  Drawing Finish() {
    const Vertex root = Add({"root"});
    std::vector<Vertex> kept;
    for (Vertex v = 0; v < nodes_.size(); ++v) {
      if (nodes_[v].name.empty()) continue;
      kept.push_back(v);
      if (v != root) Connect(root, v);
    }
    graph_.Freeze();
    std::stable_sort(kept.begin(), kept.end(),
                     [&](Vertex a, Vertex b) { return nodes_[a].name < nodes_[b].name; });
    Drawing drawing;
    for (const Vertex v : kept) drawing.nodes.push_back(nodes_[v]);
    drawing.graph.AddMany(kept.size());
    const graph::Graph all = graph::Contract(graph_, kept);
    for (const auto& [dependant, dependency] : graph::TransitiveReduction(all))
      drawing.graph.Connect(dependant, dependency);
    drawing.graph.Freeze();
    return drawing;
  }

 private:
  Vertex Add(Node node) {
    nodes_.push_back(std::move(node));
    return graph_.Add();
  }
  void Connect(Vertex dependant, Vertex dependency) { graph_.Connect(dependant, dependency); }

  void AddStep(Vertex v) {
    if (config_.steps()[v].kind != StepKind::kProvider) nodes_[v] = NodeOf(v);
    TakeEdges(v);
  }

  // Providers have none until they are used.
  Node NodeOf(Vertex v) const {
    const plan::Step& step = config_.steps()[v];
    const bool is_root = step.node->parent == nullptr;
    const std::string name = config_.NameOf(v);
    switch (step.kind) {
      case StepKind::kResource:
        return {name + " (expand)", name, Shape::kBox};
      case StepKind::kVariable:
        return is_root ? Node{name, name, Shape::kNote} : Node{name};
      case StepKind::kModule:
      case StepKind::kModuleDone:
        return is_root ? Node{} : Node{name};
      case StepKind::kProvider:
      case StepKind::kResourceDone:
      case StepKind::kAllResources:
        return {};
      case StepKind::kValidation:
      case StepKind::kLocal:
      case StepKind::kOutput:
      case StepKind::kCheck:
        return {name};
    }
    return {};
  }

  void TakeEdges(Vertex v) {
    for (const Vertex dependency : config_.graph().DependenciesOf(v)) {
      const bool is_step = dependency < config_.steps().size();
      if (is_step && config_.steps()[dependency].kind == StepKind::kAllResources) continue;
      Connect(v, dependency);
    }
  }

  Vertex ProviderVertex(const config::ProviderNode& provider) const {
    const auto index = static_cast<std::uint32_t>(&provider - config_.tree().providers().data());
    return config_.Of(StepKind::kProvider, config_.tree().root(), index);
  }
  Vertex ProviderVertex(const ProviderConfigAddress& address) {
    if (const config::ProviderNode* provider = config_.tree().FindProvider(address))
      return ProviderVertex(*provider);
    const auto [found, is_new] = only_in_state_.try_emplace(address.ToString(), 0);
    if (is_new) found->second = Add({found->first});
    return found->second;
  }

  // It closes after everything that it is used for.
  void UseProvider(Vertex user, Vertex provider) {
    const auto [close, is_new] = closes_.try_emplace(provider, 0);
    if (is_new) {
      const bool is_step = provider < config_.steps().size();
      const std::string name = is_step ? config_.NameOf(provider) : nodes_[provider].name;
      nodes_[provider] = {name, name, Shape::kDiamond};
      close->second = Add({name + " (close)"});
      Connect(close->second, provider);
    }
    Connect(user, provider);
    Connect(close->second, user);
  }

  const plan::ConfigGraph& config_;
  const Ordering* ordering_;
  std::vector<Node> nodes_;  // by vertex
  graph::Graph graph_;
  std::map<Vertex, Vertex> closes_;  // of the providers in use
  std::map<std::string, Vertex> only_in_state_;
};

// Nobody's tasks, but what destroying all of the state would be.
plan::Changes DestroyAll(const state::Snapshot& state) {
  plan::Changes changes;
  for (const state::StoredObject& object : state.objects) {
    if (object.address.resource.mode != ResourceMode::kManaged) continue;
    changes.Add(plan::ResourceChange{.address = object.address,
                                     .deposed_key = object.deposed_key,
                                     .provider = object.provider,
                                     .action = plan::Action::kDelete});
  }
  changes.Sort();
  return changes;
}

Drawing DrawTasks(const config::ModuleTree& config, const plan::Changes& changes,
                  const std::shared_ptr<const state::Snapshot>& state, bool destroys,
                  bool with_keys, Diagnostics& diags) {
  plan::PriorState prior(state);
  plan::ConfigGraph graph(config, /*split_resources=*/true);
  const Ordering ordering(changes.all(), prior, graph);
  if (!ordering.Check(diags)) return {};
  Draft draft(graph, &ordering);
  draft.AddTasks(with_keys);
  if (destroys) {
    draft.AddForDestroying();
  } else {
    draft.AddConfiguration();
    draft.AddUnchanged(changes);
    draft.AddModulesOf(*state);
  }
  draft.AddOutputsOf(*state);
  return draft.Finish();
}

}  // namespace

Drawing DrawOperation(const config::ModuleTree& config, OperationKind kind,
                      const std::shared_ptr<const state::Snapshot>& state, Diagnostics& diags) {
  if (!plan::CheckCycles(config, diags)) return {};
  if (kind == OperationKind::kDestroy) {
    return DrawTasks(config, DestroyAll(*state), state, /*destroys=*/true, /*with_keys=*/false,
                     diags);
  }
  plan::ConfigGraph graph(config, /*split_resources=*/kind != OperationKind::kPlan);
  graph.graph().Freeze();
  Draft draft(graph, nullptr);
  draft.AddConfiguration();
  draft.AddModulesOf(*state);
  if (kind != OperationKind::kApply) {
    draft.AddCheckReports();
    draft.AddLeftovers(*state);
  }
  draft.AddOutputsOf(*state);
  return draft.Finish();
}

Drawing DrawApply(const config::ModuleTree& config, const plan::Plan& plan, Diagnostics& diags) {
  return DrawTasks(config, plan.changes, plan.prior_state, plan.mode == plan::Mode::kDestroy,
                   /*with_keys=*/true, diags);
}

}  // namespace tkn::apply
