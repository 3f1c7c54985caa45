#pragma once

#include <string>
#include <vector>

#include "engine/address/address.h"
#include "engine/config/config.h"
#include "engine/graph/graph.h"

namespace tkn::plan {

enum class StepKind : std::uint8_t {
  kModule,  // the instances of a called module become known
  kVariable,
  kValidation,  // of a variable: apart, since two variables may be validated against each other
  kLocal,
  kProvider,  // index: into ModuleTree::providers()
  kResource,  // its instances become known, and are planned
  kResourceDone,
  kOutput,
  kCheck,
  kModuleDone,    // everything in a module and below
  kAllResources,  // all but those scoped to checks
};

struct Step {
  StepKind kind = StepKind::kVariable;
  const config::ModuleNode* node = nullptr;
  std::uint32_t index = 0;
};

// What a configuration makes happen after what, a vertex for each thing in each module call (not
// instance): the basis of every walk. Linear in the configuration's references.
class ConfigGraph {
 public:
  // `split_resources`: to apply. What uses a resource waits for kResourceDone, which the changes of
  // instances are put in front of; otherwise there is no such vertex. What import blocks refer to
  // is not needed then.
  ConfigGraph(const config::ModuleTree& tree, bool split_resources);

  const config::ModuleTree& tree() const { return tree_; }
  // Not frozen: more may be added.
  graph::Graph& graph() { return graph_; }
  const graph::Graph& graph() const { return graph_; }
  const std::vector<Step>& steps() const { return steps_; }  // by vertex

  graph::Vertex Of(StepKind kind, const config::ModuleNode& node, std::uint32_t index) const;
  // Where what uses the resource waits.
  graph::Vertex DoneOf(const config::ModuleNode& node, std::uint32_t resource) const;
  // As Terraform names vertices in its cycle errors. Empty for the validation of a variable that
  // has no rules.
  std::string NameOf(graph::Vertex vertex) const;

 private:
  void AddVertices();
  void AddEdges(const config::ModuleNode& node);
  void AddUses(graph::Vertex dependant, const config::ModuleNode& node,
               const std::vector<config::Use>& uses);
  void AddUse(graph::Vertex dependant, const config::ModuleNode& node,
              const config::ReferenceTarget& target);

  struct Offsets {
    graph::Vertex module, variables, validations, locals, resources, done, outputs, checks,
        module_done;
  };
  const config::ModuleTree& tree_;
  const bool split_resources_;
  graph::Graph graph_;
  std::vector<Step> steps_;
  std::vector<Offsets> offsets_;  // by node
  graph::Vertex providers_ = 0;
  graph::Vertex all_resources_ = 0;
};

// "Cycle: a, b" for every cycle of references. False when there is one.
[[nodiscard]] bool CheckCycles(const config::ModuleTree& tree, Diagnostics& diags);

// What follows from the graph for resource blocks; by node and index of the resource.
class ResourceRelations {
 public:
  // `rotated`: instances whose blocks count as having create_before_destroy. `leftovers`: resources
  // that have no block any more; who waits for their module as a whole depends on them, too.
  ResourceRelations(const ConfigGraph& graph, const std::vector<bool>& included,
                    const std::vector<Address>& rotated = {},
                    const std::vector<ConfigResource>& leftovers = {});

  // All resources that this one depends on, directly or not: what the state records. Sorted by
  // their text.
  const std::vector<ConfigResourceRef>& DependenciesOf(const config::ModuleNode& node,
                                                       std::uint32_t resource) const {
    return dependencies_[node.index][resource];
  }
  // create_before_destroy, its own or because something that depends on it has it.
  bool CreateBeforeDestroy(const config::ModuleNode& node, std::uint32_t resource) const {
    return create_before_destroy_[node.index][resource];
  }

 private:
  std::vector<std::vector<std::vector<ConfigResourceRef>>> dependencies_;
  std::vector<std::vector<bool>> create_before_destroy_;
};

// In the order that states have dependencies in: by their text.
void SortByText(std::vector<ConfigResourceRef>& resources);

// Whether a target names, or lies around, some instance of this resource block; keys don't count.
bool IsTarget(const Step& resource, const std::vector<TargetAddress>& targets);
bool IsTarget(const ConfigResource& resource, const std::vector<TargetAddress>& targets);

// The vertices that -target leaves: the targets, what they depend on, and root outputs that depend
// on nothing else. All of them where there are no targets. The graph must be frozen.
std::vector<bool> SelectTargets(const ConfigGraph& graph,
                                const std::vector<TargetAddress>& targets);

}  // namespace tkn::plan
