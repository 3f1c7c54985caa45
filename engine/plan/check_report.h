#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "engine/config/config.h"
#include "engine/config/variables.h"
#include "engine/plan/change.h"
#include "engine/plan/config_graph.h"
#include "engine/plan/module_scope.h"

namespace tkn::plan {

// As states, plans and streams write it.
const char* NameOf(CheckStatus status);

// Which object a condition belongs to.
struct CheckedObject {
  CheckKind kind = CheckKind::kResource;
  ModulePath module{};
  std::string name{};  // "linode_token.a", "output.x", "check.y", "var.z"
  auto operator<=>(const CheckedObject&) const = default;
};

// Collects how the conditions of a configuration came out. Any thread may report.
class CheckReport {
 public:
  // Every object that has conditions: those that nothing is reported about stay unknown.
  explicit CheckReport(const ConfigGraph& graph);

  // The object's instances are known, perhaps there are none. Outcomes for one instance may come in
  // several parts.
  void Expand(const CheckedObject& object, const std::vector<std::string>& instances);
  void Report(const CheckedObject& object, const std::string& instance,
              const std::vector<config::ConditionOutcome>& outcomes);
  // What was reported of this instance is a failure.
  bool HasFailed(const CheckedObject& object, const std::string& instance) const;
  std::vector<CheckResult> Results() const;

 private:
  struct State {
    bool is_expanded = false;
    std::map<std::string, CheckResult::Instance> instances;
    std::set<std::string> reported;  // of them: something came out
  };
  mutable std::mutex mutex_;
  std::map<CheckedObject, State> objects_;
};

// What check blocks say, which planning and applying each say for themselves.
inline constexpr char kCheckFailed[] = "Check block assertion failed";
inline constexpr char kCheckUnknown[] = "Check block assertion known after apply";
bool IsCheckWarning(const Diagnostic& diagnostic);

// What is said, and how loudly, about a condition that came out false.
struct ConditionWords {
  const char* summary = "Resource precondition failed";
  Severity severity = Severity::kError;
};

// Evaluates conditions in `scope`; false ones become diagnostics with the user's message and the
// values they were decided by. False when one failed or was wrong (as an error, not as a warning).
bool CheckConditions(const std::vector<config::Condition>& conditions, const lang::Scope& scope,
                     const ConditionWords& words, std::vector<config::ConditionOutcome>& outcomes,
                     Diagnostics& diags);

// Of a plan to destroy, which looks at no condition: root outputs alone are known to be there.
std::vector<CheckResult> UnlookedAtChecks(const ConfigGraph& graph);

CheckedObject CheckedResource(const config::ModuleNode& node, const config::Resource& resource);
CheckedObject CheckedOutput(const config::ModuleNode& node, const config::Output& output);

}  // namespace tkn::plan
