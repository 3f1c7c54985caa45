#pragma once

#include <optional>

#include "engine/plan/object_codec.h"
#include "engine/plan/run.h"

namespace tkn::plan {

// What a data block asks for, without its marks.
struct DataConfig {
  Value value;
  std::vector<PathMarks> marks{};
};

// Evaluates the block's body for one instance and lets the provider check it. nullopt after an
// error.
[[nodiscard]] std::optional<DataConfig> DecodeDataConfig(Run& run, const ResourceInModule& resource,
                                                         const Address& address,
                                                         const Repetition& repetition,
                                                         Diagnostics& diags);

// Asks the provider. The configuration must be known. nullopt after an error.
[[nodiscard]] std::optional<DecodedObject> ReadDataSource(Run& run,
                                                          const ResourceInModule& resource,
                                                          const Address& address,
                                                          const DataConfig& config,
                                                          Diagnostics& diags);

// As stored in the state.
state::StoredObject StoredDataObject(const ResourceInModule& resource, const Address& address,
                                     const DecodedObject& object);

}  // namespace tkn::plan
