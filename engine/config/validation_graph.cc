#include "engine/config/validation_graph.h"

#include "engine/config/tree_builder.h"

namespace tkn::config {

using graph::Vertex;
using lang::ReferenceKind;

ValidationGraph::ValidationGraph(const ModuleTree& tree, Diagnostics& diags) : tree_(tree) {
  AddVertices();
  for (const auto& node : tree_.nodes()) AddEdges(*node);
  for (std::uint32_t i = 0; i < tree_.providers().size(); ++i) {
    const ProviderNode& provider = tree_.providers()[i];
    if (provider.config != nullptr) Connect(providers_ + i, *provider.node, provider.config->uses);
  }
  graph_.Freeze();
  const bool acyclic = graph::CheckAcyclic(
      graph_, [this](Vertex v) { return NameOf(v); }, diags);
  if (acyclic) order_ = graph_.DependenciesFirst();
}

void ValidationGraph::AddVertices() {
  const auto add = [&](Kind kind, std::uint32_t node, std::size_t count) {
    const Vertex first = graph_.AddMany(count);
    for (std::uint32_t i = 0; i < count; ++i) items_.push_back({kind, node, i});
    return first;
  };
  bases_.reserve(tree_.nodes().size());
  for (const auto& node : tree_.nodes()) {
    const Module& module = *node->module;
    Bases bases;
    bases.expand = add(Kind::kExpand, node->index, 1);
    bases.variables = add(Kind::kVariable, node->index, module.variables.size());
    bases.conditions = add(Kind::kConditions, node->index, module.variables.size());
    bases.locals = add(Kind::kLocal, node->index, module.locals.size());
    bases.resources = add(Kind::kResource, node->index, module.resources.size());
    bases.outputs = add(Kind::kOutput, node->index, module.outputs.size());
    bases.checks = add(Kind::kCheck, node->index, module.checks.size());
    bases.imports = add(Kind::kImport, node->index, module.imports.size());
    bases.close = add(Kind::kClose, node->index, 1);
    bases_.push_back(bases);
  }
  providers_ = add(Kind::kProvider, 0, tree_.providers().size());
}

void ValidationGraph::ConnectTo(Vertex from, const ModuleNode& node, const ReferenceTarget& target,
                                bool whole_module) {
  const Bases& bases = bases_[node.index];
  const auto connect = [&](Vertex to) {
    if (to != from)
      graph_.Connect(from, to);  // what refers to itself is told where it is evaluated
  };
  switch (target.kind) {
    case ReferenceKind::kVariable:
      // Who uses a variable waits for its validations; they themselves use only the value.
      if (from == bases.conditions + target.index ||
          node.module->variables[target.index].validations.empty()) {
        connect(bases.variables + target.index);
      } else {
        connect(bases.conditions + target.index);
      }
      break;
    case ReferenceKind::kLocal:
      connect(bases.locals + target.index);
      break;
    case ReferenceKind::kResource:
      connect(bases.resources + target.index);
      break;
    case ReferenceKind::kModule: {
      const ModuleNode* child = node.children[target.index];
      if (child == nullptr) break;
      const Bases& inner = bases_[child->index];
      connect(whole_module || target.output == kNone ? inner.close : inner.outputs + target.output);
      break;
    }
    default:
      break;
  }
}

void ValidationGraph::Connect(Vertex from, const ModuleNode& node, const std::vector<Use>& uses) {
  for (const Use& use : uses) ConnectTo(from, node, *use.target, use.place == UsePlace::kDependsOn);
}

void ValidationGraph::AddEdges(const ModuleNode& node) {
  const Module& module = *node.module;
  const Bases& bases = bases_[node.index];
  const bool is_child = node.parent != nullptr;
  const auto inside = [&](Vertex vertex) {
    if (is_child) graph_.Connect(vertex, bases.expand);
    graph_.Connect(bases.close, vertex);
  };
  if (is_child) {
    graph_.Connect(bases.expand, bases_[node.parent->index].expand);
    Connect(bases.expand, *node.parent, node.call->uses);
    for (const ModuleArgument& argument : node.call->arguments) {
      if (argument.variable != kNone)
        Connect(bases.variables + argument.variable, *node.parent, argument.uses);
    }
  }
  for (std::uint32_t i = 0; i < module.variables.size(); ++i) {
    inside(bases.variables + i);
    graph_.Connect(bases.conditions + i, bases.variables + i);
    Connect(bases.conditions + i, node, module.variables[i].uses);
    graph_.Connect(bases.close, bases.conditions + i);
  }
  for (std::uint32_t i = 0; i < module.locals.size(); ++i) {
    inside(bases.locals + i);
    Connect(bases.locals + i, node, module.locals[i].uses);
  }
  for (std::uint32_t i = 0; i < module.resources.size(); ++i) {
    inside(bases.resources + i);
    graph_.Connect(bases.resources + i, providers_ + node.resource_providers[i]);
    Connect(bases.resources + i, node, module.resources[i].uses);
  }
  for (std::uint32_t i = 0; i < module.outputs.size(); ++i) {
    inside(bases.outputs + i);
    Connect(bases.outputs + i, node, module.outputs[i].uses);
  }
  for (std::uint32_t i = 0; i < module.checks.size(); ++i) {
    inside(bases.checks + i);
    Connect(bases.checks + i, node, module.checks[i].uses);
  }
  for (std::uint32_t i = 0; i < module.imports.size(); ++i) {
    inside(bases.imports + i);
    Connect(bases.imports + i, node, module.imports[i].uses);
    // What it says is needed by the resource that it imports into.
    const ModuleNode* target = nullptr;
    const Resource* resource = tree_.FindResource(module.imports[i].to_resource, &target);
    if (resource == nullptr) continue;
    const auto index = static_cast<std::size_t>(resource - target->module->resources.data());
    Connect(bases_[target->index].resources + static_cast<Vertex>(index), node,
            module.imports[i].uses);
  }
  graph_.Connect(bases.close, bases.expand);
  for (const ModuleNode* child : node.children) {
    if (child != nullptr) graph_.Connect(bases.close, bases_[child->index].close);
  }
}

std::string ValidationGraph::NameOf(Vertex vertex) const {
  const Item& item = items_[vertex];
  if (item.kind == Kind::kProvider) return tree_.providers()[item.index].address->ToString();
  const ModuleNode& node = *tree_.nodes()[item.node];
  const Module& module = *node.module;
  const std::string path = ModuleAddressOf(node.path);
  const std::string prefix = path.empty() ? path : path + ".";
  switch (item.kind) {
    case Kind::kExpand:
      return path.empty() ? "root" : path + " (expand)";
    case Kind::kVariable:
      return prefix + "var." + std::string(module.variables[item.index].name) +
             (path.empty() ? "" : " (expand)");
    case Kind::kConditions:
      return {};  // only stands between the variable and what uses it
    case Kind::kLocal:
      return prefix + "local." + std::string(module.locals[item.index].name) + " (expand)";
    case Kind::kResource:
      return prefix + module.resources[item.index].name.ToString();
    case Kind::kOutput:
      return prefix + "output." + std::string(module.outputs[item.index].name) +
             (path.empty() ? "" : " (expand)");
    case Kind::kCheck:
      return prefix + "check." + std::string(module.checks[item.index].name);
    case Kind::kImport:
      return "import " + module.imports[item.index].to_resource.ToString();
    case Kind::kClose:
      return path.empty() ? "root" : path + " (close)";
    case Kind::kProvider:
      break;
  }
  return path;
}

}  // namespace tkn::config
