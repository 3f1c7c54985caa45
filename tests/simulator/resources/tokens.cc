#include "tests/simulator/resources/resources.h"

namespace tkn::simulator {
namespace {

constexpr const char* kNever = "2999-12-12T05:00:00";

Json Entity(const Object& token) {
  return {{"id", token.id},
          {"label", token.body.at("label")},
          {"type", "token"},
          {"url", "/v4/profile/tokens/" + std::to_string(token.id)}};
}

std::string LabelIn(const Json& body) {
  std::string label = Text(body, "label");
  CheckLength(label, 0, 100, "label");  // the real client sends "" when none is set
  return label;
}

// A token can grant at most what its maker may do; none named means all of that.
std::string ScopesIn(const Call& call) {
  std::string scopes = Text(call.body, "scopes");
  if (scopes.empty() || scopes == "*") return call.caller.scopes;
  if (const std::optional<std::string> unknown = UnknownScope(scopes)) {
    throw BadRequest("Invalid scope: " + *unknown, "scopes");
  }
  for (const std::string& scope : SplitScopes(scopes)) {
    if (!Grants(call.caller.scopes, scope)) {
      throw BadRequest("A token cannot grant scopes that its maker lacks: " + scope, "scopes");
    }
  }
  return scopes;
}

std::string ExpiryIn(const Call& call) {
  std::string expiry = Text(call.body, "expiry");
  if (expiry.empty()) return kNever;
  const std::optional<int64_t> moment = ParseTime(expiry);
  if (!moment) throw BadRequest("Must be a date-time like 2018-01-02T03:04:05", "expiry");
  if (*moment <= call.world.clock.NowMs()) throw BadRequest("must be in the future", "expiry");
  return expiry;
}

void Create(Call& call, Object& token) {
  const std::string label = LabelIn(call.body);
  token.body["scopes"] = ScopesIn(call);
  token.body["created"] = call.world.Now();
  token.body["label"] = label;
  token.body["token"] = "";  // keeps its place among the keys
  token.body["expiry"] = ExpiryIn(call);
  const std::string secret = RandomHex(64);
  token.body["token"] = secret.substr(0, 16);
  token.hidden["token"] = secret;
  call.world.token_ids[secret] = token.id;
  call.world.AddEvent("token_create", "notification", Entity(token));
}

}  // namespace

void AddTokens(Router& router) {
  const RateLimit limit{400, 60};
  AddCrud(router, {.path = "/profile/tokens",
                   .collection = "tokens",
                   .scope = "account",
                   .filterable = {"label", "created"},
                   .read = limit,
                   .write = limit,
                   .post = limit,
                   .create = Create,
                   .update =
                       [](Call& call, Object& token) {
                         if (Has(call.body, "label")) token.body["label"] = LabelIn(call.body);
                         call.world.AddEvent("token_update", "notification", Entity(token));
                       },
                   .remove =
                       [](Call& call, Object& token) {
                         call.world.token_ids.erase(token.hidden.value("token", ""));
                         call.world.AddEvent("token_delete", "notification", Entity(token));
                       },
                   .created =
                       [](Call&, const Object& token) {  // the only answer with the whole secret
                         Json shown = token.body;
                         shown["token"] = token.hidden.at("token");
                         return shown;
                       },
                   .visible =
                       [](Call& call, const Object& token) {
                         const auto expiry = ParseTime(token.body.value("expiry", ""));
                         return !expiry || *expiry > call.world.clock.NowMs();
                       }});
}

}  // namespace tkn::simulator
