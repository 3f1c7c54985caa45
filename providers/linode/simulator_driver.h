#pragma once

#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "providers/linode/record.h"
#include "providers/linode/resource.h"
#include "providers/linode/simulator_process.h"

namespace tkn::linode::testing {

using providers::Provider;

// Plans and applies as the engine does, one object at a time.
struct Driver {
  SimulatorProcess& sim;
  std::unique_ptr<Provider> provider = sim.MakeProvider();
  Cancellation cancel{};
  Diagnostics diags{};

  const BlockSchema& Schema(const std::string& type) {
    return provider->GetSchemas().resources.at(type).block;
  }
  Value Config(const std::string& type, const std::map<std::string, Value>& given) {
    Record record(Schema(type).ImpliedType(), EmptyValue(Schema(type)));
    for (const auto& [name, value] : given) record.Set(name, value);
    return record.ToValue();
  }
  PlanResponse Plan(const std::string& type, const Value& prior, const Value& config) {
    return provider->Plan({type, {prior}, ProposedNew(Schema(type), prior, config), config}, diags);
  }
  ApplyResponse Apply(const std::string& type, const Value& prior, const Value& config) {
    const PlanResponse plan = Plan(type, prior, config);
    const ApplyResponse response =
        provider->Apply({type, {prior}, plan.planned, config, {}}, cancel, diags);
    if (!diags.HasErrors()) {
      if (!response.legacy_type_system) {
        CHECK(CheckApplied(Schema(type), plan.planned.value, response.object.value) ==
              std::vector<std::string>{});
      }
      CHECK(CheckConforms(response.object.value, Schema(type).ImpliedType()) ==
            std::vector<std::string>{});
    }
    return response;
  }
  Value Create(const std::string& type, const std::map<std::string, Value>& given) {
    return Apply(type, Value::Null(Schema(type).ImpliedType()), Config(type, given)).object.value;
  }
  Value Read(const std::string& type, const Value& object) {
    return provider->Read(type, {object}, diags).value;
  }
  Value Delete(const std::string& type, const Value& object) {
    const Value nothing = Value::Null(object.type());
    return provider->Apply({type, {object}, {nothing}, nothing, {}}, cancel, diags).object.value;
  }
  Value ReadData(const std::string& type, const std::map<std::string, Value>& given) {
    const BlockSchema& schema = provider->GetSchemas().data_sources.at(type).block;
    Record record(schema.ImpliedType(), EmptyValue(schema));
    for (const auto& [name, value] : given) record.Set(name, value);
    const Value config = record.ToValue();
    provider->ValidateDataConfig(type, config, diags);
    if (diags.HasErrors()) return Value::Null(schema.ImpliedType());
    return provider->ReadData(type, config, cancel, diags);
  }
  std::string Problems() {
    std::string all;
    for (const Diagnostic& diag : diags) all += diag.summary + ": " + diag.detail + "\n";
    return all;
  }
};

}  // namespace tkn::linode::testing
