#include "providers/linode/token.h"

#include <string>
#include <utility>
#include <vector>

#include "providers/linode/answer.h"
#include "providers/linode/instant.h"
#include "providers/linode/record.h"
#include "providers/linode/scopes.h"
#include "providers/linode/token_advice.h"
#include "providers/linode/token_lost.h"

namespace tkn::linode {
namespace {

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
  TokenType() : ResourceType(kTokenType, MakeSchema()) {}

  void Validate(const Value& config, Diagnostics& diags) const override {
    CheckLabel(config.Attribute("label"), diags);
    CheckExpiry(config.Attribute("expiry"), diags);
    WarnOfScopes(config.Attribute("scopes"), diags);
  }

  PlanResponse PlanConfigured(const PlanRequest& request, Context& context) const override {
    PlanResponse response = Plan(request, context.diags);
    // Where tokens are rotated nobody is to be without one, whatever it is that replaces it.
    response.create_first = context.settings.token_rotate_before.count() > 0;
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
                   no_end && context.settings.token_lifetime.count() == 0, !request.at_once,
                   context);
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
  ResolveResponse ResolveCreate(const ResolveRequest& request, Context& context) const override {
    return ResolveTokenCreate(*this, request, context);
  }

 private:
  // Whether the provider's rule says that it is to be replaced before its end comes.
  static bool IsDue(const Value& prior, const Context& context);
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
  const WantedToken wanted =
      WantedToken::Of(request.planned.value, context.client.clock().UnixSeconds(), context);
  auto under_way = context.creations.Begin(kTokenType, context.client, context.limits);
  if (!under_way) {
    AddError(context.diags, kTokenCreateSummary,
             "The run was interrupted before the token was made.");
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
    if (answer.error->uncertain) {
      return SettleLostToken(*this, request, *answer.error, wanted, context);
    }
    if (answer.error->kind == ApiError::Kind::kStatus && context.settings.token_warnings &&
        RefuseScopes(made.Text("scopes"), context.client.CallerScopes(), context.diags)) {
      return response;
    }
    AddError(context.diags, kTokenCreateSummary, answer.error->text);
    return response;
  }
  context.creations.Claim(kTokenType, std::to_string(*id));
  under_way.reset();

  made.SetText("id", std::to_string(*id));
  made.SetText("token", secret);
  made.Set("created", StoredTime(TextOf(answer.body, "created")));
  made.Fill("expiry", StoredTime(TextOf(answer.body, "expiry")));
  made.Fill("label", Value::String(TextOf(answer.body, "label")));
  // There is nothing to wait for, so nothing to tell before: the result is stored at once.
  response.object.value = made.ToValue();
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

}  // namespace

std::unique_ptr<ResourceType> MakeTokenType() { return std::make_unique<TokenType>(); }

}  // namespace tkn::linode
