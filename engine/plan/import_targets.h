#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "engine/config/config.h"
#include "engine/plan/run.h"

namespace tkn::plan {

struct ImportTarget {
  Address address;
  std::string id;
  SourceRange range{};  // of the import block
};

// What the root module's import blocks ask for. Each block is evaluated when the resource that it
// is for is planned: only then is known what its expressions need.
class ImportTargets {
 public:
  ImportTargets(Run& run, bool generate_config);

  // Evaluates the blocks for one resource. Several instances of its module may come; each block is
  // evaluated once.
  void Evaluate(const ConfigResource& resource, Diagnostics& diags);
  // Of the blocks that were evaluated; nullptr: nothing is to be imported there. Stays valid.
  const ImportTarget* Find(const Address& address) const;
  // Blocks for resources that have no block, as far as they are among the `targets` where there
  // are any; evaluated here. Without generate_config they are errors ("Configuration for import
  // target does not exist").
  std::vector<const ImportTarget*> WithoutConfig(const std::vector<TargetAddress>& targets,
                                                 Diagnostics& diags);
  // Targets in a resource that has a block, but not that instance. Once its instances are known.
  void CheckInstances(const ConfigResource& resource, Diagnostics& diags) const;

 private:
  void EvaluateBlock(const config::ImportBlock& block, Diagnostics& diags);
  bool EvaluateOne(const config::ImportBlock& block, const Repetition* repetition,
                   Diagnostics& diags);

  Run& run_;
  const bool generate_config_;
  mutable std::mutex mutex_;
  std::vector<bool> is_evaluated_;  // by index of the block
  std::map<Address, ImportTarget> targets_;
};

}  // namespace tkn::plan
