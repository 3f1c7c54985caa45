#include "engine/render/resource_graph.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "engine/graph/graph.h"

namespace tkn::render {
namespace {

using config::kNone;
using config::ModuleNode;
using graph::Vertex;

// Everything that can be referred to in one module call is a vertex; references are edges.
struct NodeVertices {
  Vertex variables = 0;
  Vertex locals = 0;
  Vertex outputs = 0;
  Vertex resources = 0;
  Vertex calls = 0;   // the repetition of each called module
};

class ReferenceGraph {
 public:
  explicit ReferenceGraph(const config::ModuleTree& tree) : tree_(tree) {
    for (const auto& node : tree.nodes()) {
      const config::Module& module = *node->module;
      NodeVertices v;
      v.variables = graph_.AddMany(module.variables.size());
      v.locals = graph_.AddMany(module.locals.size());
      v.outputs = graph_.AddMany(module.outputs.size());
      v.resources = graph_.AddMany(module.resources.size());
      v.calls = graph_.AddMany(module.module_calls.size());
      vertices_.push_back(v);
    }
    for (const auto& node : tree.nodes()) ConnectNode(*node);
    graph_.Freeze();
  }

  const graph::Graph& graph() const { return graph_; }
  Vertex ResourceVertex(const ModuleNode& node, std::size_t i) const {
    return vertices_[node.index].resources + static_cast<Vertex>(i);
  }

 private:
  void ConnectNode(const ModuleNode& node) {
    const config::Module& module = *node.module;
    const NodeVertices& v = vertices_[node.index];
    for (std::size_t i = 0; i < module.locals.size(); ++i) {
      ConnectUses(v.locals + static_cast<Vertex>(i), node, module.locals[i].uses);
    }
    for (std::size_t i = 0; i < module.outputs.size(); ++i) {
      const Vertex output = v.outputs + static_cast<Vertex>(i);
      ConnectUses(output, node, module.outputs[i].uses);
    }
    for (std::size_t i = 0; i < module.resources.size(); ++i) {
      const Vertex resource = v.resources + static_cast<Vertex>(i);
      ConnectUses(resource, node, module.resources[i].uses);
      // What stands in a module waits for what repeats the module.
      if (node.parent) graph_.Connect(resource, CallVertex(node));
    }
    for (std::size_t i = 0; i < module.module_calls.size(); ++i) {
      const config::ModuleCall& call = module.module_calls[i];
      ConnectUses(v.calls + static_cast<Vertex>(i), node, call.uses);
      const ModuleNode* child = i < node.children.size() ? node.children[i] : nullptr;
      if (!child) continue;
      if (node.parent) graph_.Connect(v.calls + static_cast<Vertex>(i), CallVertex(node));
      for (const config::ModuleArgument& argument : call.arguments) {
        if (argument.variable == kNone) continue;
        ConnectUses(vertices_[child->index].variables + argument.variable, node, argument.uses);
      }
    }
  }

  Vertex CallVertex(const ModuleNode& node) const {
    const auto& calls = node.parent->module->module_calls;
    return vertices_[node.parent->index].calls + static_cast<Vertex>(node.call - calls.data());
  }

  void ConnectUses(Vertex from, const ModuleNode& node, const std::vector<config::Use>& uses) {
    for (const config::Use& use : uses) {
      const config::ReferenceTarget& target = *use.target;
      if (target.index == kNone) continue;
      const NodeVertices& v = vertices_[node.index];
      switch (target.kind) {
        case lang::ReferenceKind::kVariable:
          graph_.Connect(from, v.variables + target.index);
          break;
        case lang::ReferenceKind::kLocal:
          graph_.Connect(from, v.locals + target.index);
          break;
        case lang::ReferenceKind::kResource:
          graph_.Connect(from, v.resources + target.index);
          break;
        case lang::ReferenceKind::kModule:
          ConnectModule(from, node, target, use.place == config::UsePlace::kDependsOn);
          break;
        default:
          break;
      }
    }
  }

