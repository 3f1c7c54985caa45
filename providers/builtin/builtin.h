#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "providers/provider.h"

namespace tkn::providers {

// Which state a terraform_remote_state of the local backend asks for.
struct RemoteStateLocation {
  std::string file;          // the file that holds `workspace`, as Terraform lays them out
  std::string default_file;  // the file of the default workspace: `config.path`
  std::string workspace = "default";
  std::string workspace_dir = "terraform.tfstate.d";  // where the files of the other workspaces lie
};

// Outputs of the root module there, unmarked; nullopt without an error: there is no such state.
// Called from any thread. Handed in by the program, since providers know nothing of how states are
// stored.
using RemoteStateReader = std::function<std::optional<std::vector<Value::Entry>>(
    const RemoteStateLocation&, Diagnostics&)>;

// terraform.io/builtin/terraform: the resource type terraform_data and the data source
// terraform_remote_state. Needs no network and no configuration. Any thread may call.
std::unique_ptr<Provider> MakeBuiltinProvider(RemoteStateReader reader);

inline constexpr char kBuiltinProviderSource[] = "terraform.io/builtin/terraform";

}  // namespace tkn::providers
