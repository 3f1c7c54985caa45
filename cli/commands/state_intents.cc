#include <algorithm>
#include <ctime>

#include "cli/commands/commands.h"
#include "cli/operation.h"
#include "cli/state_access.h"
#include "engine/plan/timestamp.h"
#include "engine/render/json_writer.h"

namespace tkn::cli {

const char* const kStateIntentsHelp = R"(
state intents [options]

  Lists what was announced to providers and not answered, because a run was
  killed or a connection was cut: what was under way, since when, what is
  known of it, and what the next plan will do about it.

Options:
  -resolve               Ask the providers now, as the next plan would.
  -forget=ADDR           Declare that nothing is left of the call at ADDR that
                         the state does not know: it never happened, or you
                         have removed what it made.
  -auto-approve          With -forget: don't ask.
  -json                  As JSON.
  -lock=false, -lock-timeout=0s, -state=FILE, -var, -var-file   As for plan.
)";

namespace {

using state::Intent;
using state::IntentAction;

std::string NameOf(const Intent& intent) {
  std::string name = intent.object.address.ToString();
  if (!intent.object.deposed_key.empty())
    name += " (deposed object " + intent.object.deposed_key + ")";
  return name;
}

std::string Known(const Intent& intent) {
  switch (intent.action) {
    case IntentAction::kCreate:
      return intent.object_is_stored
                 ? "The object exists: it is in the state, marked as tainted. Whether it was "
                   "finished is not known."
                 : "The request may or may not have reached the provider.";
    case IntentAction::kUpdate:
      return "The object is in the state as it was before. The change may or may not have been "
             "made.";
    case IntentAction::kDelete:
      return "The object is still in the state. It may or may not be gone.";
  }
  return {};
}

std::string NextPlan(const Intent& intent) {
  switch (intent.action) {
    case IntentAction::kCreate:
      return intent.object_is_stored
                 ? "It reads the object; the object stays tainted, and its replacement is proposed."
                 : "It looks for the object at the provider. Found, it goes into the state, marked "
                   "as tainted, since what only the answer told is lost; not found, the call is "
                   "forgotten; if several could be it, you are asked.";
    case IntentAction::kUpdate:
      return "It reads the object as it is now into the state, and proposes what is still to be "
             "done.";
    case IntentAction::kDelete:
      return "It looks whether the object is gone. If so, it leaves the state; if not, its "
             "deletion "
             "is proposed again.";
  }
  return {};
}

std::string Age(std::int64_t seconds) {
  if (seconds < 120) return std::to_string(std::max<std::int64_t>(seconds, 0)) + " seconds";
  if (seconds < 7200) return std::to_string(seconds / 60) + " minutes";
  if (seconds < 172800) return std::to_string(seconds / 3600) + " hours";
  return std::to_string(seconds / 86400) + " days";
}

std::string IntentsText(const std::vector<Intent>& intents, const render::TextStyle& style) {
  if (intents.empty()) return "No calls are open: it is known what became of everything.\n";
  std::string out;
  const std::int64_t now = std::time(nullptr);
  for (const Intent& intent : intents) {
    out += style.Bold(NameOf(intent) + ": " + ToText(intent.action)) + "\n";
    out += "  since:     " + plan::Rfc3339(intent.started_unix_seconds) + " (" +
           Age(now - intent.started_unix_seconds) + " ago), serial " +
           std::to_string(intent.serial) + "\n";
    out += "  provider:  " + intent.provider->ToString() + "\n";
    if (intent.action != IntentAction::kDelete) out += "  planned:   " + intent.planned_json + "\n";
    out += "  known:     " + Known(intent) + "\n";
    out += "  next plan: " + NextPlan(intent) + "\n";
  }
  return out;
}

std::string IntentsJson(const std::vector<Intent>& intents) {
  render::JsonWriter out;
  out.BeginArray();
  for (const Intent& intent : intents) {
    out.BeginObject();
    out.Key("address").Text(intent.object.address.ToString());
    if (!intent.object.deposed_key.empty()) out.Key("deposed").Text(intent.object.deposed_key);
    out.Key("action").Text(ToText(intent.action));
    out.Key("provider").Text(intent.provider->ToString());
    out.Key("started").Text(plan::Rfc3339(intent.started_unix_seconds));
    out.Key("serial").Int(static_cast<std::int64_t>(intent.serial));
    out.Key("planned").Raw(intent.planned_json);
    out.Key("object_is_stored").Bool(intent.object_is_stored);
    out.Key("known").Text(Known(intent));
    out.Key("next_plan").Text(NextPlan(intent));
    out.EndObject();
  }
  out.EndArray();
  return out.text() + "\n";
}

int Forget(Session& session, const StateFlags& flags, const std::string& address_text,
           bool auto_approve) {
  Diagnostics diags;
  const auto address = ParseAddressArgument(session, address_text, "", diags);
  if (!address) return session.Finish(std::move(diags));
  const auto state = OpenStateForChange(session, flags, diags);
  if (!state) return session.Finish(std::move(diags));
  std::vector<Intent> intents = state.store->OpenIntents(diags);
  std::erase_if(intents, [&](const Intent& i) { return i.object.address != *address; });
  if (intents.empty()) {
    diags.Add({.summary = "No such intent",
               .detail = "No call is open at " + address->ToString() +
                         ". \"tkn state intents\" shows those there are."});
    return session.Finish(std::move(diags));
  }
  Terminal& terminal = session.terminal();
  terminal.Out(IntentsText(intents, session.style()));
  if (!auto_approve) {
    const auto answer = terminal.Ask(
        "\nForget about this?\n  If an object exists that the state does not know, nobody manages "
        "it from now on.\n  Only 'yes' will be accepted to confirm.\n\n  Enter a value: ");
    terminal.Out("\n");
    if (answer != "yes") {
      terminal.Error("Nothing was forgotten.\n");
      return 1;
    }
  }
  if (!state.store->BeginOperation({.command = "state intents -forget"}, diags))
    return session.Finish(std::move(diags));
  bool ok = true;
  for (const Intent& intent : intents)
    ok = ok && state.store->Commit({.ends_intent = intent.id}, diags);
  if (ok && state.store->FinishOperation(diags))
    terminal.Out("Forgotten: " + std::to_string(intents.size()) + " call(s).\n");
  return session.Finish(std::move(diags));
}

bool Resolve(Session& session, const StateFlags& flags, const VariableFlags& variables,
             Diagnostics& diags) {
  Operation operation(session);
  return operation.LoadConfiguration("Asking the providers", diags) &&
         operation.LoadVariables(variables, false, diags) &&
         operation.OpenState(flags, Operation::Access::kWrite, diags) &&
         operation.Lock("OperationTypePlan", flags, diags) &&
         operation.ResolveIntents(flags, false, diags, /*undecided_may_stay=*/true);
}

}  // namespace

int RunStateIntents(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  StateFlags state_flags;
  VariableFlags variable_flags;
  bool json = false;
  bool resolve = false;
  bool auto_approve = false;
  std::string forget;
  state_flags.Register(flags);
  variable_flags.Register(flags);
  flags.Bool("json", &json);
  flags.Bool("resolve", &resolve);
  flags.Bool("auto-approve", &auto_approve);
  flags.String("forget", &forget);
  std::vector<std::string> arguments;
  if (!session.ParseFlags(flags, words, arguments)) return 1;
  if (!forget.empty()) return Forget(session, state_flags, forget, auto_approve);
  Diagnostics diags;
  if (resolve && !Resolve(session, state_flags, variable_flags, diags))
    return session.Finish(std::move(diags));
  const auto store = OpenStateOfDirectory(session, state_flags, false, diags);
  const auto intents = store ? store->OpenIntents(diags) : std::vector<Intent>();
  const bool failed = diags.HasErrors();
  // JSON is read by programs, for which what was found out is in it.
  if (failed || !json) session.Show(std::move(diags));
  if (failed) return 1;
  session.terminal().Out(json ? IntentsJson(intents) : IntentsText(intents, session.style()));
  return 0;
}

}  // namespace tkn::cli
