#include "engine/plan/config_graph.h"

#include <algorithm>
#include <stdexcept>

namespace tkn::plan {
namespace {

using config::kNone;
using graph::Vertex;

std::string ModulePrefix(const ModulePath& path) {
  std::string text;
  for (const std::string& name : path) text += "module." + name + ".";
  return text;
}

}  // namespace

ConfigGraph::ConfigGraph(const config::ModuleTree& tree, bool split_resources)
    : tree_(tree), split_resources_(split_resources), offsets_(tree.nodes().size()) {
  AddVertices();
  for (const auto& node : tree.nodes()) AddEdges(*node);
  const auto& providers = tree.providers();
  for (std::size_t i = 0; i < providers.size(); ++i) {
    const config::ProviderNode& provider = providers[i];
    const auto vertex = static_cast<Vertex>(providers_ + i);
    graph_.Connect(vertex, offsets_[provider.node->index].module);
    if (provider.config != nullptr) AddUses(vertex, *provider.node, provider.config->uses);
  }
  if (split_resources) return;  // who applies does not import any more
  // What import blocks refer to is needed by the resource that they import into.
  for (const config::ImportBlock& import : tree.root().module->imports) {
    const config::ModuleNode* node = nullptr;
    const config::Resource* resource = tree.FindResource(import.to_resource, &node);
    if (resource == nullptr) continue;
    const auto index = static_cast<std::size_t>(resource - node->module->resources.data());
    AddUses(static_cast<Vertex>(offsets_[node->index].resources + index), tree.root(), import.uses);
  }
}

void ConfigGraph::AddVertices() {
  const auto add = [&](StepKind kind, const config::ModuleNode* node, std::size_t count) {
    const Vertex first = graph_.AddMany(count);
    for (std::size_t i = 0; i < count; ++i) {
      steps_.push_back({kind, node, static_cast<std::uint32_t>(i)});
    }
    return first;
  };
  for (const auto& node : tree_.nodes()) {
    const config::Module& module = *node->module;
    Offsets& offsets = offsets_[node->index];
    offsets.module = add(StepKind::kModule, node.get(), 1);
    offsets.variables = add(StepKind::kVariable, node.get(), module.variables.size());
    offsets.validations = add(StepKind::kValidation, node.get(), module.variables.size());
    offsets.locals = add(StepKind::kLocal, node.get(), module.locals.size());
    offsets.resources = add(StepKind::kResource, node.get(), module.resources.size());
    offsets.done = split_resources_
                       ? add(StepKind::kResourceDone, node.get(), module.resources.size())
                       : offsets.resources;
    offsets.outputs = add(StepKind::kOutput, node.get(), module.outputs.size());
    offsets.checks = add(StepKind::kCheck, node.get(), module.checks.size());
    offsets.module_done = add(StepKind::kModuleDone, node.get(), 1);
  }
  providers_ = add(StepKind::kProvider, &tree_.root(), tree_.providers().size());
  for (std::size_t i = 0; i < tree_.providers().size(); ++i) {
    steps_[providers_ + i].node = tree_.providers()[i].node;
  }
  all_resources_ = add(StepKind::kAllResources, &tree_.root(), 1);
}

void ConfigGraph::AddEdges(const config::ModuleNode& node) {
  const config::Module& module = *node.module;
  const Offsets& own = offsets_[node.index];
  const auto at = [](Vertex first, std::size_t i) { return static_cast<Vertex>(first + i); };

  if (node.parent != nullptr) {
    graph_.Connect(own.module, offsets_[node.parent->index].module);
    AddUses(own.module, *node.parent, node.call->uses);
    graph_.Connect(offsets_[node.parent->index].module_done, own.module_done);
  }
  graph_.Connect(own.module_done, own.module);

  // A called module ends with all that is in it, used or not.
  if (node.parent != nullptr) {
    for (std::size_t i = 0; i < module.variables.size(); ++i)
      graph_.Connect(own.module_done, at(own.validations, i));
    for (std::size_t i = 0; i < module.locals.size(); ++i)
      graph_.Connect(own.module_done, at(own.locals, i));
  }
  for (std::size_t i = 0; i < module.variables.size(); ++i) {
    graph_.Connect(at(own.variables, i), own.module);
    graph_.Connect(at(own.validations, i), at(own.variables, i));
    for (const config::Use& use : module.variables[i].uses) {
      if (use.target->kind == lang::ReferenceKind::kVariable && use.target->index != kNone) {
        // The variable itself, not its validation: see kValidation.
        graph_.Connect(at(own.validations, i), at(own.variables, use.target->index));
      } else {
        AddUse(at(own.validations, i), node, *use.target);
      }
    }
  }
  if (node.parent != nullptr) {
    for (const config::ModuleArgument& argument : node.call->arguments) {
      if (argument.variable == kNone) continue;
      AddUses(at(own.variables, argument.variable), *node.parent, argument.uses);
    }
  }
  for (std::size_t i = 0; i < module.locals.size(); ++i) {
    graph_.Connect(at(own.locals, i), own.module);
    AddUses(at(own.locals, i), node, module.locals[i].uses);
  }
  for (std::size_t i = 0; i < module.resources.size(); ++i) {
    const Vertex vertex = at(own.resources, i);
    graph_.Connect(vertex, own.module);
    graph_.Connect(vertex, at(providers_, node.resource_providers[i]));
    if (split_resources_) graph_.Connect(at(own.done, i), vertex);
    graph_.Connect(own.module_done, at(own.done, i));
    AddUses(vertex, node, module.resources[i].uses);
    if (module.resources[i].check == kNone) {
      graph_.Connect(all_resources_, at(own.done, i));
    } else {
      graph_.Connect(vertex, all_resources_);
    }
  }
  for (std::size_t i = 0; i < module.outputs.size(); ++i) {
    graph_.Connect(at(own.outputs, i), own.module);
    graph_.Connect(own.module_done, at(own.outputs, i));
    AddUses(at(own.outputs, i), node, module.outputs[i].uses);
  }
  for (std::size_t i = 0; i < module.checks.size(); ++i) {
    const Vertex vertex = at(own.checks, i);
    graph_.Connect(vertex, own.module);
    AddUses(vertex, node, module.checks[i].uses);
    if (module.checks[i].data_resource != kNone) {
      graph_.Connect(vertex, at(own.done, module.checks[i].data_resource));
    }
  }
}

void ConfigGraph::AddUses(Vertex dependant, const config::ModuleNode& node,
                          const std::vector<config::Use>& uses) {
  for (const config::Use& use : uses) {
    if (use.place == config::UsePlace::kDestroyProvisioner) continue;
    if (use.target != nullptr) AddUse(dependant, node, *use.target);
  }
}

void ConfigGraph::AddUse(Vertex dependant, const config::ModuleNode& node,
                         const config::ReferenceTarget& target) {
  if (target.index == kNone) return;
  const Offsets& own = offsets_[node.index];
  switch (target.kind) {
    case lang::ReferenceKind::kVariable:
      graph_.Connect(dependant, own.validations + target.index);
      return;
    case lang::ReferenceKind::kLocal:
      graph_.Connect(dependant, own.locals + target.index);
      return;
    case lang::ReferenceKind::kResource:
      // A block that refers to itself was reported when it was loaded, or only asks for `self`'s
      // neighbours.
      if (own.resources + target.index != dependant) {
        graph_.Connect(dependant, own.done + target.index);
      }
      return;
    case lang::ReferenceKind::kModule: {
      const config::ModuleNode* child = node.children[target.index];
      if (child == nullptr) return;
      const Offsets& inner = offsets_[child->index];
      graph_.Connect(dependant,
                     target.output == kNone ? inner.module_done : inner.outputs + target.output);
      return;
    }
    case lang::ReferenceKind::kCount:
    case lang::ReferenceKind::kEach:
    case lang::ReferenceKind::kPath:
    case lang::ReferenceKind::kTerraform:
    case lang::ReferenceKind::kSelf:
    case lang::ReferenceKind::kCheck:
    case lang::ReferenceKind::kOutput:
      return;
  }
}

Vertex ConfigGraph::Of(StepKind kind, const config::ModuleNode& node, std::uint32_t index) const {
  const Offsets& offsets = offsets_[node.index];
  switch (kind) {
    case StepKind::kModule:
      return offsets.module;
    case StepKind::kVariable:
      return offsets.variables + index;
    case StepKind::kValidation:
      return offsets.validations + index;
    case StepKind::kLocal:
      return offsets.locals + index;
    case StepKind::kProvider:
      return providers_ + index;
    case StepKind::kResource:
      return offsets.resources + index;
    case StepKind::kResourceDone:
      return offsets.done + index;
    case StepKind::kOutput:
      return offsets.outputs + index;
    case StepKind::kCheck:
      return offsets.checks + index;
    case StepKind::kModuleDone:
      return offsets.module_done;
    case StepKind::kAllResources:
      return all_resources_;
  }
  throw std::logic_error("config graph: no such kind of step");
}

Vertex ConfigGraph::DoneOf(const config::ModuleNode& node, std::uint32_t resource) const {
  return offsets_[node.index].done + resource;
}

std::string ConfigGraph::NameOf(Vertex vertex) const {
  const Step& step = steps_[vertex];
  const std::string prefix = ModulePrefix(step.node->path);
  const config::Module& module = *step.node->module;
  const bool is_root = step.node->parent == nullptr;
  switch (step.kind) {
    case StepKind::kModule:
    case StepKind::kModuleDone: {
      const std::string name = is_root ? "root" : prefix.substr(0, prefix.size() - 1);
      return name + (step.kind == StepKind::kModule ? " (expand)" : " (close)");
    }
    case StepKind::kVariable:
    case StepKind::kValidation:
      if (step.kind == StepKind::kValidation && module.variables[step.index].validations.empty())
        return "";
      return prefix + "var." + std::string(module.variables[step.index].name) +
             (step.kind == StepKind::kValidation ? " (validation)"
              : is_root                          ? ""
                                                 : " (expand)");
    case StepKind::kLocal:
      return prefix + "local." + std::string(module.locals[step.index].name) + " (expand)";
    case StepKind::kProvider:
      return tree_.providers()[step.index].address->ToString();
    case StepKind::kResource:
    case StepKind::kResourceDone:
      return prefix + module.resources[step.index].name.ToString();
    case StepKind::kOutput:
      return prefix + "output." + std::string(module.outputs[step.index].name) + " (expand)";
    case StepKind::kCheck:
      return prefix + "check." + std::string(module.checks[step.index].name) + " (expand)";
    case StepKind::kAllResources:
      return "checks (start)";
  }
  return prefix;
}

bool CheckCycles(const config::ModuleTree& tree, Diagnostics& diags) {
  ConfigGraph graph(tree, /*split_resources=*/false);
  graph.graph().Freeze();
  // Validations only stand between a variable and what uses it: people know them as the variable.
  return graph::CheckAcyclic(
      graph.graph(),
      [&](Vertex vertex) {
        const bool hidden = graph.steps()[vertex].kind == StepKind::kValidation;
        return hidden ? std::string() : graph.NameOf(vertex);
      },
      diags);
}

}  // namespace tkn::plan
