#include "providers/linode/token.h"

#include <string>
#include <utility>
#include <vector>

#include "providers/linode/answer.h"
#include "providers/linode/instant.h"
#include "providers/linode/record.h"
#include "providers/linode/scopes.h"
#include "providers/linode/token_advice.h"

namespace tkn::linode {
namespace {

constexpr char kType[] = "linode_token";
constexpr char kCreateSummary[] = "Token creation error";
constexpr char kNotATime[] = "Invalid RFC3339 String Value";
constexpr std::size_t kLongestLabel = 100;  // bytes, as the real provider counts

Schema MakeSchema() {
  Schema schema;
  schema.block.attributes = {
      {.name = "id", .type = Type::String(), .computed = true, .description = "The token's id."},
      {.name = "label",
       .type = Type::String(),
       .optional = true,
       .description = "A name to tell tokens apart by; need not be unique."},
      {.name = "scopes",
       .type = Type::String(),
       .required = true,
       .description = "What the token may do, separated by spaces; \"*\" for everything. Changing "
                      "it makes a new token."},
      {.name = "expiry",
       .type = Type::String(),
       .optional = true,
       .computed = true,
       .description = "When it ends, in RFC 3339; never if unset. Changing it makes a new token."},
      {.name = "token",
       .type = Type::String(),
       .computed = true,
       .sensitive = true,
       .description = "The secret. Known only of tokens that were created here."},
      {.name = "created",
       .type = Type::String(),
       .computed = true,
       .description = "When it was made, in RFC 3339."},
  };
  schema.block.Finish();
  return schema;
}

ApiPath TokensPath() { return {"profile", "tokens"}; }

// As the API writes times, to as we store them; a text that is no time is kept as it is.
Value StoredTime(const std::string& text) {
  if (text.empty()) return Value::Null(Type::String());
  const auto instant = Instant::ParseApi(text);
  return Value::String(instant ? instant->ToRfc3339() : text);
}

void CheckLabel(const Value& label, Diagnostics& diags) {
  if (!IsGiven(label)) return;
  const std::size_t length = label.AsString().size();
  if (length >= 1 && length <= kLongestLabel) return;
  AddError(
      diags, "Invalid Attribute Value Length",
      "Attribute label string length must be between 1 and 100, got: " + std::to_string(length),
      ".label");
}

void CheckExpiry(const Value& expiry, Diagnostics& diags) {
  if (!IsGiven(expiry) || Instant::ParseRfc3339(expiry.AsString())) return;
  AddError(diags, kNotATime,
           "A string value was provided that is not valid RFC3339 string format.\n\nGiven: " +
               std::string(expiry.AsString()) +
               "\n\nWrite date, time and offset, such as 2026-12-31T23:59:59Z.",
           ".expiry");
}

class TokenType final : public ResourceType {
 public:
  TokenType() : ResourceType(kType, MakeSchema()) {}

  void Validate(const Value& config, Diagnostics& diags) const override {
    CheckLabel(config.Attribute("label"), diags);
    CheckExpiry(config.Attribute("expiry"), diags);
    WarnOfScopes(config.Attribute("scopes"), diags);
  }

  PlanResponse PlanConfigured(const PlanRequest& request, Context& context) const override {
    PlanResponse response = Plan(request, context.diags);
    const Value expiry = request.config.Attribute("expiry");
    const bool no_end = expiry.IsKnown() && expiry.IsNull();
    const Value& prior = request.prior.value;
    if (no_end && IsDue(prior, context)) {
      Record planned(type(), response.planned.value);
      planned.SetUnknown("expiry");
      response.planned.value = planned.ToValue();
      response.requires_replace.push_back({PathStep::Attribute("expiry")});
    }
    if (prior.IsNull() || !response.requires_replace.empty()) {
      AdviseOnPlan(prior, response.planned.value,
                   no_end && context.settings.token_lifetime.count() == 0, context);
    }
    return response;
  }

  PlanResponse Plan(const PlanRequest& request, Diagnostics& /*diags*/) const override {
    PlanResponse response;
    Record planned(type(), request.proposed_new);
    const Value expiry = request.config.Attribute("expiry");
    const bool expiry_unset = expiry.IsKnown() && expiry.IsNull();
    if (request.prior.value.IsNull()) {
      for (const char* name : {"id", "token", "created"}) planned.SetUnknown(name);
      if (expiry_unset) planned.SetUnknown("expiry");
      response.planned.value = planned.ToValue();
      return response;
    }
    const Record prior(type(), request.prior.value);
    for (const char* name : {"id", "token", "created"}) planned.Set(name, prior[name]);
    planned.Set("expiry", expiry_unset ? prior["expiry"] : expiry);
    response.planned = {planned.ToValue(), request.prior.private_bytes};

    const Value scopes = planned["scopes"];
    if (!IsGiven(scopes) || !SameScopes(scopes.AsString(), prior.Text("scopes"))) {
      response.requires_replace.push_back({PathStep::Attribute("scopes")});
    }
    if (!expiry_unset &&
        (!expiry.IsKnown() || !SameInstant(expiry.AsString(), prior.Text("expiry")))) {
      response.requires_replace.push_back({PathStep::Attribute("expiry")});
    }
    return response;
  }

