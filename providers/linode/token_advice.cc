#include "providers/linode/token_advice.h"

#include <utility>

#include "providers/linode/instant.h"
#include "providers/linode/record.h"
#include "providers/linode/scopes.h"

namespace tkn::linode {
namespace {

constexpr std::int64_t kDay = 86400;
constexpr std::int64_t kSoon = 30 * kDay;
constexpr char kSilence[] =
    " (\"token_warnings = false\" in the provider block, or LINODE_TOKEN_WARNINGS=false, ends such "
    "warnings.)";

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

void Warn(Context& context, const std::string& key, const char* summary, std::string detail,
          const char* attribute) {
  if (!context.settings.token_warnings || !context.notes.IsNew(summary + key)) return;
  context.diags.Add({.severity = Severity::kWarning,
                     .summary = summary,
                     .detail = std::move(detail) + kSilence,
                     .attribute_path = attribute});
}

}  // namespace

void WarnOfScopes(const Value& scopes, Diagnostics& diags) {
  if (!IsGiven(scopes)) return;
  for (std::string& problem : ScopeProblems(scopes.AsString())) {
    diags.Add({.severity = Severity::kWarning,
               .summary = "Unknown scope",
               .detail = std::move(problem),
               .attribute_path = ".scopes"});
  }
}

bool RefuseScopes(const std::string& scopes, const std::string& held, Diagnostics& diags) {
  if (scopes.empty() || held.empty()) return false;
  const std::vector<std::string> missing = ScopesBeyond(scopes, held);
  // Of words that mean nothing to us the API has to judge.
  if (missing.empty() || !ScopeProblems(Joined(missing)).empty()) return false;
  diags.Add(
      {.summary = "Scopes beyond those of the token in use",
       .detail =
           "A token can grant at most what the token that makes it may do. This one asks for " +
           Joined(missing) + ", and the token in use has " + held +
           ". Take them out, or use a token that has them.",
       .attribute_path = ".scopes"});
  return true;
}

void AdviseOnPlan(const Value& prior, const Value& planned, bool never_expires, bool may_ask,
                  Context& context) {
  const auto text = [](const Value& object, const char* name) {
    const Value value = object.IsNull() ? Value() : object.Attribute(name);
    return IsGiven(value) ? std::string(value.AsString()) : std::string();
  };
  const std::string scopes = text(planned, "scopes");
  const std::string key = "\n" + text(planned, "label") + "\n" + scopes;
  if (never_expires) {
    Warn(context, key, "Token Never Expires",
         "This token has no \"expiry\", so it opens the account until somebody revokes it. Give it "
         "an \"expiry\", or the provider a \"token_lifetime\".",
         "");
  }
  if (scopes.empty()) return;
  if (scopes == "*") {
    Warn(context, key, "Token May Do Everything",
         "The scope \"*\" is the whole account, tokens and users included. Name what the token is "
         "for, such as \"linodes:read_only\".",
         ".scopes");
  } else if (const std::string had = text(prior, "scopes"); !had.empty()) {
    const std::vector<std::string> gained = ScopesBeyond(scopes, had);
    if (!gained.empty()) {
      Warn(context, key, "Token Gains Scopes",
           "The token that replaces this one may do more: " + Joined(gained) + ".", ".scopes");
    }
  }
  if (!context.settings.token_warnings) return;
  (void)RefuseScopes(scopes, context.notes.CallerScopes(context.client, context.limits, may_ask),
                     context.diags);
}

std::string InWords(std::int64_t seconds) {
  const auto words = [](std::int64_t number, const char* unit) {
    return "in " + std::to_string(number) + " " + unit + (number == 1 ? "" : "s");
  };
  if (seconds >= 2 * kDay) return words(seconds / kDay, "day");
  if (seconds >= 2 * 3600) return words(seconds / 3600, "hour");
  return words(seconds / 60, "minute");
}

void WarnOfExpiry(const std::string& id, const Value& expiry, Context& context) {
  if (!IsGiven(expiry)) return;
  const auto end = Instant::ParseRfc3339(expiry.AsString());
  if (!end) return;
  const std::int64_t left = end->seconds - context.client.clock().UnixSeconds();
  if (left <= 0 || left > kSoon) return;
  // What is about to be rotated needs no warning.
  if (left <= context.settings.token_rotate_before.count()) return;
  Warn(context, id, "Token Expires Soon",
       "The Linode Token with ID \"" + id + "\" expires " + InWords(left) + ", at " +
           std::string(expiry.AsString()) + ".",
       ".expiry");
}

}  // namespace tkn::linode
