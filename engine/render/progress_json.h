#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/plan/hooks.h"
#include "engine/plan/plan.h"

namespace tkn::render {

// The stream of `plan -json`, `apply -json`, `refresh -json`: one JSON object a line, format 1.2.
// Any thread may call.
class JsonStream {
 public:
  explicit JsonStream(std::function<void(std::string_view)> sink);
  ~JsonStream();

  void Version();
  // planned_change and resource_drift records, then change_summary, then outputs.
  void PlannedChanges(const plan::Plan& plan);
  // planned_change records alone: what a saved plan is about to do.
  void SavedChanges(const plan::Plan& plan);
  enum class Operation { kPlan, kApply, kDestroy };
  void ChangeSummary(Operation operation, int imported, int added, int changed, int removed);
  struct Output {
    std::string name;
    Value value;
    bool sensitive = false;
  };
  void Outputs(const std::vector<Output>& outputs);
  void Diagnose(const Diagnostics& diags, const SourceMap& sources);
  // What `init` is at; the code names the message for programs.
  void InitOutput(std::string_view code, std::string_view message);
  // Any other line: {"@level":"info","@message":text,"type":"log"}.
  void Log(std::string_view message);
  plan::Hooks& hooks();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tkn::render