  Object Read(const Object& current, Context& context) const override;
  ApplyResponse Create(const ApplyRequest& request, Context& context) const override;
  ApplyResponse Update(const ApplyRequest& request, Context& context) const override;
  ApplyResponse Delete(const ApplyRequest& request, Context& context) const override;
  ResolveResponse ResolveCreate(const ResolveRequest& request, Context& context) const override;

 private:
  // What was asked for in a create, as far as a listing can show it.
  struct Wanted {
    std::optional<std::string> label;
    std::string scopes;
    std::optional<Instant> expiry;  // nullopt: never
    bool ends = false;              // without `expiry`: at some time that the run chose
    std::int64_t started;
    std::string Key() const {
      return label.value_or("") + "\n" + scopes + "\n" + (expiry ? expiry->ToApi() : "");
    }
    bool Fits(const Value& token, const CreationWindow& window) const;
  };
  static Wanted WantedOf(const Value& planned, std::int64_t started, const Context& context);
  // Whether the provider's rule says that it is to be replaced before its end comes.
  static bool IsDue(const Value& prior, const Context& context);
  // Those that fit; nullopt: the listing failed, `failure` says how.
  static std::optional<std::vector<Value>> FindCreated(const Wanted& wanted, Context& context,
                                                       std::string& failure);
  // A token without its secret, the planned texts kept.
  Value WithoutSecret(const Value& planned, const Value& found) const;
  ApplyResponse SettleLost(const ApplyRequest& request, const ApiError& error, const Wanted& wanted,
                           Context& context) const;
};

Object TokenType::Read(const Object& current, Context& context) const {
  const std::string id = IdOf(current.value);
  if (id.empty()) {
    AddWarning(context.diags, "Removing Resource From State",
               "The state holds a linode_token whose ID attribute is empty, so it can't be looked "
               "up. It leaves the state; a token that may exist is not touched.");
    return Gone(*this, current);
  }
  const auto number = NumericId(id, context.diags);
  if (!number) return current;
  Answer answer;
  if (std::optional<Value> listed = context.tokens.Find(*number, context.client, context.limits)) {
    answer.body = std::move(*listed);
  } else {
    answer = context.client.Get(TokensPath() / *number, context.limits);
  }
  Record record(type(), current.value);
  const auto past = [&](const Value& time) {
    const auto instant =
        IsGiven(time) ? Instant::ParseRfc3339(time.AsString()) : std::optional<Instant>();
    return instant && instant->seconds <= context.client.clock().UnixSeconds();
  };
  if (answer.error && answer.error->IsNotFound()) {
    std::string detail =
        "Removing Linode Token with ID \"" + id + "\" from state because it no longer exists";
    if (past(record["expiry"])) detail += ". It expired at " + record.Text("expiry") + ".";
    AddWarning(context.diags, "Token No Longer Exists", std::move(detail));
    return Gone(*this, current);
  }
  if (answer.error) {
    AddError(context.diags, "Unable to Refresh the Token",
             "Error finding the specified Linode Token: " + answer.error->text);
    return current;
  }
  const Value& token = answer.body;
  // Unset and empty are one thing to the API; the state keeps which of them it was.
  const std::string label = TextOf(token, "label");
  if (!label.empty() || record.IsGiven("label")) record.SetText("label", label);
  const std::string scopes = TextOf(token, "scopes");
  if (!record.IsGiven("scopes") || !SameScopes(record.Text("scopes"), scopes)) {
    record.SetText("scopes", scopes);
  }
  for (const char* name : {"created", "expiry"}) {
    const Value time = StoredTime(TextOf(token, name));
    if (!IsGiven(time)) continue;
    // One instant has many spellings: the state's is what the configuration says.
    if (!record.IsGiven(name) || !SameInstant(record.Text(name), time.AsString())) {
      record.Set(name, time);
    }
  }
  if (past(record["expiry"])) {
    AddWarning(context.diags, "Token Expired",
               "The Linode Token with ID \"" + id + "\" expired at " + record.Text("expiry") +
                   ": the API still lists it, but it opens nothing. Set a later \"expiry\" to "
                   "replace it.");
  } else {
    WarnOfExpiry(id, record["expiry"], context);
  }
  return {record.ToValue(), current.private_bytes};
}

bool TokenType::IsDue(const Value& prior, const Context& context) {
  if (prior.IsNull() || context.settings.token_rotate_before.count() == 0) return false;
  const Value expiry = prior.Attribute("expiry");
  const auto end =
      IsGiven(expiry) ? Instant::ParseRfc3339(expiry.AsString()) : std::optional<Instant>();
  return end && end->seconds - context.client.clock().UnixSeconds() <=
                    context.settings.token_rotate_before.count();
}

TokenType::Wanted TokenType::WantedOf(const Value& planned, std::int64_t started,
                                      const Context& context) {
  Wanted wanted{.label = {}, .scopes = {}, .expiry = {}, .started = started};
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

bool TokenType::Wanted::Fits(const Value& token, const CreationWindow& window) const {
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

std::optional<std::vector<Value>> TokenType::FindCreated(const Wanted& wanted, Context& context,
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

Value TokenType::WithoutSecret(const Value& planned, const Value& found) const {
  Record record(type(), planned);
  record.SetText("id", std::to_string(IntOf(found, "id").value_or(0)));
  record.SetNull("token");
  if (!record.IsGiven("scopes")) record.SetText("scopes", TextOf(found, "scopes"));
  record.Fill("label", Value::String(TextOf(found, "label")));
  record.Set("created", StoredTime(TextOf(found, "created")));
  if (!record.IsGiven("expiry")) record.Set("expiry", StoredTime(TextOf(found, "expiry")));
  return record.ToValue();
}

ApplyResponse TokenType::Create(const ApplyRequest& request, Context& context) const {
  Record made(type(), request.planned.value);
  ApplyResponse response{{Value::Null(type()), request.planned.private_bytes}};
  Diagnostics invalid;
  CheckLabel(made["label"], invalid);  // may have been unknown when it was validated
  CheckExpiry(made["expiry"], invalid);
  if (invalid.HasErrors()) {
    context.diags.Append(std::move(invalid));
    return response;
  }
  Value expiry = Value::Null(Type::String());
  if (made.IsGiven("expiry")) {
    expiry = Value::String(Instant::ParseRfc3339(made.Text("expiry"))->ToApi());
  } else if (const auto lifetime = context.settings.token_lifetime; lifetime.count() > 0) {
    const Instant end{.seconds = context.client.clock().UnixSeconds() + lifetime.count()};
    expiry = Value::String(end.ToApi());
  }
  const Value body = Value::Object({{"label", Value::String(made.Text("label"))},
                                    {"scopes", made["scopes"]},
                                    {"expiry", expiry}});
  const Wanted wanted =
      WantedOf(request.planned.value, context.client.clock().UnixSeconds(), context);
  auto under_way = context.creations.Begin(kType, context.client, context.limits);
  if (!under_way) {
    AddError(context.diags, kCreateSummary, "The run was interrupted before the token was made.");
    return response;
  }
  Answer answer = context.client.Post(TokensPath(), body, context.limits);
  const auto id = IntOf(answer.body, "id");
  const std::string secret = TextOf(answer.body, "token");
  if (answer.ok() && (!id || secret.empty())) {
    answer.error = ApiError{.kind = ApiError::Kind::kLost,
                            .status = 0,
                            .text = "[002] the answer of the API lacks the token's id or secret",
                            .uncertain = true};
  }
  if (answer.error) {
    under_way.reset();
    if (answer.error->uncertain) return SettleLost(request, *answer.error, wanted, context);
    AddError(context.diags, kCreateSummary, answer.error->text);
    return response;
  }
  context.creations.Claim(kType, std::to_string(*id));
  under_way.reset();

  made.SetText("id", std::to_string(*id));
  made.SetText("token", secret);
  made.Set("created", StoredTime(TextOf(answer.body, "created")));
  made.Fill("expiry", StoredTime(TextOf(answer.body, "expiry")));
  made.Fill("label", Value::String(TextOf(answer.body, "label")));
  response.object.value = made.ToValue();
  // There is nothing to wait for, but what is durable from here on is one step less to lose.
  if (request.progress) request.progress(response.object);
  return response;
}

ApplyResponse TokenType::SettleLost(const ApplyRequest& request, const ApiError& error,
                                    const Wanted& wanted, Context& context) const {
  ApplyResponse response{{Value::Null(type()), request.planned.private_bytes}};
  if (error.kind == ApiError::Kind::kCancelled) {
    response.undecided = true;
    AddError(context.diags, kCreateSummary,
             "The run was interrupted while the API made the token, so it is not known whether it "
             "exists. The next run looks for it.");
    return response;
  }
  std::string failure = "it was interrupted";
  const Creations::Settled settled = context.creations.Settle(
      kType, {wanted.Key(), wanted.started, [&] { return FindCreated(wanted, context, failure); }},
      context.client, context.limits);
  using Outcome = Creations::Settled::Outcome;
  switch (settled.outcome) {
    case Outcome::kFound: {
      response.object.value = WithoutSecret(request.planned.value, settled.object);
      AddError(context.diags, kCreateSummary,
               error.text +
                   "\n\nThe answer to the request was lost, but the token was made: it has "
                   "the ID " +
                   IdOf(response.object.value) +
                   ". Its secret was in that answer and can't be had again, so the token is marked "
                   "as tainted: the next apply replaces it by a new one.");
      break;
    }
    case Outcome::kNone:
      AddError(context.diags, kCreateSummary,
               error.text +
                   "\n\nThe answer to the request was lost. The account's tokens were "
                   "searched: none was made. Apply again.");
      break;
    case Outcome::kSeveral: {
      std::string ids;
      for (const std::string& id : settled.ids) ids += (ids.empty() ? "" : ", ") + id;
      response.undecided = true;
      AddError(context.diags, kCreateSummary,
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
      AddError(context.diags, kCreateSummary,
               error.text +
                   "\n\nThe answer to the request was lost, and looking for the token "
                   "failed too: " +
                   failure + ". The next run looks again.");
  }
  return response;
}

ApplyResponse TokenType::Update(const ApplyRequest& request, Context& context) const {
  const Record prior(type(), request.prior.value);
  Record updated(type(), request.planned.value);
  ApplyResponse response{request.prior};
  const std::string id = prior.Text("id");
  Diagnostics invalid;
  CheckLabel(updated["label"], invalid);
  CheckExpiry(updated["expiry"], invalid);
  const bool failed = invalid.HasErrors();
  context.diags.Append(std::move(invalid));
  if (failed) return response;
  if (prior.Text("label") != updated.Text("label")) {
    const auto number = NumericId(id, context.diags);
    if (!number) return response;
    const Answer found = context.client.Get(TokensPath() / *number, context.limits);
    if (found.error) {
      AddError(context.diags, "Failed to get the token with id " + id, found.error->text);
      return response;
    }
    const Value body = Value::Object({{"label", Value::String(updated.Text("label"))}});
    const Answer put = context.client.Put(TokensPath() / *number, body, context.limits);
    if (put.error) {
      AddError(context.diags, "Failed to update the token with id " + id, put.error->text);
      return response;
    }
  }
  // Scopes and expiry that mean the same: only their text changes, and only here.
  for (const char* name : {"id", "token", "created", "expiry"}) updated.Fill(name, prior[name]);
  response.object.value = updated.ToValue();
  return response;
}

ApplyResponse TokenType::Delete(const ApplyRequest& request, Context& context) const {
  ApplyResponse response{request.prior};
  const std::string id = IdOf(request.prior.value);
  const auto number = NumericId(id, context.diags);
  if (!number) return response;
  const Answer answer = context.client.Delete(TokensPath() / *number, context.limits);
  if (answer.error && !answer.error->IsNotFound()) {
    AddError(context.diags, "Failed to delete the token with id " + id, answer.error->text);
    return response;
  }
  response.object.value = Value::Null(type());
  return response;
}

ResolveResponse TokenType::ResolveCreate(const ResolveRequest& request, Context& context) const {
  ResolveResponse response;
  const Wanted wanted = WantedOf(request.planned, request.started_unix_seconds, context);
  const std::string name =
      wanted.label ? "labelled \"" + *wanted.label + "\"" : std::string("without a label");
  std::string failure = "it was interrupted";
  const Creations::Settled settled = context.creations.Settle(
      kType, {wanted.Key(), wanted.started, [&] { return FindCreated(wanted, context, failure); }},
      context.client, context.limits);
  using Outcome = Creations::Settled::Outcome;
  switch (settled.outcome) {
    case Outcome::kFound:
      response.outcome = ResolveResponse::Outcome::kFound;
      response.object.value = WithoutSecret(request.planned, settled.object);
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

}  // namespace

std::unique_ptr<ResourceType> MakeTokenType() { return std::make_unique<TokenType>(); }

}  // namespace tkn::linode
