#include "engine/plan/ephemeral_resources.h"

#include <chrono>

#include "engine/plan/module_scope.h"
#include "engine/plan/object_codec.h"
#include "engine/schema/decode.h"

namespace tkn::plan {
namespace {

// Tells the hooks how long one call took.
class Timed {
 public:
  Timed(Hooks& hooks, const Address& address, std::string_view what)
      : hooks_(hooks), shown_{.address = address, .deposed_key = {}}, what_(what) {
    hooks_.BeforeEphemeral(shown_, what_);
  }
  ~Timed() {
    hooks_.AfterEphemeral(shown_, what_,
                          std::chrono::duration_cast<std::chrono::milliseconds>(
                              std::chrono::steady_clock::now() - begin_));
  }
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;

 private:
  Hooks& hooks_;
  const Hooks::Instance shown_;
  const std::string_view what_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace

Value EphemeralResources::Open(const ResourceInModule& resource, const Address& address,
                               const Repetition& repetition, bool check_conditions,
                               Diagnostics& diags) {
  const config::Resource& block = *resource.block;
  const std::string text = address.ToString();
  const CheckedObject checked = CheckedResource(*resource.module->node, block);
  const Value unknown =
      Value::Unknown(resource.schema->block.ImpliedType()).WithMark(MarkKind::kEphemeral);
  const ModuleScope scope(run_.evaluation, *resource.module, &repetition);
  if (check_conditions) {
    std::vector<config::ConditionOutcome> outcomes;
    const bool holds =
        CheckConditions(block.lifecycle.preconditions, scope,
                        {.summary = "Resource precondition failed"}, outcomes, diags);
    run_.checks.Report(checked, text, outcomes);
    if (!holds) return unknown;
  }
  Diagnostics evaluation;
  const Value config =
      DecodeBody(block.body, resource.schema->block, scope, evaluation).UnmarkDeep();
  const bool failed = evaluation.HasErrors();
  diags.Append(std::move(evaluation));
  if (failed || !config.IsWhollyKnown() || run_.offline) return unknown;

  std::optional<providers::Provider::Ephemeral> opened;
  {
    const Timed timed(run_.hooks, address, "opening");
    Diagnostics reported;
    opened = resource.provider->OpenEphemeral(block.name.type, config, reported);
    PlaceDiagnostics(std::move(reported), text, &block.body, block.range, diags);
  }
  if (!opened) return unknown;
  const auto marks = SensitiveMarks(opened->result, resource.schema->block, {});
  const Value result = WithOrigins(opened->result, marks, text).WithMark(MarkKind::kEphemeral);
  {
    const std::lock_guard lock(mutex_);
    opened_.push_back({address, resource.provider, std::move(*opened)});
  }
  if (check_conditions && !block.lifecycle.postconditions.empty()) {
    const ModuleScope with_self(run_.evaluation, *resource.module, &repetition, &result);
    std::vector<config::ConditionOutcome> outcomes;
    (void)CheckConditions(block.lifecycle.postconditions, with_self,
                          {.summary = "Resource postcondition failed"}, outcomes, diags);
    run_.checks.Report(checked, text, outcomes);
  }
  return result;
}

void EphemeralResources::CloseAll() {
  Diagnostics diags;
  for (Opened& one : opened_) {
    const Timed timed(run_.hooks, one.address, "closing");
    Diagnostics reported;
    one.provider->CloseEphemeral(one.address.resource.type, one.object, reported);
    PlaceDiagnostics(std::move(reported), one.address.ToString(), nullptr, {}, diags);
  }
  opened_.clear();
  run_.Report(std::move(diags));
}

}  // namespace tkn::plan
