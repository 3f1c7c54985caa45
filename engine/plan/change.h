#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/address/address.h"
#include "engine/schema/schema.h"
#include "engine/value/path.h"
#include "engine/value/value.h"

namespace tkn::plan {

enum class Action : std::uint8_t {
  kNoOp,
  kCreate,
  kRead,
  kUpdate,
  kDeleteThenCreate,
  kCreateThenDelete,
  kDelete,
  kForget,
};
inline bool IsReplace(Action a) {
  return a == Action::kDeleteThenCreate || a == Action::kCreateThenDelete;
}

// Why this action: Terraform's "action_reason" in JSON plans, and the words in the text.
enum class ActionReason : std::uint8_t {
  kNone,
  kReplaceBecauseTainted,
  kReplaceByRequest,
  kReplaceByTriggers,
  kReplaceBecauseCannotUpdate,
  kDeleteBecauseNoResourceConfig,
  kDeleteBecauseNoMoveTarget,
  kDeleteBecauseWrongRepetition,
  kDeleteBecauseCountIndex,
  kDeleteBecauseEachKey,
  kDeleteBecauseNoModule,
  kReadBecauseConfigUnknown,
  kReadBecauseDependencyPending,
  kReadBecauseCheckNested,
};

// What happens to one object. `before` and `after` carry their marks (schema's sensitive attributes
// included) and are null where there is no object; `after` holds unknowns for what only apply will
// tell.
struct ResourceChange {
  Address address;
  std::optional<Address> previous_address{};  // it was moved from there
  std::string deposed_key{};                  // "" for the current object
  ProviderRef provider{};
  Action action = Action::kNoOp;
  ActionReason reason = ActionReason::kNone;
  Value before{};
  Value after{};
  std::vector<Path> replace_paths{};  // attributes that force the replacement
  std::optional<std::string> import_id{};
  std::string generated_config{};          // of -generate-config-out
  std::string private_bytes{};             // planned, for the provider
  std::shared_ptr<const Schema> schema{};  // that `before` and `after` conform to
};

// What refresh found changed outside of tkn, against the state before the plan.
struct DriftChange {
  ResourceChange change;  // kUpdate, kDelete, or kNoOp with previous_address for pure moves
};

struct OutputChange {
  std::string name;
  Action action = Action::kNoOp;  // NoOp, Create, Update, Delete
  Value before;                   // null: there was none
  Value after;
  bool sensitive = false;
};

enum class CheckStatus : std::uint8_t { kUnknown, kPass, kFail, kError };
enum class CheckKind : std::uint8_t { kResource, kOutput, kCheckBlock, kInputVariable };

// Conditions of one object, instance by instance, as Terraform reports "checks".
struct CheckResult {
  CheckKind kind = CheckKind::kResource;
  ModulePath module;
  std::string name;  // "linode_token.a", "output.x", "check.y", "var.z" within the module
  CheckStatus status = CheckStatus::kUnknown;
  struct Instance {
    std::string address;  // of the checked object, with instance keys
    CheckStatus status = CheckStatus::kUnknown;
    std::vector<std::string> problems{};
  };
  std::vector<Instance> instances{};
};

}  // namespace tkn::plan
