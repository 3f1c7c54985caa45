#include "engine/apply/ordering.h"

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <unordered_map>
#include <unordered_set>

#include "engine/apply/apply.h"

namespace tkn::apply {
namespace {

using graph::Vertex;
using plan::Action;
using plan::ResourceChange;

// Tasks that others wait for, or that wait for others, as one: where they are many, a vertex before
// and one after them keep the number of edges linear.
class Bundle {
 public:
  void Add(Vertex task) { tasks_.push_back(task); }
  bool empty() const { return tasks_.empty(); }

  // Where to wait for all of them.
  Vertex Done(graph::Graph& graph) {
    if (tasks_.size() == 1) return tasks_.front();
    if (!done_) {
      done_ = graph.Add();
      for (const Vertex task : tasks_) graph.Connect(*done_, task);
    }
    return *done_;
  }
  // What to hold up to hold up all of them.
  Vertex Start(graph::Graph& graph) {
    if (tasks_.size() == 1) return tasks_.front();
    if (!start_) {
      start_ = graph.Add();
      for (const Vertex task : tasks_) graph.Connect(task, *start_);
    }
    return *start_;
  }

 private:
  std::vector<Vertex> tasks_;
  std::optional<Vertex> done_, start_;
};

// All tasks of one resource: in one module instance, or in all of them.
struct Bundles {
  Bundle puts;
  Bundle destroys_first;  // before what depends on them is changed
  Bundle destroys_last;
};

plan::ResourceRelations RelationsOf(const config::ModuleTree& tree) {
  plan::ConfigGraph graph(tree, /*split_resources=*/false);
  graph.graph().Freeze();
  return {graph, std::vector<bool>(graph.graph().size(), true)};
}

}  // namespace

std::string UnusedDeposedKey(plan::PriorState& prior, const Address& address) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::random_device random;
  while (true) {
    std::string key;
    for (std::uint32_t bits = random(), i = 0; i < 8; ++i, bits >>= 4) key += kDigits[bits & 15];
    if (prior.Find(address, key) == nullptr) return key;
  }
}

// Turns the rules into edges.
class Ordering::Connector {
 public:
  Connector(const std::vector<Task>& tasks, Vertex first, plan::ConfigGraph& config_graph,
            const plan::ResourceRelations& relations)
      : tasks_(tasks),
        first_(first),
        config_(config_graph),
        graph_(config_graph.graph()),
        relations_(relations) {}

