#include "engine/render/resource_graph.h"

#include <algorithm>
#include <map>
#include <vector>

#include "engine/graph/graph.h"
#include "engine/plan/config_graph.h"

namespace tkn::render {
namespace {

using graph::Vertex;

// The resources in the order in which they are drawn, and the graph of them alone.
struct ResourceGraph {
  std::vector<ConfigResource> resources;
  graph::Graph graph;
};

ResourceGraph ResourcesOf(plan::ConfigGraph& config) {
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
  std::vector<Vertex> kept;
  for (const auto& [resource, vertex] : order) {
    out.resources.push_back(resource);
    kept.push_back(vertex);
  }
  out.graph = graph::Contract(config.graph(), kept);
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
      out += "  subgraph " + DotQuoted("cluster_" + path) + " {\n    label = " + DotQuoted(path) +
             "\n    fontname = \"sans-serif\"\n";
      indent = "    ";
    }
    for (const Vertex v : members) {
      const ConfigResource& resource = graph.resources[v];
      out += indent + DotQuoted(resource.ToString()) +
             " [label=" + DotQuoted(resource.resource.ToString()) + "];\n";
    }
    if (!module.empty()) out += "  }\n";
  }
  for (const auto& [dependant, dependency] : graph::TransitiveReduction(graph.graph)) {
    out += "  " + DotQuoted(graph.resources[dependant].ToString()) + " -> " +
           DotQuoted(graph.resources[dependency].ToString()) + ";\n";
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
             DotQuoted(config::ModuleAddressOf(module)) + "]\n";
      indent = "    ";
    }
    for (const Vertex v : members) {
      out += indent + "r" + std::to_string(v) + "[" +
             DotQuoted(graph.resources[v].resource.ToString()) + "]\n";
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
  const ResourceGraph resources = ResourcesOf(config);
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
