#include "engine/render/resource_graph.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "engine/graph/graph.h"
#include "engine/plan/config_graph.h"

namespace tkn::render {
namespace {

using graph::Vertex;

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
  std::vector<ConfigResource> resources;
  graph::Graph graph;
};

ResourceGraph Contract(plan::ConfigGraph& config) {
  config.graph().Freeze();
  ResourceGraph out;
  std::vector<std::pair<ConfigResource, Vertex>> order;
  for (Vertex v = 0; v < config.steps().size(); ++v) {
    const plan::Step& step = config.steps()[v];
    if (step.kind != plan::StepKind::kResource) continue;
    order.push_back({{step.node->path, step.node->module->resources[step.index].name}, v});
  }
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    if (a.first.module != b.first.module) return a.first.module < b.first.module;
    return a.first.ToString() < b.first.ToString();
  });
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
      for (const Vertex next : config.graph().DependenciesOf(at)) {
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

using Members = std::map<ModulePath, std::vector<Vertex>>;

std::string Dot(const ResourceGraph& graph, const Members& by_module) {
  std::string out =
      "digraph G {\n  rankdir = \"RL\";\n  node [shape = rect, fontname = \"sans-serif\"];\n";
  if (graph.resources.empty()) {
    out += "  /* There are no resources in this configuration. */\n";
  }
  for (const auto& [module, members] : by_module) {
    std::string indent = "  ";
    if (!module.empty()) {
      const std::string path = config::ModuleAddressOf(module);
      out += "  subgraph " + Quoted("cluster_" + path) + " {\n    label = " + Quoted(path) +
             "\n    fontname = \"sans-serif\"\n";
      indent = "    ";
    }
    for (const Vertex v : members) {
      const ConfigResource& resource = graph.resources[v];
      out += indent + Quoted(resource.ToString()) +
             " [label=" + Quoted(resource.resource.ToString()) + "];\n";
    }
    if (!module.empty()) out += "  }\n";
  }
  for (const auto& [dependant, dependency] : graph::TransitiveReduction(graph.graph)) {
    out += "  " + Quoted(graph.resources[dependant].ToString()) + " -> " +
           Quoted(graph.resources[dependency].ToString()) + ";\n";
  }
  return out + "}\n";
}

// Names of vertices are numbers: Mermaid takes some words, such as "end", for its own wherever
// they stand outside of quotes. Labels are made of identifiers, so nothing in them needs escaping.
std::string Mermaid(const ResourceGraph& graph, const Members& by_module) {
  std::string out = "flowchart RL\n";
  std::size_t clusters = 0;
  for (const auto& [module, members] : by_module) {
    std::string indent = "  ";
    if (!module.empty()) {
      out += "  subgraph m" + std::to_string(clusters++) + "[" +
             Quoted(config::ModuleAddressOf(module)) + "]\n";
      indent = "    ";
    }
    for (const Vertex v : members) {
      out += indent + "r" + std::to_string(v) + "[" +
             Quoted(graph.resources[v].resource.ToString()) + "]\n";
    }
    if (!module.empty()) out += "  end\n";
  }
  for (const auto& [dependant, dependency] : graph::TransitiveReduction(graph.graph)) {
    out += "  r" + std::to_string(dependant) + " --> r" + std::to_string(dependency) + "\n";
  }
  return out;
}

}  // namespace

std::string ResourceGraphText(const config::ModuleTree& tree, GraphFormat format,
                              Diagnostics& diags) {
  plan::ConfigGraph config(tree, false);
  const ResourceGraph resources = Contract(config);
  const auto name = [&](Vertex v) { return resources.resources[v].ToString() + " (expand)"; };
  if (!graph::CheckAcyclic(resources.graph, name, diags) || !plan::CheckCycles(tree, diags))
    return {};
  Members by_module;
  for (Vertex v = 0; v < resources.resources.size(); ++v)
    by_module[resources.resources[v].module].push_back(v);
  return format == GraphFormat::kMermaid ? Mermaid(resources, by_module)
                                         : Dot(resources, by_module);
}

}  // namespace tkn::render
