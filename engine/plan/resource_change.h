#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/plan/change.h"
#include "engine/plan/object_codec.h"
#include "engine/plan/run.h"

namespace tkn::plan {

// The current object of an instance, as a change starts from it.
struct PriorValue {
  DecodedObject object;
  std::string private_bytes{};
  bool is_tainted = false;
  bool is_changed =
      false;  // it is not what the state has: refreshed, or converted from another type
};

struct ChangeRequest {
  const ResourceInModule& resource;
  const Address& address;
  const std::string& text;  // the address
  const Repetition& repetition;
  const PriorValue* prior = nullptr;  // nullptr: there is none
  bool create_before_destroy = false;
  // kReplaceByRequest or kReplaceByTriggers: replace whatever the provider thinks of it.
  ActionReason forced = ActionReason::kNone;
  bool check_conditions = true;
};

struct ComputedChange {
  ResourceChange change;         // without previous address and import
  Value config;                  // unmarked, write-only arguments included: for the provider
  std::vector<PathMarks> marks;  // of change.after
  // The provider wants this replacement to create first, where the request would not have.
  bool wants_overlap = false;
};

// Evaluates the configuration of one managed instance, once, and asks the provider what it would do
// about it; checks the answer. Used when planning and, with what is known by then, again when
// applying. nullopt after an error.
[[nodiscard]] std::optional<ComputedChange> ComputeChange(Run& run, const ChangeRequest& request,
                                                          Diagnostics& diags);

// The change that removes an object: the provider is asked what to keep in its private data.
[[nodiscard]] std::optional<ResourceChange> ComputeDelete(providers::Provider& provider,
                                                          ProviderRef provider_address,
                                                          std::shared_ptr<const Schema> schema,
                                                          const Address& address,
                                                          const PriorValue& prior,
                                                          Diagnostics& diags);

// The error about answers that providers may not give; `problems` one per line.
Diagnostic ProviderMistake(const char* summary, const ProviderConfigAddress& provider,
                           const std::string& address, const std::string& did,
                           const std::vector<std::string>& problems, SourceRange place);

// A configured value for a provider (of the instance at `address`): without marks, which go to
// `marks`. Ephemeral values are errors except in write-only arguments.
[[nodiscard]] std::optional<Value> UnmarkConfig(const Value& config, const Schema& schema,
                                                const config::Resource& block,
                                                const std::string& address,
                                                std::vector<PathMarks>& marks, Diagnostics& diags);

}  // namespace tkn::plan
