#include "providers/fake/fake_provider.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "engine/value/json.h"

namespace tkn::providers::fake {
namespace {

std::string IdOf(const Value& object) {
  if (!object.IsKnown() || object.IsNull()) return "";
  const Value* id = object.Find("id");
  if (id == nullptr || !id->IsKnown() || id->IsNull()) return "";
  return std::string(id->AsString());
}

// Attributes that `f` answers for are replaced.
Value Replace(const Value& object, const std::function<std::optional<Value>(std::string_view)>& f) {
  std::vector<Value::Entry> entries;
  for (std::size_t i = 0; i < object.Length(); ++i) {
    const std::string_view key = object.KeyAt(i);
    std::optional<Value> replaced = f(key);
    entries.emplace_back(key, replaced ? std::move(*replaced) : object.elements()[i]);
  }
  return Value::Object(std::move(entries));
}

// Whether everything that is known in `wanted` is so in `have`.
bool Agrees(const Value& wanted, const Value& have) {
  if (!wanted.IsKnown()) return true;
  if (wanted.IsWhollyKnown()) return wanted.RawEquals(have);
  if (have.IsNull() || !have.IsKnown() || wanted.Length() != have.Length()) return false;
  for (std::size_t i = 0; i < wanted.Length(); ++i) {
    if (!Agrees(wanted.elements()[i], have.elements()[i])) return false;
  }
  return true;
}

}  // namespace

// One call: recorded, delayed and counted as under way until it goes out of scope.
class FakeProvider::Doing {
 public:
  Doing(FakeCloud& cloud, const Call& call, const Cancellation* cancel, Diagnostics& diags)
      : cloud_(cloud), operation_(call.operation) {
    Diagnostics scripted;
    reaction = cloud_.Begin(call, cancel, scripted);
    failed = scripted.HasErrors();
    diags.Append(std::move(scripted));
  }
  ~Doing() { cloud_.End(operation_); }
  Doing(const Doing&) = delete;
  Doing& operator=(const Doing&) = delete;

  Reaction reaction;
  bool failed = false;

