#include "providers/fake/fake_cloud.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "providers/fake/fake_schemas.h"

namespace tkn::providers::fake {
namespace {

std::string NameIn(const Value& object) {
  if (!object.IsKnown() || object.IsNull() || !object.type().IsObject()) return "";
  const Value* name = object.Find("name");
  if (name == nullptr || name->type() != Type::String() || !name->IsKnown() || name->IsNull()) {
    return "";
  }
  return std::string(name->AsString());
}

std::string NameOf(const Call& call) {
  for (const Value* value : {&call.config, &call.planned, &call.prior}) {
    if (std::string name = NameIn(*value); !name.empty()) return name;
  }
  return "";
}

}  // namespace

std::string ToString(Operation operation) {
  static constexpr const char* kNames[] = {"validate provider",
                                           "validate resource",
                                           "validate data",
                                           "configure",
                                           "upgrade state",
                                           "read",
                                           "plan",
                                           "create",
                                           "update",
                                           "delete",
                                           "import",
                                           "read data",
                                           "resolve",
                                           "move state",
                                           "open",
                                           "renew",
                                           "close"};
  return kNames[static_cast<std::size_t>(operation)];
}

FakeCloud::FakeCloud() : FakeCloud(DefaultSchemas()) {
  ForceNew("fake_thing", {"zone", "disk"});
  ChangesOnUpdate("fake_thing", {"revision"});
  ChangesOnUpdate("fake_node", {"output"});
}

FakeCloud::FakeCloud(Schemas schemas) : schemas_(std::move(schemas)) {}

void FakeCloud::ForceNew(const std::string& type, std::set<std::string> attributes) {
  const std::lock_guard lock(mutex_);
  force_new_[type] = std::move(attributes);
}

void FakeCloud::ChangesOnUpdate(const std::string& type, std::set<std::string> attributes) {
  const std::lock_guard lock(mutex_);
  changed_by_update_[type] = std::move(attributes);
}

void FakeCloud::Script(Operation operation, const std::string& type, Reaction reaction, int times,
                       const std::string& name) {
  const std::lock_guard lock(mutex_);
  script_.push_back({operation, type, name, std::move(reaction), times});
}

void FakeCloud::AnswerData(const std::string& type, std::function<Value(const Value&)> answer) {
  const std::lock_guard lock(mutex_);
  data_answers_[type] = std::move(answer);
}

std::vector<Call> FakeCloud::Calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

std::size_t FakeCloud::CountCalls(Operation operation) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::count_if(
      calls_.begin(), calls_.end(), [&](const Call& c) { return c.operation == operation; }));
}

std::size_t FakeCloud::MostAtOnce() const {
  const std::lock_guard lock(mutex_);
  return most_at_once_;
}

void FakeCloud::ForgetCalls() {
  const std::lock_guard lock(mutex_);
  calls_.clear();
  most_at_once_ = 0;
}

std::map<std::string, Value> FakeCloud::Objects(const std::string& type) const {
  const std::lock_guard lock(mutex_);
  const auto found = objects_.find(type);
  return found == objects_.end() ? std::map<std::string, Value>{} : found->second;
}

std::optional<Value> FakeCloud::FindObject(const std::string& type, const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto of_type = objects_.find(type);
  if (of_type == objects_.end()) return std::nullopt;
  const auto found = of_type->second.find(id);
  return found == of_type->second.end() ? std::nullopt : std::optional(found->second);
}

void FakeCloud::PutObject(const std::string& type, const std::string& id, const Value& object) {
  const std::lock_guard lock(mutex_);
  objects_[type][id] = object;
}

void FakeCloud::RemoveObject(const std::string& type, const std::string& id) {
  const std::lock_guard lock(mutex_);
  objects_[type].erase(id);
}

void FakeCloud::ChangeObject(const std::string& type, const std::string& id,
                             const std::string& attribute, const Value& value) {
  const std::lock_guard lock(mutex_);
  Value& object = objects_.at(type).at(id);
  std::vector<Value::Entry> entries;
  for (std::size_t i = 0; i < object.Length(); ++i) {
    const std::string_view key = object.KeyAt(i);
    entries.emplace_back(key, key == attribute ? value : object.elements()[i]);
  }
  object = Value::Object(std::move(entries));
}

