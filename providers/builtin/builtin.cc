#include "providers/builtin/builtin.h"

#include <stdexcept>
#include <utility>

#include "engine/value/json.h"
#include "providers/builtin/remote_state.h"
#include "providers/builtin/terraform_data.h"

namespace tkn::providers {
namespace {

class BuiltinProvider : public Provider {
 public:
  explicit BuiltinProvider(RemoteStateReader reader) : reader_(std::move(reader)) {
    schemas_.provider.block.Finish();
    schemas_.resources.emplace("terraform_data", terraform_data::MakeSchema());
    schemas_.data_sources.emplace("terraform_remote_state", remote_state::MakeSchema());
  }

  const Schemas& GetSchemas() const override { return schemas_; }

  void ValidateProviderConfig(const Value& /*config*/, Diagnostics& /*diags*/) override {}
  void ValidateResourceConfig(const std::string& type, const Value& config,
                              Diagnostics& diags) override {
    CheckType(type, "terraform_data");
    terraform_data::Validate(config, diags);
  }
  void ValidateDataConfig(const std::string& type, const Value& config,
                          Diagnostics& diags) override {
    CheckType(type, "terraform_remote_state");
    remote_state::Validate(config, diags);
  }
  void Configure(const Value& /*config*/, bool /*offline*/, Diagnostics& /*diags*/) override {}

  Value UpgradeState(const std::string& type, std::int64_t /*version*/, const std::string& json,
                     Diagnostics& diags) override {
    CheckType(type, "terraform_data");
    const Type wanted = schemas_.resources.at(type).block.ImpliedType();
    std::string error;
    std::optional<Value> value = FromJson(json, wanted, &error);
    if (value) return *value;
    diags.Add({.summary = "Failed to decode the state of a terraform_data",
               .detail = "What the state holds does not fit the resource type: " + error});
    return Value::Null(wanted);
  }

  Object Read(const std::string& type, const Object& current, Diagnostics& /*diags*/) override {
    CheckType(type, "terraform_data");
    return current;
  }
  PlanResponse Plan(const PlanRequest& request, Diagnostics& /*diags*/) override {
    CheckType(request.type, "terraform_data");
    return terraform_data::Plan(request);
  }
  ApplyResponse Apply(const ApplyRequest& request, const Cancellation& /*cancel*/,
                      Diagnostics& /*diags*/) override {
    CheckType(request.type, "terraform_data");
    return terraform_data::Apply(request);
  }
  std::vector<ImportedObject> Import(const ImportRequest& request,
                                     Diagnostics& /*diags*/) override {
    CheckType(request.type, "terraform_data");
    return {terraform_data::Import(request.id)};
  }
  Value ReadData(const std::string& type, const Value& config, const Cancellation& /*cancel*/,
                 Diagnostics& diags) override {
    CheckType(type, "terraform_remote_state");
    return remote_state::Read(config, reader_, diags);
  }

  // Nothing is made outside the state: a call whose answer is lost has had no effect.
  ResolveResponse Resolve(const ResolveRequest& request, Diagnostics& /*diags*/) override {
    CheckType(request.type, "terraform_data");
    ResolveResponse response;
    response.explanation =
        "A terraform_data exists in the state alone, and it was not stored there.";
    if (request.prior.value.IsNull()) {
      response.outcome = ResolveResponse::Outcome::kNeverHappened;
    } else {
      response.outcome = ResolveResponse::Outcome::kFound;
      response.object = request.prior;
      response.explanation = "A terraform_data exists in the state alone, which has it unchanged.";
    }
    return response;
  }

  std::optional<Object> MoveState(const std::string& from_provider, const std::string& from_type,
                                  std::int64_t /*version*/, const std::string& json,
                                  const std::string& to_type, Diagnostics& diags) override {
    CheckType(to_type, "terraform_data");
    return terraform_data::Move(from_provider, from_type, json, diags);
  }

 private:
  static void CheckType(const std::string& type, const char* only) {
    if (type != only) throw std::logic_error("the builtin provider has no type " + type);
  }

  RemoteStateReader reader_;
  Schemas schemas_;
};

}  // namespace

std::unique_ptr<Provider> MakeBuiltinProvider(RemoteStateReader reader) {
  return std::make_unique<BuiltinProvider>(std::move(reader));
}

}  // namespace tkn::providers
