#include "cli/commands/commands.h"
#include "cli/state_access.h"

namespace tkn::cli {

const char* const kTaintHelp = R"(
taint [options] ADDR

  Marks a resource instance as not fully functional: the next apply replaces
  it. "tkn apply -replace=ADDR" does it in one step, with a plan to review.

Options:
  -allow-missing         Succeed even if there is no such instance.
  -lock=false, -lock-timeout=0s, -state=FILE   As for plan.
)";

const char* const kUntaintHelp = R"(
untaint [options] ADDR

  Takes back what taint, or a creation that failed half way, said about a
  resource instance: the next apply does not replace it.

Options:
  -allow-missing         Succeed even if there is no such instance.
  -lock=false, -lock-timeout=0s, -state=FILE   As for plan.
)";

namespace {

int SetStatus(Session& session, const std::vector<std::string>& words, state::ObjectStatus status) {
  const bool taint = status == state::ObjectStatus::kTainted;
  FlagSet flags;
  StateFlags state_flags;
  bool allow_missing = false;
  state_flags.Register(flags);
  flags.Bool("allow-missing", &allow_missing);
  std::vector<std::string> arguments;
  if (!session.ParseWords(flags, words, arguments,
                          {1, 1,
                           taint ? "The taint command expects exactly one argument."
                                 : "The untaint command expects exactly one argument."})) {
    return 1;
  }
  Diagnostics diags;
  const auto address = ParseAddressArgument(session, arguments[0], "", diags);
  if (!address) return session.Finish(std::move(diags));
  if (address->resource.mode != ResourceMode::kManaged) {
    session.terminal().Error("Resource instance " + address->ToString() + " cannot be " +
                             (taint ? "tainted" : "untainted") + "\n");
    return 1;
  }
  const auto state = OpenStateForChange(session, state_flags, diags, {TargetOf(*address)});
  if (!state) return session.Finish(std::move(diags));
  const state::StoredObject* object = state.snapshot->Find(*address);
  if (!object) {
    diags.Add({.severity = allow_missing ? Severity::kWarning : Severity::kError,
               .summary = "No such resource instance",
               .detail = address->ToString() + " is not in the state, so there is nothing to " +
                         (taint ? "taint" : "untaint") +
                         ". \"tkn state list\" shows what there is."});
    return session.Finish(std::move(diags));
  }
  if (!taint && object->status != state::ObjectStatus::kTainted) {
    diags.Add(
        {.summary = "Resource instance is not tainted",
         .detail =
             address->ToString() +
             " is fully functional as far as the state knows: there is nothing to take back."});
    return session.Finish(std::move(diags));
  }
  state::StateStore::Change change;
  change.put.push_back(*object);
  change.put.back().status = status;
  if (!ChangeState(session, *state.store, change, diags)) return session.Finish(std::move(diags));
  session.terminal().Out("Resource instance " + address->ToString() + " has been " +
                         (taint ? "marked as tainted.\n" : "successfully untainted.\n"));
  return session.Finish(std::move(diags));
}

}  // namespace

int RunTaint(Session& session, const std::vector<std::string>& words) {
  return SetStatus(session, words, state::ObjectStatus::kTainted);
}

int RunUntaint(Session& session, const std::vector<std::string>& words) {
  return SetStatus(session, words, state::ObjectStatus::kReady);
}

}  // namespace tkn::cli
