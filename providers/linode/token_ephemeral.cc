#include <chrono>

#include "providers/linode/answer.h"
#include "providers/linode/instant.h"
#include "providers/linode/record.h"
#include "providers/linode/scopes.h"
#include "providers/linode/token.h"
#include "providers/linode/token_advice.h"

// A token for one run: made when it is opened, revoked when it is closed. It has an end of its own,
// so that one that outlives its run (the machine lost its power) dies by itself.
namespace tkn::linode {
namespace {

constexpr char kType[] = "ephemeral linode_token";
constexpr char kDefaultLabel[] = "tkn run";
constexpr std::chrono::hours kDefaultLifetime{24};
// To revoke it in, whatever else is being broken off.
constexpr std::chrono::seconds kTimeToClose{20};

Schema MakeSchema() {
  Schema schema;
  schema.block.attributes = {
      {.name = "label",
       .type = Type::String(),
       .optional = true,
       .computed = true,
       .description = "A name to tell it by; default \"tkn run\"."},
      {.name = "scopes",
       .type = Type::String(),
       .required = true,
       .description = "What the token may do, separated by spaces."},
      {.name = "lifetime",
       .type = Type::String(),
       .optional = true,
       .description = "When it ends if nobody revokes it: 2h, 7d; default 24h."},
      {.name = "token", .type = Type::String(), .computed = true, .sensitive = true},
      {.name = "expiry", .type = Type::String(), .computed = true},
      {.name = "id", .type = Type::String(), .computed = true}};
  schema.block.Finish();
  return schema;
}

class EphemeralToken final : public EphemeralType {
 public:
  EphemeralToken() : EphemeralType("linode_token", MakeSchema()) {}

  std::optional<Ephemeral> Open(const Value& config, Context& context) const override {
    Record record(type(), config);
    WarnOfScopes(record["scopes"], context.diags);
    const std::string label = record.IsGiven("label") ? record.Text("label") : kDefaultLabel;
    const auto lifetime = record.IsGiven("lifetime")
                              ? ParseLifetime(record.Text("lifetime"))
                              : std::optional<std::chrono::seconds>(kDefaultLifetime);
    if (!lifetime || lifetime->count() == 0) {
      AddError(context.diags, "Invalid duration",
               "\"lifetime\" must be a time such as 2h, 36h or 7d.", ".lifetime");
      return std::nullopt;
    }
    const std::int64_t started = context.client.clock().UnixSeconds();
    const Instant end{.seconds = started + lifetime->count()};
    const Value body = Value::Object({{"label", Value::String(label)},
                                      {"scopes", record["scopes"]},
                                      {"expiry", Value::String(end.ToApi())}});
    auto under_way = context.creations.Begin(kType, context.client, context.limits);
    if (!under_way) {
      AddError(context.diags, kSummary, "The run was interrupted before the token was made.");
      return std::nullopt;
    }
    const Answer answer = context.client.Post({"profile", "tokens"}, body, context.limits);
    under_way.reset();
    const auto id = IntOf(answer.body, "id");
    const std::string secret = TextOf(answer.body, "token");
    if (!answer.ok() || !id || secret.empty()) {
      std::string text = answer.ok() ? "[002] the answer of the API lacks the token's id or secret"
                                     : answer.error->text;
      if (answer.ok() || answer.error->uncertain) {
        text += RevokeLost(label, record.Text("scopes"), end, started, context);
      }
      AddError(context.diags, kSummary, std::move(text));
      return std::nullopt;
    }
    record.SetText("label", label);
    record.SetText("id", std::to_string(*id));
    record.SetText("token", secret);
    record.SetText("expiry", end.ToRfc3339());
    return Ephemeral{.result = record.ToValue(), .private_bytes = std::to_string(*id)};
  }

  void Close(const Ephemeral& opened, Context& context) const override {
    const auto id = NumericId(opened.private_bytes, context.diags);
    if (!id) return;
    const Answer answer =
        context.client.Delete(ApiPath{"profile", "tokens"} / *id, ForClosing(context));
    if (!answer.error || answer.error->IsNotFound()) return;
    AddError(context.diags, "Failed to revoke a token of this run",
             answer.error->text + "\n\nThe token with the ID " + opened.private_bytes +
                 " still works until its end. Revoke it in the Cloud Manager.");
  }

 private:
  static constexpr char kSummary[] = "Token creation error";

  static Limits ForClosing(Context& context) {
    return {.cancel = nullptr,
            .deadline = context.client.clock().Now() + kTimeToClose,
            .in_spite_of_stop = true};
  }

  // The answer to the create was lost, and with it the secret: what was made is of no use.
  static std::string RevokeLost(const std::string& label, const std::string& scopes,
                                const Instant& end, std::int64_t started, Context& context) {
    const Limits limits = ForClosing(context);
    const auto list = [&]() -> std::optional<std::vector<Value>> {
      const ListAnswer all = context.client.List(
          {"profile", "tokens"}, Value::Object({{"label", Value::String(label)}}), limits);
      if (!all.ok()) return std::nullopt;
      const auto window = CreationWindow::Around(started, context.client.clock().UnixSeconds(),
                                                 all.server_unix_seconds);
      std::vector<Value> fitting;
      for (const Value& token : all.items) {
        const auto created = Instant::ParseApi(TextOf(token, "created"));
        const auto expiry = Instant::ParseApi(TextOf(token, "expiry"));
        if (TextOf(token, "label") == label && SameScopes(TextOf(token, "scopes"), scopes) &&
            expiry && expiry->seconds == end.seconds && created && window.Holds(created->seconds)) {
          fitting.push_back(token);
        }
      }
      return fitting;
    };
    const std::string key = label + "\n" + scopes + "\n" + end.ToApi();
    const Creations::Settled settled =
        context.creations.Settle(kType, {key, started, list}, context.client, limits);
    using Outcome = Creations::Settled::Outcome;
    const auto id = IntOf(settled.object, "id");
    if (settled.outcome == Outcome::kNone) return "\n\nNo token was made.";
    if (settled.outcome == Outcome::kFound && id) {
      const Answer gone = context.client.Delete(ApiPath{"profile", "tokens"} / *id, limits);
      if (gone.ok() || gone.error->IsNotFound()) {
        return "\n\nThe answer was lost; the token that was made has been revoked.";
      }
    }
    return "\n\nThe answer was lost, and a token \"" + label + "\" may be left. It ends at " +
           end.ToRfc3339() + ".";
  }
};

}  // namespace

std::unique_ptr<EphemeralType> MakeEphemeralToken() { return std::make_unique<EphemeralToken>(); }

}  // namespace tkn::linode
