#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "engine/apply/apply.h"
#include "engine/apply/import.h"
#include "engine/apply/intents.h"
#include "engine/config/load.h"
#include "providers/fake/fake_provider.h"
#include "state/memory/memory_store.h"

namespace tkn::apply {

// Three that need each other: c needs b, b needs a.
inline constexpr const char* kChain = R"(
resource "fake_node" "a" { name = "a" }
resource "fake_node" "b" { name = fake_node.a.id }
resource "fake_node" "c" { name = fake_node.b.id }
)";

// What tests of planning and applying live in: sources in memory, a cloud of fake_thing and
// fake_node, terraform_data, a store in memory, provisioners that record what they are asked. One
// thread.
class TestWorld : private plan::Hooks {
 public:
  TestWorld();
  ~TestWorld() override;

  // The root module's main.tf, and other files by path.
  void Configure(std::string main, std::vector<std::pair<std::string, std::string>> files = {});
  void SetVariable(const std::string& name, Value value);

  std::optional<plan::Plan> Plan(plan::PlanOptions options = {});
  ApplyResult Apply(const plan::Plan& plan);
  // Both; the plan must come without errors.
  ApplyResult PlanAndApply(plan::PlanOptions options = {});

  // "create fake_thing.a", "replace(-/+) ...", one line each, in order; without no-ops.
  static std::string Actions(const plan::Plan& plan);
  // Summaries of errors and warnings of the last call, "error: X" one per line.
  std::string Problems() const;
  // Addresses in the state, with "(tainted)" and "(deposed)".
  std::string State();
  // The state as it is now; lives at least until the next call.
  std::shared_ptr<const state::Snapshot> Snapshot();
  const std::vector<std::string>& log() const { return log_; }  // hooks of applying, in order
  // Position of a line in the log; the log's size when it is not there.
  std::size_t At(const std::string& line) const;
  void ClearLog() { log_.clear(); }

  const config::ModuleTree& tree() const { return *tree_; }

  std::shared_ptr<providers::fake::FakeCloud> cloud;
  std::unique_ptr<state::MemoryStore> store;
  plan::Interruption interruption;
  Diagnostics diags;
  int parallelism = 10;
  // Lines that the provisioner "echo" was given; "fail" as text makes it fail.
  std::vector<std::string> provisioned;
  SourceMap sources;
  config::VariableInputs variables;
  providers::Registry providers;
  provisioners::Registry provisioners;
  std::unique_ptr<plan::Schemas> schemas;

 private:
  void BeforeApply(const Instance& instance, plan::Action action,
                   const plan::ResourceChange*) override;
  void AfterApply(const Instance& instance, plan::Action action, std::chrono::milliseconds,
                  bool failed) override;
  void ProvisionOutput(const Instance& instance, std::string_view, std::string_view line) override;
  void Log(std::string line);

  std::mutex mutex_;
  std::vector<std::string> log_;
  std::optional<config::ModuleTree> tree_;
  std::unique_ptr<config::SourceReader> reader_;
  std::shared_ptr<const state::Snapshot> snapshot_;
};

}  // namespace tkn::apply
