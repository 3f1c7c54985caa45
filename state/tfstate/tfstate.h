#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "state/store.h"

// Terraform's state file, format version 4, for interchange. What tkn does not know of it is kept
// where it belongs to an object (attributes, private data, check results), numbers exact.
namespace tkn::state {

// nullopt after an error: not JSON, another format version, parts that contradict each other.
// Several errors per run.
std::optional<Snapshot> ParseTfstate(std::string_view json, Diagnostics& diags);

// Byte for byte as Terraform 1.11 lays it out, with the newline at its end.
std::string WriteTfstate(const Snapshot& snapshot);

}  // namespace tkn::state