namespace {
bool AsksSomebody(Operation operation) {
  return operation != Operation::kPlan && operation != Operation::kValidateProvider &&
         operation != Operation::kValidateResource && operation != Operation::kValidateData &&
         operation != Operation::kConfigure && operation != Operation::kUpgradeState;
}
}  // namespace

Reaction FakeCloud::Begin(const Call& call, const Cancellation* cancel, Diagnostics& diags) {
  Reaction reaction;
  {
    const std::lock_guard lock(mutex_);
    calls_.push_back(call);
    calls_.back().thread = std::this_thread::get_id();
    if (AsksSomebody(call.operation)) most_at_once_ = std::max(most_at_once_, ++under_way_);
    const std::string name = NameOf(call);
    for (Line& line : script_) {
      if (line.times == 0 || line.operation != call.operation || line.type != call.type) continue;
      if (!line.name.empty() && line.name != name) continue;
      if (line.times > 0) --line.times;
      reaction = line.reaction;
      break;
    }
  }
  const auto until = std::chrono::steady_clock::now() + reaction.delay;
  while (std::chrono::steady_clock::now() < until) {
    if (cancel != nullptr && cancel->IsCancelled()) {
      reaction.diagnostics.Add({.summary = "Interrupted",
                                .detail = "The fake provider was told to stop while it waited."});
      reaction.takes_effect = false;
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  if (reaction.before) reaction.before();
  diags.Append(reaction.diagnostics);
  return reaction;
}

void FakeCloud::End(Operation operation) {
  if (!AsksSomebody(operation)) return;
  const std::lock_guard lock(mutex_);
  if (under_way_ == 0) throw std::logic_error("a call ended that had not begun");
  --under_way_;
}

std::string FakeCloud::NewId(const std::string& type) {
  const std::lock_guard lock(mutex_);
  return type + "-" + std::to_string(next_id_++);
}

Value FakeCloud::Complete(const std::string& type, const std::string& id, const Value& value) {
  return value.Transform([&](const Path& path, const Value& part) {
    if (part.IsKnown()) return part;
    const std::string where = tkn::ToString(path);
    if (where == ".id") return Value::String(id);
    const Type wanted = part.type();
    switch (wanted.kind()) {
      case TypeKind::kNumber: {
        const std::lock_guard lock(mutex_);
        return Value::Number(next_revision_++);
      }
      case TypeKind::kBool:
        return Value::Bool(true);
      case TypeKind::kList:
        return Value::List(wanted.element(), {});
      case TypeKind::kSet:
        return Value::Set(wanted.element(), {});
      case TypeKind::kMap:
        return Value::Map(wanted.element(), {});
      case TypeKind::kTuple:
      case TypeKind::kObject:
        return Value::Null(wanted);
      case TypeKind::kString:
      case TypeKind::kDynamic:
        break;
    }
    if (type == "fake_node" && where == ".output") return value.Attribute("value");
    return Value::String((where.empty() ? where : where.substr(1)) + " of " + id);
  });
}

std::set<std::string> FakeCloud::ForcesNew(const std::string& type) const {
  const std::lock_guard lock(mutex_);
  const auto found = force_new_.find(type);
  return found == force_new_.end() ? std::set<std::string>{} : found->second;
}

std::set<std::string> FakeCloud::ChangedByUpdate(const std::string& type) const {
  const std::lock_guard lock(mutex_);
  const auto found = changed_by_update_.find(type);
  return found == changed_by_update_.end() ? std::set<std::string>{} : found->second;
}

std::function<Value(const Value&)> FakeCloud::DataAnswer(const std::string& type) const {
  const std::lock_guard lock(mutex_);
  const auto found = data_answers_.find(type);
  return found == data_answers_.end() ? nullptr : found->second;
}

}  // namespace tkn::providers::fake
