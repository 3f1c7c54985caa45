#include "tests/simulator/scopes.h"

#include <algorithm>
#include <array>

namespace tkn::simulator {
namespace {

constexpr std::array<std::string_view, 17> kNames = {
    "account", "child_account",  "databases",   "domains",  "events",  "firewall", "images",
    "ips",     "linodes",        "lke",         "longview", "monitor", "volumes",  "nodebalancers",
    "vpc",     "object_storage", "stackscripts"};
// Folded into `account` since; old tokens still carry them.
constexpr std::array<std::string_view, 5> kOldNames = {"tokens", "users", "clients", "tickets",
                                                       "managed"};

struct Scope {
  std::string_view name;
  std::string_view level;
};

Scope Parse(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {text, ""};
  Scope scope{text.substr(0, colon), text.substr(colon + 1)};
  if (std::find(kOldNames.begin(), kOldNames.end(), scope.name) != kOldNames.end()) {
    scope.name = "account";
  }
  return scope;
}

bool Writes(std::string_view level) {
  return level == "read_write" || level == "*" || level == "modify" || level == "create" ||
         level == "delete";
}

bool Reads(std::string_view level) {
  return Writes(level) || level == "read_only" || level == "view";
}

bool Covers(std::string_view held, std::string_view needed) {
  if (held == "*") return true;
  const Scope have = Parse(held);
  const Scope need = Parse(needed);
  return have.name == need.name && (Writes(need.level) ? Writes(have.level) : Reads(have.level));
}

}  // namespace

std::vector<std::string> SplitScopes(std::string_view scopes) {
  std::vector<std::string> words;
  size_t at = 0;
  while ((at = scopes.find_first_not_of(" ,", at)) != std::string_view::npos) {
    const size_t end = std::min(scopes.find_first_of(" ,", at), scopes.size());
    words.emplace_back(scopes.substr(at, end - at));
    at = end;
  }
  return words;
}

bool Grants(std::string_view held, std::string_view needed) {
  const std::vector<std::string> have = SplitScopes(held);
  const std::vector<std::string> need = SplitScopes(needed);
  return std::all_of(need.begin(), need.end(), [&](const std::string& one) {
    return one == "*" || std::any_of(have.begin(), have.end(),
                                     [&](const std::string& scope) { return Covers(scope, one); });
  });
}

std::optional<std::string> UnknownScope(std::string_view scopes) {
  for (const std::string& word : SplitScopes(scopes)) {
    if (word == "*") continue;
    const Scope scope = Parse(word);
    const bool known = std::find(kNames.begin(), kNames.end(), scope.name) != kNames.end();
    if (!known || !Reads(scope.level)) return word;
  }
  return std::nullopt;
}

}  // namespace tkn::simulator
