#pragma once

#include "providers/builtin/builtin.h"

// The data source terraform_remote_state: root outputs of another configuration's state. Reads the
// backend "local"; other backends that Terraform knows are named as such and refused when read.
namespace tkn::providers::remote_state {

Schema MakeSchema();
void Validate(const Value& config, Diagnostics& diags);
Value Read(const Value& config, const RemoteStateReader& reader, Diagnostics& diags);

}  // namespace tkn::providers::remote_state
