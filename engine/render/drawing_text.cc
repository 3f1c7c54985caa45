#include "engine/render/drawing_text.h"

#include <algorithm>
#include <vector>

namespace tkn::render {
namespace {

using graph::Drawing;
using graph::Vertex;
using Shape = Drawing::Shape;

std::string Dot(const Drawing& drawing) {
  const auto name = [&](Vertex v) { return DotQuoted("[root] " + drawing.nodes[v].name); };
  std::string out =
      "digraph {\n\tcompound = \"true\"\n\tnewrank = \"true\"\n\tsubgraph \"root\" {\n";
  std::vector<std::pair<std::string, Vertex>>
      shaped;  // in the order of the names as they are written
  for (Vertex v = 0; v < drawing.nodes.size(); ++v) {
    if (drawing.nodes[v].shape == Shape::kPlain) continue;
    shaped.emplace_back(name(v), v);
    shaped.back().first.pop_back();  // the quotation mark
  }
  std::sort(shaped.begin(), shaped.end());
  for (const auto& [written, v] : shaped) {
    const Drawing::Node& node = drawing.nodes[v];
    const char* const shape = node.shape == Shape::kBox       ? "box"
                              : node.shape == Shape::kDiamond ? "diamond"
                                                              : "note";
    out +=
        "\t\t" + name(v) + " [label = " + DotQuoted(node.label) + ", shape = \"" + shape + "\"]\n";
  }
  std::vector<std::string> arrows;
  for (Vertex v = 0; v < drawing.nodes.size(); ++v) {
    for (const Vertex dependency : drawing.graph.DependenciesOf(v))
      arrows.push_back("\t\t" + name(v) + " -> " + name(dependency) + "\n");
  }
  std::sort(arrows.begin(), arrows.end());
  arrows.erase(std::unique(arrows.begin(), arrows.end()), arrows.end());
  for (const std::string& arrow : arrows) out += arrow;
  return out + "\t}\n}\n";
}

std::string Mermaid(const Drawing& drawing) {
  std::string out = "flowchart RL\n";
  for (Vertex v = 0; v < drawing.nodes.size(); ++v) {
    const Drawing::Node& node = drawing.nodes[v];
    std::string name;
    for (const char c : node.name) {
      if (c == '"') {
        name += "#quot;";
      } else {
        name += c;
      }
    }
    const char* const open = node.shape == Shape::kDiamond ? "{"
                             : node.shape == Shape::kPlain ? "("
                                                           : "[";
    const char* const close = node.shape == Shape::kDiamond ? "}"
                              : node.shape == Shape::kPlain ? ")"
                                                            : "]";
    out += "  n" + std::to_string(v) + open + "\"" + name + "\"" + close + "\n";
  }
  for (Vertex v = 0; v < drawing.nodes.size(); ++v) {
    for (const Vertex dependency : drawing.graph.DependenciesOf(v))
      out += "  n" + std::to_string(v) + " --> n" + std::to_string(dependency) + "\n";
  }
  return out;
}

}  // namespace

std::string DotQuoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string DrawingText(const Drawing& drawing, GraphFormat format) {
  return format == GraphFormat::kMermaid ? Mermaid(drawing) : Dot(drawing);
}

}  // namespace tkn::render
