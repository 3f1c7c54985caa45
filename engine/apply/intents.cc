#include "engine/apply/intents.h"

#include <algorithm>

#include "engine/plan/object_codec.h"
#include "engine/plan/run.h"
#include "engine/plan/state_values.h"
#include "engine/value/json.h"

namespace tkn::apply {
namespace {

using providers::ResolveResponse;

const char* Doing(state::IntentAction action) {
  switch (action) {
    case state::IntentAction::kCreate:
      return "creating";
    case state::IntentAction::kUpdate:
      return "updating";
    case state::IntentAction::kDelete:
      return "deleting";
  }
  return "";
}

std::string Subject(const state::Intent& intent) {
  std::string text = intent.object.address.ToString();
  if (!intent.object.deposed_key.empty())
    text += " (deposed object " + intent.object.deposed_key + ")";
  return text;
}

// Ids of the objects of one type that the state has.
std::vector<std::string> KnownIds(const state::Snapshot& snapshot, const state::Intent& intent,
                                  const Schema& schema, providers::Provider& provider) {
  std::vector<std::string> ids;
  for (const state::StoredObject& object : snapshot.objects) {
    if (object.address.resource.type != intent.object.address.resource.type ||
        object.address.resource.mode != ResourceMode::kManaged ||
        object.provider->provider != intent.provider->provider) {
      continue;
    }
    Diagnostics unused;
    const auto decoded = plan::DecodeObject(object, schema, provider, unused);
    if (!decoded) continue;
    const auto [name, id] = plan::DisplayId(decoded->value);
    if (!id.empty()) ids.push_back(id);
  }
  return ids;
}

// One intent: asked about, and what it came to written to the store.
class Resolver {
 public:
  Resolver(const ResolveInputs& inputs, plan::Run& run, ResolvedIntents& result, Diagnostics& diags)
      : inputs_(inputs), run_(run), result_(result), diags_(diags) {}

  void Resolve(const state::Intent& intent) {
    const Address& address = intent.object.address;
    if (inputs_.offline) {
      Leave(intent, "It was not asked about, since -offline forbids that.");
      return;
    }
    Diagnostics found;
    providers::Provider* provider = run_.providers.GetFor(intent.provider, found);
    const Schema* schema = run_.schemas.ResourceSchema(
        intent.provider->provider, ResourceMode::kManaged, address.resource.type);
    if (provider == nullptr || schema == nullptr) {
      Leave(intent, "The provider " + intent.provider->provider.ForDisplay() + " cannot be asked.");
      return;
    }
    const state::StoredObject* stored =
        run_.prior.snapshot().Find(address, intent.object.deposed_key);
    const Value nothing = Value::Null(schema->block.ImpliedType());
    providers::ResolveRequest request{.type = address.resource.type,
                                      .prior = {.value = nothing},
                                      .planned = nothing,
                                      .started_unix_seconds = intent.started_unix_seconds};
    // A create that had already said what it made is a matter of reading that.
    const bool has_prior = stored != nullptr && (intent.action != state::IntentAction::kCreate ||
                                                 intent.object_is_stored);
    if (has_prior) {
      if (auto decoded = plan::DecodeObject(*stored, *schema, *provider, found)) {
        request.prior = {decoded->value, stored->private_bytes};
      }
    }
    std::string error;
    if (intent.action != state::IntentAction::kDelete) {
      if (auto planned = FromJson(intent.planned_json, schema->block.ImpliedType(), &error)) {
        // What only the answer would have told was null there.
        request.planned = SetUnknowns(schema->block, *planned);
      }
    }
    request.known_ids = KnownIds(run_.prior.snapshot(), intent, *schema, *provider);
    ResolveResponse response = provider->Resolve(request, found);
    if (found.HasErrors()) {
      std::string problems;
      for (const Diagnostic& diagnostic : found) problems += " " + diagnostic.summary + ".";
      Leave(intent, "Asking the provider failed:" + problems);
      return;
    }
    switch (response.outcome) {
      case ResolveResponse::Outcome::kUndecided:
        Leave(intent, response.explanation);
        return;
      case ResolveResponse::Outcome::kNeverHappened:
        Drop(intent, stored, response.explanation);
        return;
      case ResolveResponse::Outcome::kFound:
        Adopt(intent, stored, *schema, response);
        return;
    }
  }

 private:
  // To go on without an answer could make a second copy, or undo what somebody else relies on.
  void Leave(const state::Intent& intent, const std::string& why) {
    result_.undecided.push_back(intent.object.address);
    const std::string address = intent.object.address.ToString();
    std::string ways = " The next run asks again. If you know the answer, say it: ";
    if (intent.action == state::IntentAction::kCreate) {
      ways += "\"tkn import '" + address + "' ID\" when the object exists, ";
    }
    ways += "\"tkn state intents -forget='" + address +
            "'\" when there is nothing that the state does not know.";
    Report(inputs_.offline || inputs_.undecided_may_stay ? Severity::kWarning : Severity::kError,
           "Unresolved operation of an earlier run", intent,
           "What became of it is not known. " + why + ways);
  }

