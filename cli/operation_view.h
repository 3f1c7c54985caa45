#pragma once

#include <memory>
#include <string>

#include "cli/session.h"
#include "engine/apply/apply.h"
#include "engine/plan/hooks.h"
#include "engine/plan/plan.h"

namespace tkn::cli {

// How plan, apply, destroy and refresh speak: as text for people, or as a stream of JSON for
// programs.
class OperationView {
 public:
  virtual ~OperationView() = default;
  // `json`: -json was given.
  static std::unique_ptr<OperationView> Make(Session& session, bool json, bool compact_warnings);

  // What was wrong with the words of the command, in this way. Gives the exit code.
  static int RefuseWords(Session& session, bool json, Diagnostics diags);

  virtual void Diagnose(Diagnostics diags) = 0;
  virtual plan::Hooks& hooks() = 0;
  virtual void ShowPlan(const plan::Plan& plan) = 0;
  // Before a plan that was shown when it was saved is carried out.
  virtual void ShowSavedPlan(const plan::Plan& plan) = 0;
  // After a plan that stays a plan. `path` is where it was saved, "" if it was not.
  virtual void PlanSaved(const plan::Plan& plan, const std::string& path) = 0;
  enum class Operation { kApply, kDestroy, kRefresh };
  virtual void Finished(Operation operation, const apply::ApplyResult& result) = 0;
};

}  // namespace tkn::cli
