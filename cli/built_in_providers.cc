#include "cli/built_in_providers.h"

#include "cli/log.h"
#include "cli/version.h"
#include "engine/value/json.h"
#include "providers/builtin/builtin.h"
#include "providers/linode/linode_provider.h"
#include "state/open.h"

namespace tkn::cli {
namespace {

// What terraform_remote_state reads, through the stores.
std::optional<std::vector<Value::Entry>> ReadRemoteState(
    const providers::RemoteStateLocation& location, Diagnostics& diags) {
  const auto outputs =
      state::ReadOutputs(location.default_file, location.workspace, location.workspace_dir, diags);
  if (!outputs) return std::nullopt;
  std::vector<Value::Entry> values;
  for (const state::StoredOutput& output : *outputs) {
    std::string error;
    const auto type = TypeFromJson(output.type_json, &error);
    const auto value = type ? FromJson(output.value_json, *type, &error) : std::nullopt;
    if (!value) {
      diags.Add({.summary = "Unable to read remote state",
                 .detail = "Output \"" + output.name + "\" in \"" + location.default_file +
                           "\" does not fit its type: " + error});
      return std::nullopt;
    }
    values.emplace_back(output.name, *value);
  }
  return values;
}

}  // namespace

void AddBuiltInProviders(providers::Registry& registry) {
  registry.Add(providers::kBuiltinProviderSource, "",
               [] { return providers::MakeBuiltinProvider(ReadRemoteState); });
  registry.Add(linode::kSource, kVersion,
               linode::MakeFactory({.version = kVersion, .log = DebugLog("provider.linode")}));
}

}  // namespace tkn::cli