 private:
  FakeCloud& cloud_;
  const Operation operation_;
};

FakeProvider::FakeProvider(std::shared_ptr<FakeCloud> cloud) : cloud_(std::move(cloud)) {}

void FakeProvider::ValidateProviderConfig(const Value& config, Diagnostics& diags) {
  const Doing doing(*cloud_, {.operation = Operation::kValidateProvider, .config = config}, nullptr,
                    diags);
}

void FakeProvider::ValidateResourceConfig(const std::string& type, const Value& config,
                                          Diagnostics& diags) {
  const Doing doing(*cloud_,
                    {.operation = Operation::kValidateResource, .type = type, .config = config},
                    nullptr, diags);
}

void FakeProvider::ValidateDataConfig(const std::string& type, const Value& config,
                                      Diagnostics& diags) {
  const Doing doing(*cloud_,
                    {.operation = Operation::kValidateData, .type = type, .config = config},
                    nullptr, diags);
}

void FakeProvider::Configure(const Value& config, bool /*offline*/, Diagnostics& diags) {
  const Doing doing(*cloud_, {.operation = Operation::kConfigure, .config = config}, nullptr,
                    diags);
}

Value FakeProvider::UpgradeState(const std::string& type, std::int64_t /*version*/,
                                 const std::string& json, Diagnostics& diags) {
  const Doing doing(*cloud_, {.operation = Operation::kUpgradeState, .type = type}, nullptr, diags);
  const Type wanted = GetSchemas().resources.at(type).block.ImpliedType();
  if (doing.failed) return Value::Null(wanted);
  if (doing.reaction.answer) return *doing.reaction.answer;
  std::string error;
  if (std::optional<Value> value = FromJson(json, wanted, &error)) return *value;
  diags.Add({.summary = "Invalid state", .detail = error});
  return Value::Null(wanted);
}

Object FakeProvider::Read(const std::string& type, const Object& current, Diagnostics& diags) {
  const std::string id = IdOf(current.value);
  const Doing doing(*cloud_,
                    {.operation = Operation::kRead, .type = type, .id = id, .prior = current.value},
                    nullptr, diags);
  if (doing.failed) return current;
  if (doing.reaction.answer) return {*doing.reaction.answer, current.private_bytes};
  const std::optional<Value> found = cloud_->FindObject(type, id);
  return {found ? *found : Value::Null(current.value.type()), current.private_bytes};
}

PlanResponse FakeProvider::Plan(const PlanRequest& request, Diagnostics& diags) {
  const Value& prior = request.prior.value;
  const Doing doing(*cloud_,
                    {.operation = Operation::kPlan,
                     .type = request.type,
                     .id = IdOf(prior),
                     .prior = prior,
                     .planned = request.proposed_new,
                     .config = request.config},
                    nullptr, diags);
  PlanResponse response;
  response.planned.private_bytes = request.prior.private_bytes;
  response.requires_replace = doing.reaction.requires_replace;
  response.create_first = doing.reaction.create_first;
  if (doing.failed) return response;
  if (doing.reaction.answer) {
    response.planned.value = *doing.reaction.answer;
    return response;
  }
  const Value& proposed = request.proposed_new;
  response.planned.value = proposed;
  if (proposed.IsNull()) return response;
  if (prior.IsNull()) {
    response.planned.value = SetUnknowns(GetSchemas().resources.at(request.type).block, proposed);
    return response;
  }
  if (proposed.RawEquals(prior)) return response;
  const std::set<std::string> changing = cloud_->ChangedByUpdate(request.type);
  response.planned.value = Replace(proposed, [&](std::string_view name) -> std::optional<Value> {
    if (!changing.contains(std::string(name))) return std::nullopt;
    return Value::Unknown(proposed.Attribute(name).type());
  });
  for (const std::string& name : cloud_->ForcesNew(request.type)) {
    if (!proposed.Attribute(name).RawEquals(prior.Attribute(name))) {
      response.requires_replace.push_back({PathStep::Attribute(name)});
    }
  }
  return response;
}

ApplyResponse FakeProvider::Apply(const ApplyRequest& request, const Cancellation& cancel,
                                  Diagnostics& diags) {
  const Value& prior = request.prior.value;
  const Value& planned = request.planned.value;
  if (prior.IsNull() && planned.IsNull()) throw std::logic_error("apply of nothing to nothing");
  const Operation operation = prior.IsNull()     ? Operation::kCreate
                              : planned.IsNull() ? Operation::kDelete
                                                 : Operation::kUpdate;
  std::string id = IdOf(prior);
  const Doing doing(*cloud_,
                    {.operation = operation,
                     .type = request.type,
                     .id = id,
                     .prior = prior,
                     .planned = planned,
                     .config = request.config},
                    &cancel, diags);
  const Reaction& reaction = doing.reaction;
  ApplyResponse response{request.prior};  // as it stands if nothing happens
  if (doing.failed && !reaction.takes_effect) {
    if (reaction.answer) response.object.value = *reaction.answer;
    return response;
  }

  if (operation == Operation::kDelete) {
    cloud_->RemoveObject(request.type, id);
    if (!doing.failed) response.object.value = planned;
  } else {
    if (operation == Operation::kCreate) id = cloud_->NewId(request.type);
    const Value made = cloud_->Complete(request.type, id, planned);
    cloud_->PutObject(request.type, id, made);
    if (operation == Operation::kCreate && request.progress &&
        (!doing.failed || reaction.answers)) {
      request.progress({made, request.planned.private_bytes});
    }
    if (!doing.failed || reaction.answers) {
      response.object = {made, request.planned.private_bytes};
    }
  }
  if (reaction.answer) response.object.value = *reaction.answer;
  return response;
}

std::vector<ImportedObject> FakeProvider::Import(const ImportRequest& request, Diagnostics& diags) {
  const Doing doing(*cloud_,
                    {.operation = Operation::kImport, .type = request.type, .id = request.id},
                    nullptr, diags);
  if (doing.failed) return {};
  if (doing.reaction.answer) return {{request.type, {*doing.reaction.answer}}};
  const Value empty = EmptyValue(GetSchemas().resources.at(request.type).block);
  return {{request.type, {Replace(empty, [&](std::string_view name) {
             return name == "id" ? std::optional(Value::String(request.id)) : std::nullopt;
           })}}};
}

Value FakeProvider::ReadData(const std::string& type, const Value& config,
                             const Cancellation& cancel, Diagnostics& diags) {
  const Doing doing(*cloud_, {.operation = Operation::kReadData, .type = type, .config = config},
                    &cancel, diags);
  if (doing.failed) return Value::Null(config.type());
  if (doing.reaction.answer) return *doing.reaction.answer;
  if (const auto answer = cloud_->DataAnswer(type)) return answer(config);
  const Value* name = config.Find("name");
  return cloud_->Complete(type,
                          name == nullptr || name->IsNull() ? type : std::string(name->AsString()),
                          SetUnknowns(GetSchemas().data_sources.at(type).block, config));
}

ResolveResponse FakeProvider::Resolve(const ResolveRequest& request, Diagnostics& diags) {
  const Value& prior = request.prior.value;
  const std::string id = IdOf(prior);
  const Doing doing(*cloud_,
                    {.operation = Operation::kResolve,
                     .type = request.type,
                     .id = id,
                     .prior = prior,
                     .planned = request.planned},
                    nullptr, diags);
  ResolveResponse response;
  using Outcome = ResolveResponse::Outcome;
  if (doing.failed) {
    response.explanation = "The fake provider was told to fail.";
    return response;
  }
  if (!prior.IsNull()) {
    const std::optional<Value> found = cloud_->FindObject(request.type, id);
    response.outcome = Outcome::kFound;
    response.object = {found ? *found : Value::Null(prior.type()), request.prior.private_bytes};
    response.explanation = found ? id + " is still there." : id + " is gone.";
    return response;
  }
  // Sensitive values are not in the request: they agree with anything.
  const BlockSchema& schema = GetSchemas().resources.at(request.type).block;
  std::vector<std::string> candidates;
  for (const auto& [other, object] : cloud_->Objects(request.type)) {
    const auto& known = request.known_ids;
    if (std::find(known.begin(), known.end(), other) != known.end()) continue;
    bool agrees = true;
    for (std::size_t i = 0; i < request.planned.Length() && agrees; ++i) {
      const std::string_view name = request.planned.KeyAt(i);
      const AttributeSchema* attribute = schema.FindAttribute(name);
      if (attribute != nullptr && attribute->sensitive) continue;
      agrees = Agrees(request.planned.elements()[i], object.Attribute(name));
    }
    if (agrees) candidates.push_back(other);
  }
  if (candidates.empty()) {
    response.outcome = Outcome::kNeverHappened;
    response.explanation = "No object like the planned one was found.";
  } else if (candidates.size() > 1) {
    response.explanation = "Several objects fit:";
    for (const std::string& candidate : candidates) response.explanation += " " + candidate;
  } else {
    response.outcome = Outcome::kFound;
    response.object.value = *cloud_->FindObject(request.type, candidates[0]);
    response.explanation = candidates[0] + " fits.";
  }
  return response;
}

std::optional<Object> FakeProvider::MoveState(const std::string& from_provider,
                                              const std::string& from_type, std::int64_t version,
                                              const std::string& json, const std::string& to_type,
                                              Diagnostics& diags) {
  const Doing doing(*cloud_, {.operation = Operation::kMoveState, .type = to_type}, nullptr, diags);
  if (doing.failed) return std::nullopt;
  if (doing.reaction.answer) return Object{*doing.reaction.answer};
  return Provider::MoveState(from_provider, from_type, version, json, to_type, diags);
}

std::optional<Provider::Ephemeral> FakeProvider::OpenEphemeral(const std::string& type,
                                                               const Value& config,
                                                               Diagnostics& diags) {
  const Doing doing(*cloud_, {.operation = Operation::kOpen, .type = type, .config = config},
                    nullptr, diags);
  if (doing.failed) return std::nullopt;
  Ephemeral ephemeral;
  const Value* name = config.Find("name");
  ephemeral.private_bytes =
      name == nullptr || name->IsNull() ? type : std::string(name->AsString());
  ephemeral.result =
      doing.reaction.answer
          ? *doing.reaction.answer
          : cloud_->Complete(type, ephemeral.private_bytes,
                             SetUnknowns(GetSchemas().ephemerals.at(type).block, config));
  return ephemeral;
}

void FakeProvider::RenewEphemeral(const std::string& type, Ephemeral& ephemeral,
                                  Diagnostics& diags) {
  const Doing doing(*cloud_,
                    {.operation = Operation::kRenew, .type = type, .id = ephemeral.private_bytes},
                    nullptr, diags);
}

void FakeProvider::CloseEphemeral(const std::string& type, const Ephemeral& ephemeral,
                                  Diagnostics& diags) {
  const Doing doing(*cloud_,
                    {.operation = Operation::kClose, .type = type, .id = ephemeral.private_bytes},
                    nullptr, diags);
}

void AddTo(Registry& registry, std::shared_ptr<FakeCloud> cloud, const std::string& source) {
  registry.Add(source, "1.0.0",
               [cloud = std::move(cloud)] { return std::make_unique<FakeProvider>(cloud); });
}

}  // namespace tkn::providers::fake