  void Run() {
    bool any_destroy = false;
    std::map<const ResourceChange*, Vertex> puts;
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      const Task& task = tasks_[i];
      const auto vertex = static_cast<Vertex>(first_ + i);
      ConnectToConfiguration(task, vertex);
      if (task.kind == TaskKind::kForget) continue;
      const ResourceAddress resource = task.change->address.Resource();
      for (Bundles* bundles : {&by_resource_[resource], &by_config_[resource.Config()]}) {
        (task.kind == TaskKind::kPut ? bundles->puts
         : task.is_last              ? bundles->destroys_last
                                     : bundles->destroys_first)
            .Add(vertex);
      }
      if (task.kind == TaskKind::kPut) puts[task.change] = vertex;
      any_destroy = any_destroy || task.kind == TaskKind::kDestroy;
    }
    if (!any_destroy) return;
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      const Task& task = tasks_[i];
      const auto vertex = static_cast<Vertex>(first_ + i);
      if (task.kind == TaskKind::kDestroy) {
        const auto own = puts.find(task.change);
        if (own != puts.end()) {  // the two halves of a replacement
          task.is_last ? graph_.Connect(vertex, own->second) : graph_.Connect(own->second, vertex);
        }
      }
      const std::vector<ConfigResourceRef>* dependencies = DependenciesOf(task);
      if (dependencies == nullptr || task.kind == TaskKind::kForget) continue;
      for (const ConfigResource& dependency : *dependencies) {
        if (Bundles* bundles = Find(task, dependency)) ConnectToDependency(task, vertex, *bundles);
      }
    }
  }

 private:
  // What the state recorded; of what is new, what its block says: an object that goes last, since
  // it is used, must not go while somebody who is to take over is still to come.
  const std::vector<ConfigResourceRef>* DependenciesOf(const Task& task) const {
    if (task.stored != nullptr) return &task.stored->dependencies;
    const config::ModuleNode* node = nullptr;
    const config::Resource* block =
        config_.tree().FindResource(task.change->address.Resource().Config(), &node);
    if (block == nullptr || task.kind != TaskKind::kPut) return nullptr;
    return &relations_.DependenciesOf(
        *node, static_cast<std::uint32_t>(block - node->module->resources.data()));
  }

  // Only the module's own instance counts where both are in the same module; otherwise all of them
  // do.
  Bundles* Find(const Task& task, const ConfigResource& dependency) {
    const ModuleAddress& module = task.change->address.module;
    if (module.Path() == dependency.module) {
      const auto found = by_resource_.find(ResourceAddress{module, dependency.resource});
      return found == by_resource_.end() ? nullptr : &found->second;
    }
    const auto found = by_config_.find(dependency);
    return found == by_config_.end() ? nullptr : &found->second;
  }

  void ConnectToDependency(const Task& task, Vertex vertex, Bundles& dependency) {
    if (task.kind == TaskKind::kPut) {
      if (!dependency.destroys_first.empty())
        graph_.Connect(vertex, dependency.destroys_first.Done(graph_));
      if (!dependency.destroys_last.empty()) {
        graph_.Connect(dependency.destroys_last.Start(graph_), vertex);
      }
      return;
    }
    if (!dependency.destroys_first.empty())
      graph_.Connect(dependency.destroys_first.Start(graph_), vertex);
    if (!dependency.destroys_last.empty())
      graph_.Connect(dependency.destroys_last.Start(graph_), vertex);
    if (!dependency.puts.empty()) {
      task.is_last ? graph_.Connect(vertex, dependency.puts.Done(graph_))
                   : graph_.Connect(dependency.puts.Start(graph_), vertex);
    }
  }

  void ConnectToConfiguration(const Task& task, Vertex vertex) {
    const config::ModuleTree& tree = config_.tree();
    const config::ModuleNode* node = nullptr;
    const config::Resource* block =
        tree.FindResource(task.change->address.Resource().Config(), &node);
    if (task.kind == TaskKind::kPut) {
      if (block == nullptr) return;
      const auto index = static_cast<std::uint32_t>(block - node->module->resources.data());
      graph_.Connect(vertex, config_.Of(plan::StepKind::kResource, *node, index));
      graph_.Connect(config_.DoneOf(*node, index), vertex);
      return;
    }
    if (task.kind == TaskKind::kForget) return;
    if (const config::ProviderNode* provider = tree.FindProvider(task.change->provider)) {
      const auto index = static_cast<std::uint32_t>(provider - tree.providers().data());
      graph_.Connect(vertex, config_.Of(plan::StepKind::kProvider, tree.root(), index));
    }
  }

  const std::vector<Task>& tasks_;
  const Vertex first_;
  plan::ConfigGraph& config_;
  graph::Graph& graph_;
  const plan::ResourceRelations& relations_;
  std::unordered_map<ResourceAddress, Bundles> by_resource_;
  std::unordered_map<ConfigResource, Bundles> by_config_;
};

Ordering::Ordering(plan::Changes::View changes, plan::PriorState& prior, plan::ConfigGraph& graph)
    : config_(graph), relations_(RelationsOf(graph.tree())) {
  AddTasks(changes, prior);
  first_ = graph.graph().AddMany(tasks_.size());
  Connector(tasks_, first_, graph, relations_).Run();
  graph.graph().Freeze();
}

