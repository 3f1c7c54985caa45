#pragma once

#include <set>
#include <string>

#include "engine/config/config.h"
#include "engine/plan/plan.h"
#include "engine/plan/schemas.h"
#include "parser/source.h"
#include "state/store.h"

// The JSON documents that programs read: Terraform's formats, to the letter. They hold secrets, as
// there.
namespace tkn::render {

// `show -json PLAN`, format 1.2. `config` is what was planned.
std::string PlanJson(const plan::Plan& plan, const config::ModuleTree& config,
                     const plan::Schemas& schemas, Diagnostics& diags);
// `show -json`, format 1.0.
std::string StateJson(const state::Snapshot& snapshot, const plan::Schemas& schemas,
                      Diagnostics& diags);
// `validate -json`, format 1.0.
std::string ValidateJson(const Diagnostics& diags, const SourceMap& sources);
// `providers schema -json`, format 1.0, of the providers that the configuration uses.
std::string ProviderSchemasJson(const config::ModuleTree& config,
                                const std::set<ProviderSource>& in_state,
                                const plan::Schemas& schemas);

}  // namespace tkn::render