  void ConnectModule(Vertex from, const ModuleNode& node, const config::ReferenceTarget& target, bool whole) {
    const ModuleNode* child = target.index < node.children.size() ? node.children[target.index] : nullptr;
    if (!child) return;
    const NodeVertices& v = vertices_[child->index];
    if (!whole && target.output != kNone) {
      graph_.Connect(from, v.outputs + target.output);
      return;
    }
    for (std::size_t i = 0; i < child->module->outputs.size(); ++i) {
      graph_.Connect(from, v.outputs + static_cast<Vertex>(i));
    }
    if (whole) ConnectResourcesBelow(from, *child);
  }

  void ConnectResourcesBelow(Vertex from, const ModuleNode& node) {
    for (std::size_t i = 0; i < node.module->resources.size(); ++i) graph_.Connect(from, ResourceVertex(node, i));
    for (const ModuleNode* child : node.children) {
      if (child) ConnectResourcesBelow(from, *child);
    }
  }

  const config::ModuleTree& tree_;
  graph::Graph graph_;
  std::vector<NodeVertices> vertices_;
};

std::string Quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

// The resources in the order in which they are drawn, and the graph of them alone.
struct ResourceGraph {
  std::vector<config::ConfigResource> resources;
  graph::Graph graph;
};

ResourceGraph Contract(const config::ModuleTree& tree, const ReferenceGraph& references) {
  ResourceGraph out;
  std::vector<std::pair<config::ConfigResource, Vertex>> order;
  for (const auto& node : tree.nodes()) {
    for (std::size_t i = 0; i < node->module->resources.size(); ++i) {
      order.push_back({{node->path, node->module->resources[i].name}, references.ResourceVertex(*node, i)});
    }
  }
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first.ToString() < b.first.ToString(); });
  std::map<Vertex, Vertex> index;
  for (const auto& [resource, vertex] : order) {
    index[vertex] = static_cast<Vertex>(out.resources.size());
    out.resources.push_back(resource);
  }
  out.graph.AddMany(out.resources.size());
  for (const auto& [resource, vertex] : order) {
    std::set<Vertex> seen;
    std::vector<Vertex> open = {vertex};
    while (!open.empty()) {
      const Vertex at = open.back();
      open.pop_back();
      for (const Vertex next : references.graph().DependenciesOf(at)) {
        if (!seen.insert(next).second) continue;
        if (const auto found = index.find(next); found != index.end()) {
          out.graph.Connect(index[vertex], found->second);
        } else {
          open.push_back(next);
        }
      }
    }
  }
  out.graph.Freeze();
  return out;
}

}  // namespace

std::string ResourceGraphDot(const config::ModuleTree& tree, Diagnostics& diags) {
  const ReferenceGraph references(tree);
  const ResourceGraph resources = Contract(tree, references);
  const auto name = [&](Vertex v) { return resources.resources[v].ToString() + " (expand)"; };
  if (!graph::CheckAcyclic(resources.graph, name, diags)) return {};

  std::string out = "digraph G {\n  rankdir = \"RL\";\n  node [shape = rect, fontname = \"sans-serif\"];\n";
  if (resources.resources.empty()) {
    out += "  /* There are no resources in this configuration. */\n";
  }
  std::map<ModulePath, std::vector<const config::ConfigResource*>> by_module;
  for (const config::ConfigResource& resource : resources.resources) by_module[resource.module].push_back(&resource);
  for (const auto& [module, members] : by_module) {
    std::string indent = "  ";
    if (!module.empty()) {
      std::string path;
      for (const std::string& step : module) path += (path.empty() ? "module." : ".module.") + step;
      out += "  subgraph " + Quoted("cluster_" + path) + " {\n    label = " + Quoted(path) + "\n    fontname = \"sans-serif\"\n";
      indent = "    ";
    }
    for (const config::ConfigResource* resource : members) {
      out += indent + Quoted(resource->ToString()) + " [label=" + Quoted(resource->resource.ToString()) + "];\n";
    }
    if (!module.empty()) out += "  }\n";
  }
  for (const auto& [dependant, dependency] : graph::TransitiveReduction(resources.graph)) {
    out += "  " + Quoted(resources.resources[dependant].ToString()) + " -> " + Quoted(resources.resources[dependency].ToString()) + ";\n";
  }
  return out + "}\n";
}

}  // namespace tkn::render
