#include "providers/linode/token_lost.h"

#include <utility>

#include "providers/linode/answer.h"
#include "providers/linode/record.h"
#include "providers/linode/scopes.h"

namespace tkn::linode {
namespace {

// Those that fit; nullopt: the listing failed, `failure` says how.
std::optional<std::vector<Value>> FindCreated(const WantedToken& wanted, Context& context,
                                              std::string& failure) {
  const Value filter =
      wanted.label ? Value::Object({{"label", Value::String(*wanted.label)}}) : Value();
  const ListAnswer list = context.client.List(TokensPath(), filter, context.limits);
  if (!list.ok()) {
    failure = list.error->text;
    return std::nullopt;
  }
  const auto window = CreationWindow::Around(wanted.started, context.client.clock().UnixSeconds(),
                                             list.server_unix_seconds);
  std::vector<Value> fitting;
  for (const Value& token : list.items) {
    if (wanted.Fits(token, window)) fitting.push_back(token);
  }
  return fitting;
}

// `failure`: why it could not be found out, where that is the outcome.
Creations::Settled Settle(const WantedToken& wanted, Context& context, std::string& failure) {
  failure = "it was interrupted";
  return context.creations.Settle(
      kTokenType,
      {wanted.Key(), wanted.started, [&] { return FindCreated(wanted, context, failure); }},
      context.client, context.limits);
}

// A token without its secret, the planned texts kept.
Value WithoutSecret(const ResourceType& type, const Value& planned, const Value& found) {
  Record record(type.type(), planned);
  record.SetText("id", std::to_string(IntOf(found, "id").value_or(0)));
  record.SetNull("token");
  if (!record.IsGiven("scopes")) record.SetText("scopes", TextOf(found, "scopes"));
  record.Fill("label", Value::String(TextOf(found, "label")));
  record.Set("created", StoredTime(TextOf(found, "created")));
  if (!record.IsGiven("expiry")) record.Set("expiry", StoredTime(TextOf(found, "expiry")));
  return record.ToValue();
}

}  // namespace

ApiPath TokensPath() { return {"profile", "tokens"}; }

Value StoredTime(const std::string& text) {
  if (text.empty()) return Value::Null(Type::String());
  const auto instant = Instant::ParseApi(text);
  return Value::String(instant ? instant->ToRfc3339() : text);
}

WantedToken WantedToken::Of(const Value& planned, std::int64_t started, const Context& context) {
  WantedToken wanted{.label = {}, .scopes = {}, .expiry = {}, .started = started};
  wanted.ends = context.settings.token_lifetime.count() > 0;
  if (const Value label = planned.Attribute("label"); IsGiven(label)) {
    wanted.label = std::string(label.AsString());
  }
  if (const Value scopes = planned.Attribute("scopes"); IsGiven(scopes)) {
    wanted.scopes = std::string(scopes.AsString());
  }
  if (const Value expiry = planned.Attribute("expiry"); IsGiven(expiry)) {
    wanted.expiry = Instant::ParseRfc3339(expiry.AsString());
  }
  return wanted;
}

bool WantedToken::Fits(const Value& token, const CreationWindow& window) const {
  if (label && TextOf(token, "label") != *label) return false;
  if (!SameScopes(scopes, TextOf(token, "scopes"))) return false;
  const std::string expiry_text = TextOf(token, "expiry");
  const auto has = Instant::ParseApi(expiry_text);
  if (!expiry && ends) {
    if (!has || MeansNever(*has)) return false;
  } else if (expiry ? !has || has->seconds != expiry->seconds
                    : !expiry_text.empty() && (!has || !MeansNever(*has))) {
    return false;
  }
  const auto created = Instant::ParseApi(TextOf(token, "created"));
  return created && window.Holds(created->seconds);
}

ApplyResponse SettleLostToken(const ResourceType& type, const ApplyRequest& request,
                              const ApiError& error, const WantedToken& wanted, Context& context) {
  ApplyResponse response{{Value::Null(type.type()), request.planned.private_bytes}};
  if (error.kind == ApiError::Kind::kCancelled) {
    response.undecided = true;
    AddError(context.diags, kTokenCreateSummary,
             "The run was interrupted while the API made the token, so it is not known whether it "
             "exists. The next run looks for it.");
    return response;
  }
  std::string failure;
  const Creations::Settled settled = Settle(wanted, context, failure);
  using Outcome = Creations::Settled::Outcome;
  switch (settled.outcome) {
    case Outcome::kFound: {
      response.object.value = WithoutSecret(type, request.planned.value, settled.object);
      AddError(context.diags, kTokenCreateSummary,
               error.text +
                   "\n\nThe answer to the request was lost, but the token was made: it has "
                   "the ID " +
                   IdOf(response.object.value) +
                   ". Its secret was in that answer and can't be had again, so the token is marked "
                   "as tainted: the next apply replaces it by a new one.");
      break;
    }
    case Outcome::kNone:
      AddError(context.diags, kTokenCreateSummary,
               error.text +
                   "\n\nThe answer to the request was lost. The account's tokens were "
                   "searched: none was made. Apply again.");
      break;
    case Outcome::kSeveral: {
      std::string ids;
      for (const std::string& id : settled.ids) ids += (ids.empty() ? "" : ", ") + id;
      response.undecided = true;
      AddError(context.diags, kTokenCreateSummary,
               error.text +
                   "\n\nThe answer to the request was lost, and several new tokens could "
                   "be the one that was asked for: " +
                   ids +
                   ". Their secrets are lost or belong to somebody else. Look at them in the Cloud "
                   "Manager, and revoke what nobody uses.");
      break;
    }
    case Outcome::kFailed:
      response.undecided = true;
      AddError(context.diags, kTokenCreateSummary,
               error.text +
                   "\n\nThe answer to the request was lost, and looking for the token "
                   "failed too: " +
                   failure + ". The next run looks again.");
  }
  return response;
}

ResolveResponse ResolveTokenCreate(const ResourceType& type, const ResolveRequest& request,
                                   Context& context) {
  ResolveResponse response;
  const WantedToken wanted =
      WantedToken::Of(request.planned, request.started_unix_seconds, context);
  const std::string name =
      wanted.label ? "labelled \"" + *wanted.label + "\"" : std::string("without a label");
  std::string failure;
  const Creations::Settled settled = Settle(wanted, context, failure);
  using Outcome = Creations::Settled::Outcome;
  switch (settled.outcome) {
    case Outcome::kFound:
      response.outcome = ResolveResponse::Outcome::kFound;
      response.object.value = WithoutSecret(type, request.planned, settled.object);
      response.explanation = "The token with the ID " + IdOf(response.object.value) + ", " + name +
                             ", was made by the run that broke off; its secret was in an answer "
                             "that nobody kept, so it has to be replaced.";
      break;
    case Outcome::kNone:
      response.outcome = ResolveResponse::Outcome::kNeverHappened;
      response.explanation = "The account has no token " + name +
                             " with these scopes and this expiry that was made then and is not in "
                             "the state.";
      break;
    case Outcome::kSeveral:
      response.explanation = "Several tokens " + name + " were made at that time:";
      for (const std::string& id : settled.ids) response.explanation += " " + id;
      response.explanation += ". Which of them is meant can't be told; import or revoke them.";
      break;
    case Outcome::kFailed:
      response.explanation = "The account's tokens could not be listed: " + failure;
  }
  return response;
}

}  // namespace tkn::linode
