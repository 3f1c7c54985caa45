#include "engine/render/action_names.h"

namespace tkn::render {

using plan::ActionReason;

std::string_view ReasonName(ActionReason reason) {
  switch (reason) {
    case ActionReason::kNone:
      return "";
    case ActionReason::kReplaceBecauseTainted:
      return "replace_because_tainted";
    case ActionReason::kReplaceByRequest:
      return "replace_by_request";
    case ActionReason::kReplaceByTriggers:
      return "replace_by_triggers";
    case ActionReason::kReplaceBecauseCannotUpdate:
      return "replace_because_cannot_update";
    case ActionReason::kDeleteBecauseNoResourceConfig:
      return "delete_because_no_resource_config";
    case ActionReason::kDeleteBecauseNoMoveTarget:
      return "delete_because_no_move_target";
    case ActionReason::kDeleteBecauseWrongRepetition:
      return "delete_because_wrong_repetition";
    case ActionReason::kDeleteBecauseCountIndex:
      return "delete_because_count_index";
    case ActionReason::kDeleteBecauseEachKey:
      return "delete_because_each_key";
    case ActionReason::kDeleteBecauseNoModule:
      return "delete_because_no_module";
    case ActionReason::kReadBecauseConfigUnknown:
      return "read_because_config_unknown";
    case ActionReason::kReadBecauseDependencyPending:
      return "read_because_dependency_pending";
    case ActionReason::kReadBecauseCheckNested:
      return "read_because_check_nested";
  }
  return "";
}

std::string_view StreamReasonName(ActionReason reason) {
  switch (reason) {
    case ActionReason::kReplaceBecauseTainted:
      return "tainted";
    case ActionReason::kReplaceByRequest:
      return "requested";
    case ActionReason::kReplaceByTriggers:
      return "replace_triggered_by";
    case ActionReason::kReplaceBecauseCannotUpdate:
      return "cannot_update";
    default:
      return ReasonName(reason);
  }
}

}  // namespace tkn::render
