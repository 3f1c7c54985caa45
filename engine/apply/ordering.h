#pragma once

#include <string>
#include <vector>

#include "engine/graph/graph.h"
#include "engine/plan/config_graph.h"
#include "engine/plan/plan.h"
#include "engine/plan/prior_state.h"

namespace tkn::apply {

enum class TaskKind : std::uint8_t {
  kPut,      // create or update a managed object, or read data
  kDestroy,  // delete one object: the current one, or a deposed one
  kForget,   // take it out of the state
};

// One thing that applying does to one object: half of a replacement, or all of another change.
struct Task {
  TaskKind kind = TaskKind::kPut;
  const plan::ResourceChange* change = nullptr;
  const state::StoredObject* stored =
      nullptr;  // what the state has of the object before; may be absent
  // kDestroy: the object's key. kPut of a replacement that creates first: the key that the old
  // object gets.
  std::string deposed_key{};
  // kDestroy: what depends on the object is changed before it goes, not after.
  bool is_last = false;
};

// The tasks of a plan, one vertex each from first_vertex() on, and what must happen after what:
//
// - what an object depends on is created and updated before it, and destroyed after it;
// - a replacement destroys first, or creates first and destroys when everything that used the old
// object is changed;
// - what is destroyed for good goes before what it depended on is changed, by the dependencies that
// the state recorded.
class Ordering {
 public:
  // Adds vertices and edges to the graph of the configuration, which must have been made with split
  // resources, and freezes it. All of them must outlive this.
  Ordering(plan::Changes::View changes, plan::PriorState& prior, plan::ConfigGraph& graph);

  // "Cycle: a, b (destroy)" where there is no order that keeps the rules.
  [[nodiscard]] bool Check(Diagnostics& diags) const;

  // Of the configuration alone, without what the changes add.
  const plan::ResourceRelations& relations() const { return relations_; }
  const std::vector<Task>& tasks() const { return tasks_; }
  // nullptr for vertices of the configuration's steps, and for those that only hold others
  // together.
  const Task* At(graph::Vertex vertex) const;
  graph::Vertex VertexOf(std::size_t task) const {
    return first_ + static_cast<graph::Vertex>(task);
  }
  // As Terraform names it; empty for what only holds others together.
  std::string NameOf(graph::Vertex vertex) const;

 private:
  class Connector;
  void AddTasks(plan::Changes::View changes, plan::PriorState& prior);

  const plan::ConfigGraph& config_;
  const plan::ResourceRelations relations_;
  std::vector<Task> tasks_;
  graph::Vertex first_ = 0;
};

// 8 hex digits that no object of that address has.
std::string UnusedDeposedKey(plan::PriorState& prior, const Address& address);

}  // namespace tkn::apply
