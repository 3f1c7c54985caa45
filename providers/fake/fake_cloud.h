#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "providers/provider.h"

namespace tkn::providers::fake {

enum class Operation {
  kValidateProvider,
  kValidateResource,
  kValidateData,
  kConfigure,
  kUpgradeState,
  kRead,
  kPlan,
  kCreate,
  kUpdate,
  kDelete,  // what an Apply turns out to be
  kImport,
  kReadData,
  kResolve,
  kMoveState,
  kOpen,
  kRenew,
  kClose,
};
std::string ToString(Operation operation);

// One call as it reached the provider. Values that an operation does not have are null of dynamic
// type.
struct Call {
  Operation operation = Operation::kRead;
  std::string type{};
  std::string id{};  // of the object or of the import; empty when there is none yet
  Value prior{}, planned{}, config{};
  std::thread::id thread{};
};

// What happens instead of, or around, the usual behaviour of one call.
struct Reaction {
  std::chrono::milliseconds delay{
      0};                     // before anything else; ends early, with an error, when cancelled
  Diagnostics diagnostics{};  // added to the answer
  // With an error among `diagnostics`: whether the effect (create, update, delete) takes place all
  // the same, and whether the answer still carries the object. Both: a half-made object, to be
  // tainted. Effect only: a lost answer.
  bool takes_effect = false;
  bool answers = false;
  std::optional<Value> answer{};  // replaces the object or value that would have been answered
  std::vector<Path> requires_replace{};  // kPlan: added
  bool create_first = false;             // kPlan: as in the answer
  std::function<void()> before{};        // runs before the effect, without any lock held
};

// The remote side of FakeProvider: objects by type and id, a script, and a record of what was
// asked. Shared by any number of providers, and outlives them, as a cloud does. Every method may be
// called from any thread.
class FakeCloud {
 public:
  FakeCloud();
  explicit FakeCloud(Schemas schemas);

  const Schemas& schemas() const { return schemas_; }

  // Attributes whose change forces a new object; fake_thing has "zone" and "disk" from the start.
  void ForceNew(const std::string& type, std::set<std::string> attributes);
  // Attributes that an update makes unknown in the plan and new in the object; fake_thing has
  // "revision".
  void ChangesOnUpdate(const std::string& type, std::set<std::string> attributes);

  // The next `times` calls of this operation on this type get the reaction (-1: all of them from
  // now on). `name` not empty: only calls whose config, planned or prior object has this `name`
  // attribute.
  void Script(Operation operation, const std::string& type, Reaction reaction, int times = 1,
              const std::string& name = "");
  // What data sources of this type answer for a config; default: computed attributes are made up.
  void AnswerData(const std::string& type, std::function<Value(const Value& config)> answer);

  std::vector<Call> Calls() const;
  std::size_t CountCalls(Operation operation) const;
  // The most calls that were under way at one moment; plans and checks ask nobody, so they don't
  // count.
  std::size_t MostAtOnce() const;
  void ForgetCalls();

  std::map<std::string, Value> Objects(const std::string& type) const;  // by id
  std::optional<Value> FindObject(const std::string& type, const std::string& id) const;
  // As if somebody else did it: drift.
  void PutObject(const std::string& type, const std::string& id, const Value& object);
  void RemoveObject(const std::string& type, const std::string& id);
  // The object with that name gets this attribute.
  void ChangeObject(const std::string& type, const std::string& id, const std::string& attribute,
                    const Value& value);

  // --- for FakeProvider
  // Records the call, waits as scripted, and returns the reaction (an empty one if nothing is
  // scripted).
  Reaction Begin(const Call& call, const Cancellation* cancel, Diagnostics& diags);
  void End(Operation operation);
  std::string NewId(const std::string& type);
  // `value` with what is unknown filled in; the same object gets the same answers.
  Value Complete(const std::string& type, const std::string& id, const Value& value);
  std::set<std::string> ForcesNew(const std::string& type) const;
  std::set<std::string> ChangedByUpdate(const std::string& type) const;
  std::function<Value(const Value&)> DataAnswer(const std::string& type) const;

 private:
  struct Line {
    Operation operation;
    std::string type;
    std::string name;
    Reaction reaction;
    int times;
  };

  const Schemas schemas_;
  mutable std::mutex mutex_;
  std::vector<Call> calls_;
  std::vector<Line> script_;
  std::map<std::string, std::map<std::string, Value>> objects_;
  std::map<std::string, std::set<std::string>> force_new_, changed_by_update_;
  std::map<std::string, std::function<Value(const Value&)>> data_answers_;
  std::int64_t next_id_ = 1;
  std::int64_t next_revision_ = 1;
  std::size_t under_way_ = 0, most_at_once_ = 0;
};

}  // namespace tkn::providers::fake
