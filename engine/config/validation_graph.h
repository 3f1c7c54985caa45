#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/config/config.h"
#include "engine/graph/graph.h"

namespace tkn::config {

// The configuration of a whole tree as vertices, one per block and not per instance, and what
// refers to what: for cycles, and for the order of validation.
class ValidationGraph {
 public:
  enum class Kind : std::uint8_t {
    kExpand,  // the call of a module: count, for_each, depends_on
    kVariable,
    kConditions,  // validations of a variable
    kLocal,
    kProvider,  // index into ModuleTree::providers
    kResource,
    kOutput,
    kCheck,
    kImport,
    kClose,  // all that a module consists of
  };
  struct Item {
    Kind kind = Kind::kExpand;
    std::uint32_t node = 0;   // into ModuleTree::nodes
    std::uint32_t index = 0;  // into the list of the module, or of the tree
  };

  // "Cycle: ..." goes to `diags`; then there is no order. What refers to itself is none of it, but
  // told when it is checked.
  ValidationGraph(const ModuleTree& tree, Diagnostics& diags);

  const std::vector<Item>& items() const { return items_; }
  // Dependencies first.
  const std::vector<graph::Vertex>& order() const { return order_; }
  const graph::Graph& graph() const { return graph_; }

 private:
  struct Bases {
    graph::Vertex expand = 0, variables = 0, conditions = 0, locals = 0, resources = 0, outputs = 0,
                  checks = 0, imports = 0, close = 0;
  };
  void AddVertices();
  void AddEdges(const ModuleNode& node);
  void Connect(graph::Vertex from, const ModuleNode& node, const std::vector<Use>& uses);
  void ConnectTo(graph::Vertex from, const ModuleNode& node, const ReferenceTarget& target,
                 bool whole_module);
  std::string NameOf(graph::Vertex vertex) const;

  const ModuleTree& tree_;
  graph::Graph graph_;
  std::vector<Item> items_;
  std::vector<Bases> bases_;
  graph::Vertex providers_ = 0;
  std::vector<graph::Vertex> order_;
};

}  // namespace tkn::config
