#include "providers/builtin/remote_state.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "engine/value/convert.h"

namespace tkn::providers::remote_state {
namespace {

// Backends of Terraform 1.11 that keep a state somewhere else than in a file.
constexpr std::array<std::string_view, 12> kOtherBackends = {
    "azurerm", "cloud",      "consul", "cos", "gcs",    "http",
    "inmem",   "kubernetes", "oss",    "pg",  "remote", "s3"};
// Dropped by Terraform 1.3.
constexpr std::array<std::string_view, 6> kRemovedBackends = {"artifactory", "azure", "etcd",
                                                              "etcdv3",      "manta", "swift"};

void AddError(Diagnostics& diags, const char* attribute, std::string summary, std::string detail) {
  diags.Add(
      {.summary = std::move(summary), .detail = std::move(detail), .attribute_path = attribute});
}

bool IsGiven(const Value& value) { return value.IsKnown() && !value.IsNull(); }

// nullopt: not known yet, or wrong (then `diags` says so).
struct LocalConfig {
  std::string path = "terraform.tfstate";
  std::string workspace_dir = "terraform.tfstate.d";
};

std::optional<LocalConfig> DecodeLocal(const Value& config, Diagnostics& diags) {
  LocalConfig local;
  if (!config.IsKnown()) return std::nullopt;
  if (config.IsNull()) return local;
  static constexpr char kSummary[] = "Invalid backend configuration";
  const std::string prefix = "The backend \"local\" can't be set up from \"config\": ";
  if (!config.type().IsObject() && !config.type().IsMap()) {
    AddError(diags, ".config", kSummary,
             prefix + "an object with \"path\" and \"workspace_dir\" is required.");
    return std::nullopt;
  }
  bool complete = true;
  for (std::size_t i = 0; i < config.Length(); ++i) {
    const std::string_view key = config.KeyAt(i);
    if (key != "path" && key != "workspace_dir") {
      AddError(diags, ".config", kSummary,
               prefix + "it has no argument \"" + std::string(key) +
                   "\", only \"path\" and \"workspace_dir\".");
      complete = false;
      continue;
    }
    const Value& value = config.elements()[i];
    if (!value.IsKnown()) {
      complete = false;
      continue;
    }
    if (value.IsNull()) continue;
    ConversionError error;
    const std::optional<Value> text = Convert(value, Type::String(), &error);
    if (!text) {
      AddError(diags, ".config", kSummary,
               prefix + "\"" + std::string(key) + "\" must be a string.");
      complete = false;
      continue;
    }
    // An empty text means "as if it were not given", as in Terraform.
    if (text->AsString().empty()) continue;
    (key == "path" ? local.path : local.workspace_dir) = text->AsString();
  }
  return complete ? std::optional(local) : std::nullopt;
}

// False: `diags` says why, or the name is not known yet.
bool CheckBackendName(const Value& backend, Diagnostics& diags) {
  if (!backend.IsKnown()) return false;
  static constexpr char kSummary[] = "Invalid backend configuration";
  if (backend.IsNull()) {
    AddError(diags, ".backend", kSummary,
             "\"backend\" is null. Name the backend that keeps the state, such as \"local\".");
    return false;
  }
  const std::string_view name = backend.AsString();
  if (name == "local") return true;
  const std::string quoted = "\"" + std::string(name) + "\"";
  if (std::find(kOtherBackends.begin(), kOtherBackends.end(), name) != kOtherBackends.end()) {
    return true;
  }
  if (std::find(kRemovedBackends.begin(), kRemovedBackends.end(), name) != kRemovedBackends.end()) {
    AddError(diags, ".backend", kSummary,
             "The backend " + quoted + " is no longer part of Terraform since version 1.3.");
    return false;
  }
  AddError(diags, ".backend", kSummary, "There is no backend type named " + quoted + ".");
  return false;
}

}  // namespace

Schema MakeSchema() {
  Schema schema;
  schema.block.attributes = {
      {.name = "backend",
       .type = Type::String(),
       .required = true,
       .description = "Which backend keeps the state, e.g. `local`."},
      {.name = "config",
       .type = Type::Dynamic(),
       .optional = true,
       .description = "Settings of that backend, as in its `backend` block."},
      {.name = "defaults",
       .type = Type::Dynamic(),
       .optional = true,
       .description = "Values for outputs that the state does not have."},
      {.name = "outputs",
       .type = Type::Dynamic(),
       .computed = true,
       .description = "The root module's outputs in that state, as one object."},
      {.name = "workspace",
       .type = Type::String(),
       .optional = true,
       .description = "Which workspace to read, where the backend has several."},
  };
  schema.block.Finish();
  return schema;
}

void Validate(const Value& config, Diagnostics& diags) {
  const Value backend = config.Attribute("backend");
  if (CheckBackendName(backend, diags) && backend.AsString() == "local") {
    DecodeLocal(config.Attribute("config"), diags);
  }
  const Value defaults = config.Attribute("defaults");
  if (IsGiven(defaults) && !defaults.type().IsObject() && !defaults.type().IsMap()) {
    AddError(diags, ".defaults", "Invalid default values",
             "\"defaults\" must be an object: a value for each output that may be missing.");
  }
}

Value Read(const Value& config, const RemoteStateReader& reader, Diagnostics& diags) {
  const Value failed = Value::Null(config.type());
  Diagnostics ours;
  Validate(config, ours);
  const bool invalid = ours.HasErrors();
  diags.Append(std::move(ours));
  if (invalid) return failed;

  const Value backend = config.Attribute("backend");
  if (backend.AsString() != "local") {
    AddError(diags, ".backend", "Unsupported backend",
             "tkn can't read a state through the backend \"" + std::string(backend.AsString()) +
                 "\"; only \"local\" is offered here. Copy the state into a file (`terraform state "
                 "pull`) and read that.");
    return failed;
  }
  const std::optional<LocalConfig> local = DecodeLocal(config.Attribute("config"), diags);
  if (!local) return failed;

  RemoteStateLocation location{
      .file = local->path, .default_file = local->path, .workspace_dir = local->workspace_dir};
  const Value workspace = config.Attribute("workspace");
  if (IsGiven(workspace) && !workspace.AsString().empty() && workspace.AsString() != "default") {
    location.workspace = workspace.AsString();
    location.file = local->workspace_dir + "/" + location.workspace + "/terraform.tfstate";
  }

  Diagnostics reading;
  const std::optional<std::vector<Value::Entry>> found = reader(location, reading);
  const bool reading_failed = reading.HasErrors();
  diags.Append(std::move(reading));
  if (reading_failed) return failed;
  if (!found) {
    AddError(diags, location.workspace == "default" ? "" : ".workspace",
             "Unable to find remote state",
             "There is no state of the workspace \"" + location.workspace + "\" at \"" +
                 location.file + "\". It appears once the other configuration has been applied.");
    return failed;
  }

  std::vector<Value::Entry> outputs;
  if (const Value defaults = config.Attribute("defaults"); IsGiven(defaults)) {
    for (std::size_t i = 0; i < defaults.Length(); ++i) {
      outputs.emplace_back(defaults.KeyAt(i), defaults.elements()[i]);
    }
  }
  for (const Value::Entry& output : *found) {
    const auto same = std::find_if(outputs.begin(), outputs.end(),
                                   [&](const Value::Entry& e) { return e.first == output.first; });
    if (same == outputs.end()) {
      outputs.push_back(output);
    } else {
      same->second = output.second;
    }
  }
  return Value::Object({{"backend", backend},
                        {"config", config.Attribute("config")},
                        {"defaults", config.Attribute("defaults")},
                        {"outputs", Value::Object(std::move(outputs))},
                        {"workspace", workspace}});
}

}  // namespace tkn::providers::remote_state
