#pragma once

#include <string>
#include <vector>

#include "engine/graph/graph.h"

namespace tkn::graph {

// A graph to be shown to people.
struct Drawing {
  enum class Shape { kPlain, kBox, kDiamond, kNote };
  struct Node {
    std::string name;
    std::string label{};  // of a node with a shape of its own
    Shape shape = Shape::kPlain;
  };
  std::vector<Node> nodes{};  // by vertex
  Graph graph{};              // frozen, without arrows that follow from others
};

}  // namespace tkn::graph
