#pragma once

#include <string>

#include "providers/provider.h"

// The resource type terraform_data: keeps a value, and is replaced when `triggers_replace` changes.
// There is no remote object behind it, so all of it is a function of configuration and prior state.
namespace tkn::providers::terraform_data {

Schema MakeSchema();
void Validate(const Value& config, Diagnostics& diags);
PlanResponse Plan(const PlanRequest& request);
ApplyResponse Apply(const ApplyRequest& request);
ImportedObject Import(const std::string& id);
// From null_resource of hashicorp/null only: its triggers become `triggers_replace`.
std::optional<Object> Move(const std::string& from_provider, const std::string& from_type,
                           const std::string& json, Diagnostics& diags);

}  // namespace tkn::providers::terraform_data