  // The call never had an effect; or, for a delete, there is nothing left.
  void Drop(const state::Intent& intent, const state::StoredObject* stored,
            const std::string& explanation) {
    state::StateStore::Change change{.ends_intent = intent.id};
    const bool was_create = intent.action == state::IntentAction::kCreate;
    std::string outcome = "It had no effect, and the state is as it was before. ";
    if (was_create && stored != nullptr && intent.object_is_stored) {
      change.remove.push_back(intent.object);
      outcome = "The object it had begun to make is gone. ";
    }
    if (!Commit(change)) return;
    result_.dropped.push_back(intent.object.address);
    Warn("Resolved operation of an earlier run", intent, outcome + explanation);
  }

  void Adopt(const state::Intent& intent, const state::StoredObject* stored, const Schema& schema,
             const ResolveResponse& response) {
    state::StateStore::Change change{.ends_intent = intent.id};
    const bool was_create = intent.action == state::IntentAction::kCreate;
    if (response.object.value.IsNull()) {
      change.remove.push_back(intent.object);
      if (!Commit(change)) return;
      result_.dropped.push_back(intent.object.address);
      Warn("Resolved operation of an earlier run", intent,
           "The object is gone. " + response.explanation);
      return;
    }
    state::StoredObject object;
    if (stored != nullptr) object = *stored;
    object.address = intent.object.address;
    object.deposed_key = intent.object.deposed_key;
    object.provider = intent.provider;
    if (!response.object.value.IsNull()) {
      const Value value = plan::UnknownsAsNull(response.object.value.UnmarkDeep());
      std::vector<PathMarks> recorded;
      for (const Path& path : object.sensitive_paths)
        recorded.push_back({path, MarkSet::Of(MarkKind::kSensitive)});
      plan::EncodeObject(value, plan::SensitiveMarks(value, schema.block, std::move(recorded)),
                         schema, object);
      object.private_bytes = response.object.private_bytes;
    }
    if (was_create) object.status = state::ObjectStatus::kTainted;
    change.put.push_back(std::move(object));
    if (!Commit(change)) return;
    result_.adopted.push_back(intent.object.address);
    Warn("Resolved operation of an earlier run", intent,
         was_create ? "The object was made. It is in the state now, marked as tainted, since what "
                      "happened after "
                      "that is not known: the next plan replaces it. If it is as it should be, "
                      "keep it with the "
                      "untaint command. " +
                          response.explanation
                    : "The object is in the state as it is now. " + response.explanation);
  }

  bool Commit(const state::StateStore::Change& change) {
    if (!began_) {
      if (!inputs_.store.BeginOperation({.command = "resolve"}, diags_)) return Failed();
      began_ = true;
    }
    return inputs_.store.Commit(change, diags_) || Failed();
  }

  bool Failed() {
    result_.ok = false;
    return false;
  }

  void Warn(const char* summary, const state::Intent& intent, const std::string& outcome) {
    Report(Severity::kWarning, summary, intent, outcome);
  }

  void Report(Severity severity, const char* summary, const state::Intent& intent,
              const std::string& outcome) {
    diags_.Add({.severity = severity,
                .summary = summary,
                .detail = std::string("An earlier run ended while it was ") + Doing(intent.action) +
                          " " + Subject(intent) + ". " + outcome,
                .address = intent.object.address.ToString()});
  }

  const ResolveInputs& inputs_;
  plan::Run& run_;
  ResolvedIntents& result_;
  Diagnostics& diags_;

 public:
  bool began_ = false;  // an operation of the store, to be finished
};

}  // namespace

ResolvedIntents ResolveIntents(const ResolveInputs& inputs, Diagnostics& diags) {
  ResolvedIntents result;
  Diagnostics found;
  const std::vector<state::Intent> intents = inputs.store.OpenIntents(found);
  std::shared_ptr<const state::Snapshot> snapshot;
  if (!found.HasErrors() && !intents.empty()) snapshot = inputs.store.Read(found);
  result.ok = !found.HasErrors();
  if (!result.ok || intents.empty()) {
    diags.Append(std::move(found));
    return result;
  }
  plan::ConfigGraph graph(inputs.config, /*split_resources=*/false);
  graph.graph().Freeze();
  plan::Run run({.graph = graph,
                 .variables = inputs.variables,
                 .schemas = inputs.schemas,
                 .state = snapshot,
                 .evaluation = {.workspace = inputs.workspace,
                                .root_directory = inputs.root_directory,
                                .working_directory = inputs.working_directory},
                 .offline = inputs.offline});
  std::vector<bool> used(inputs.config.providers().size(), false);
  for (const state::Intent& intent : intents) {
    if (const config::ProviderNode* node = inputs.config.FindProvider(intent.provider)) {
      used[static_cast<std::size_t>(node - inputs.config.providers().data())] = true;
    }
  }
  if (!inputs.offline && !plan::ConfigureProviders(run, used, found)) {
    result.ok = false;
    diags.Append(std::move(found));
    return result;
  }
  Resolver resolver(inputs, run, result, found);
  for (const state::Intent& intent : intents) {
    resolver.Resolve(intent);
    if (!result.ok) break;
  }
  if (resolver.began_ && result.ok) result.ok = inputs.store.FinishOperation(found);
  if (!result.undecided.empty() && !inputs.offline && !inputs.undecided_may_stay) result.ok = false;
  diags.Append(std::move(found));
  return result;
}

}  // namespace tkn::apply