void Ordering::AddTasks(plan::Changes::View changes, plan::PriorState& prior) {
  // What an object that creates first depended on can only go after it, so last of all.
  std::unordered_set<ConfigResource> beneath;
  for (const ResourceChange& change : changes) {
    if (change.action != Action::kCreateThenDelete) continue;
    const plan::PriorObject* object = prior.Find(change.address);
    if (object == nullptr) continue;
    beneath.insert(object->stored->dependencies.begin(), object->stored->dependencies.end());
  }
  for (const ResourceChange& change : changes) {
    const plan::PriorObject* object = prior.Find(change.address, change.deposed_key);
    Task task{.change = &change, .stored = object == nullptr ? nullptr : object->stored};
    switch (change.action) {
      case Action::kNoOp:
        break;
      case Action::kCreate:
      case Action::kRead:
      case Action::kUpdate:
        tasks_.push_back(task);
        break;
      case Action::kForget:
        task.kind = TaskKind::kForget;
        task.deposed_key = change.deposed_key;
        tasks_.push_back(task);
        break;
      case Action::kDelete:
        task.kind = TaskKind::kDestroy;
        task.deposed_key = change.deposed_key;
        task.is_last = !change.deposed_key.empty() ||
                       (task.stored != nullptr && task.stored->create_before_destroy) ||
                       beneath.contains(change.address.Resource().Config());
        tasks_.push_back(task);
        break;
      case Action::kDeleteThenCreate:
        task.kind = TaskKind::kDestroy;
        tasks_.push_back(task);
        task.kind = TaskKind::kPut;
        tasks_.push_back(task);
        break;
      case Action::kCreateThenDelete:
        task.deposed_key = UnusedDeposedKey(prior, change.address);
        tasks_.push_back(task);
        task.kind = TaskKind::kDestroy;
        task.is_last = true;
        tasks_.push_back(task);
        break;
    }
  }
}

const Task* Ordering::At(Vertex vertex) const {
  if (vertex < first_ || vertex >= first_ + tasks_.size()) return nullptr;
  return &tasks_[vertex - first_];
}

std::string Ordering::NameOf(Vertex vertex) const {
  if (vertex < first_) {
    const plan::StepKind kind = config_.steps()[vertex].kind;
    if (kind == plan::StepKind::kResourceDone) return "";  // its resource is in the circle as well
    return config_.NameOf(vertex) + (kind == plan::StepKind::kResource ? " (expand)" : "");
  }
  const Task* task = At(vertex);
  if (task == nullptr) return "";  // what only bundles edges
  std::string name = task->change->address.ToString();
  if (task->kind == TaskKind::kDestroy) {
    name +=
        task->deposed_key.empty() ? " (destroy)" : " (destroy deposed " + task->deposed_key + ")";
  }
  return name;
}

bool Ordering::Check(Diagnostics& diags) const {
  Diagnostics found;
  const bool fine = graph::CheckAcyclic(
      config_.graph(), [this](Vertex v) { return NameOf(v); }, found);
  for (Diagnostic cycle : found) {
    cycle.detail =
        "Each of these waits for another of them: what is destroyed goes after what used it is "
        "changed, and before what it depended on is. Nothing was changed. Make the change in two "
        "steps: first what destroys, then, in a second apply, what is to take its place.";
    diags.Add(std::move(cycle));
  }
  return fine;
}

bool CheckOrder(const plan::Plan& plan, const config::ModuleTree& config, Diagnostics& diags) {
  const plan::Changes::View changes = plan.changes.all();
  const bool destroys = std::any_of(changes.begin(), changes.end(), [](const ResourceChange& c) {
    return plan::IsReplace(c.action) || c.action == Action::kDelete;
  });
  if (!destroys) return true;  // the configuration's own order is enough
  plan::PriorState prior(plan.prior_state);
  plan::ConfigGraph graph(config, /*split_resources=*/true);
  return Ordering(changes, prior, graph).Check(diags);
}

}  // namespace tkn::apply
