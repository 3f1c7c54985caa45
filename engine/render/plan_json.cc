#include <map>

#include "engine/config/variables.h"
#include "engine/plan/timestamp.h"
#include "engine/render/action_names.h"
#include "engine/render/checks_json.h"
#include "engine/render/config_json.h"
#include "engine/render/document_json.h"
#include "engine/render/state_json.h"
#include "engine/render/value_masks.h"

namespace tkn::render {
namespace {

using plan::Action;
using plan::ResourceChange;

const char* ActionsJson(Action action) {
  switch (action) {
    case Action::kNoOp:
      return "[\"no-op\"]";
    case Action::kCreate:
      return "[\"create\"]";
    case Action::kRead:
      return "[\"read\"]";
    case Action::kUpdate:
      return "[\"update\"]";
    case Action::kDeleteThenCreate:
      return "[\"delete\",\"create\"]";
    case Action::kCreateThenDelete:
      return "[\"create\",\"delete\"]";
    case Action::kDelete:
      return "[\"delete\"]";
    case Action::kForget:
      return "[\"forget\"]";
  }
  return "[]";
}

std::string KnownJson(const Value& value) { return ToJson(KnownPart(value)); }

void WriteChange(const ResourceChange& change, JsonWriter& out) {
  out.BeginObject();
  WriteIdentity(change.address, out);
  if (change.previous_address && *change.previous_address != change.address) {
    out.Key("previous_address").Text(change.previous_address->ToString());
  }
  if (!change.address.module.IsRoot())
    out.Key("module_address").Text(change.address.module.ToString());
  if (!change.deposed_key.empty()) out.Key("deposed").Text(change.deposed_key);
  out.Key("provider_name").Text(change.provider->provider.ToString());
  out.Key("change").BeginObject();
  out.Key("actions").Raw(ActionsJson(change.action));
  out.Key("before").Raw(KnownJson(change.before));
  if (change.after.IsKnown()) out.Key("after").Raw(KnownJson(change.after));
  out.Key("after_unknown").Raw(change.after.IsWhollyKnown() ? "{}" : UnknownMask(change.after));
  out.Key("before_sensitive").Raw(SensitiveMask(change.before));
  out.Key("after_sensitive").Raw(SensitiveMask(change.after));
  if (!change.replace_paths.empty()) {
    out.Key("replace_paths").BeginArray();
    for (const Path& path : change.replace_paths) out.Raw(PathToPlanJson(path));
    out.EndArray();
  }
  if (change.import_id)
    out.Key("importing").BeginObject().Key("id").Text(*change.import_id).EndObject();
  if (!change.generated_config.empty()) out.Key("generated_config").Text(change.generated_config);
  out.EndObject();
  if (const std::string_view reason = ReasonName(change.reason); !reason.empty())
    out.Key("action_reason").Text(reason);
  out.EndObject();
}

void WriteChanges(const std::vector<const ResourceChange*>& changes, std::string_view key,
                  JsonWriter& out) {
  if (changes.empty()) return;
  out.Key(key).BeginArray();
  for (const ResourceChange* change : changes) WriteChange(*change, out);
  out.EndArray();
}

std::string PlannedResource(const ResourceChange& change) {
  JsonWriter out;
  out.BeginObject();
  WriteIdentity(change.address, out);
  out.Key("provider_name").Text(change.provider->provider.ToString());
  out.Key("schema_version").Int(change.schema->version);
  // An object of which nothing is known yet has no values at all.
  const std::string values = change.after.IsNull() ? "{}" : KnownJson(change.after);
  if (values != "{}") out.Key("values").Raw(values);
  out.Key("sensitive_values").Raw(SensitiveMask(change.after));
  out.EndObject();
  return out.text();
}

void WritePlannedValues(const plan::Plan& plan, JsonWriter& out) {
  out.Key("planned_values").BeginObject();
  bool any = false;
  for (const plan::OutputChange& output : plan.outputs) {
    if (output.action == Action::kDelete) continue;
    if (!any) out.Key("outputs").BeginObject();
    any = true;
    out.Key(output.name).BeginObject();
    out.Key("sensitive").Bool(output.sensitive);
    if (output.after.IsWhollyKnown()) {
      out.Key("type").Raw(output.after.type().ToJson());
      out.Key("value").Raw(KnownJson(output.after));
    }
    out.EndObject();
  }
  if (any) out.EndObject();
  std::vector<ResourceJson> resources;
  for (const ResourceChange& change : plan.changes.all()) {
    if (change.action == Action::kDelete || !change.deposed_key.empty()) continue;
    resources.push_back({change.address, PlannedResource(change)});
  }
  out.Key("root_module");
  WriteModules(std::move(resources), out);
  out.EndObject();
}

void WriteOutputChanges(const plan::Plan& plan, JsonWriter& out) {
  if (plan.outputs.empty()) return;
  out.Key("output_changes").BeginObject();
  for (const plan::OutputChange& output : plan.outputs) {
    out.Key(output.name).BeginObject();
    out.Key("actions").Raw(ActionsJson(output.action));
    out.Key("before").Raw(KnownJson(output.before));
    if (output.after.IsKnown()) out.Key("after").Raw(KnownJson(output.after));
    out.Key("after_unknown")
        .Raw(output.after.IsWhollyKnown() ? "false" : UnknownMask(output.after));
    out.Key("before_sensitive").Bool(output.sensitive);
    out.Key("after_sensitive").Bool(output.sensitive);
    out.EndObject();
  }
  out.EndObject();
}

void WritePriorState(const plan::Plan& plan, const plan::Schemas& schemas, JsonWriter& out,
                     Diagnostics& diags) {
  if (plan.prior_state->objects.empty() && plan.prior_state->outputs.empty()) return;
  out.Key("prior_state");
  WriteState(*plan.prior_state, schemas, /*with_checks=*/false, out, diags);
}

// Every variable of the root module with the value that the module sees.
void WriteVariables(const plan::Plan& plan, const config::Module& root, JsonWriter& out) {
  std::map<std::string_view, const config::Variable*> sorted;
  for (const config::Variable& variable : root.variables) {
    if (!variable.ephemeral) sorted.emplace(variable.name, &variable);
  }
  if (sorted.empty()) return;
  out.Key("variables").BeginObject();
  for (const auto& [name, variable] : sorted) {
    const auto given = plan.variables.find(std::string(name));
    const config::VariableInput input{
        .origin = config::VariableOrigin::kPlan,
        .value = given == plan.variables.end() ? Value() : given->second.value};
    Diagnostics ignored;
    const Value value = config::PrepareVariable(
        *variable, given == plan.variables.end() ? nullptr : &input, ignored);
    out.Key(name).BeginObject();
    if (value.IsWhollyKnown()) out.Key("value").Raw(KnownJson(value));
    out.EndObject();
  }
  out.EndObject();
}

}  // namespace

std::string PlanJson(const plan::Plan& plan, const config::ModuleTree& config,
                     const plan::Schemas& schemas, Diagnostics& diags) {
  JsonWriter out;
  out.BeginObject();
  out.Key("format_version").Text("1.2");
  out.Key("terraform_version").Text(plan.terraform_version);
  WriteVariables(plan, *config.root().module, out);
  WritePlannedValues(plan, out);
  std::vector<const ResourceChange*> drift;
  for (const plan::DriftChange& change : plan.drift) {
    // Mere moves are told with the changes, unless there are none by nature.
    if (change.change.action == Action::kNoOp && plan.mode != plan::Mode::kRefreshOnly) continue;
    drift.push_back(&change.change);
  }
  WriteChanges(drift, "resource_drift", out);
  std::vector<const ResourceChange*> changes;
  for (const ResourceChange& change : plan.changes.all()) changes.push_back(&change);
  WriteChanges(changes, "resource_changes", out);
  WriteOutputChanges(plan, out);
  WritePriorState(plan, schemas, out, diags);
  out.Key("configuration");
  WriteConfiguration(config, schemas, out);
  if (!plan.relevant_attributes.empty()) {
    out.Key("relevant_attributes").BeginArray();
    for (const auto& relevant : plan.relevant_attributes) {
      out.BeginObject();
      out.Key("resource").Text(relevant.resource);
      out.Key("attribute").Raw(PathToPlanJson(relevant.path));
      out.EndObject();
    }
    out.EndArray();
  }
  WriteChecks(plan.checks, out);
  out.Key("timestamp").Text(plan::Rfc3339(plan.created_unix_seconds));
  out.Key("applyable").Bool(plan.applyable);
  out.Key("complete").Bool(plan.complete);
  out.Key("errored").Bool(plan.errored);
  out.EndObject();
  return out.text();
}

}  // namespace tkn::render
