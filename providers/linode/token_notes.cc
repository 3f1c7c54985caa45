#include "providers/linode/token_notes.h"

#include <algorithm>

namespace tkn::linode {
namespace {

// A plan must not wait for what it can do without.
constexpr std::chrono::seconds kPatience{2};

}  // namespace

bool TokenNotes::IsNew(const std::string& warning) {
  const std::lock_guard lock(mutex_);
  return given_.insert(warning).second;
}

std::string TokenNotes::CallerScopes(Client& client, const Limits& limits, bool may_ask) {
  if (client.options().offline || client.options().token.empty()) return "";
  const std::string key = client.options().base_url + "\n" + client.options().token;
  if (!may_ask) return client.CallerScopes();
  // Held while asking: the others would ask the same.
  const std::lock_guard lock(mutex_);
  const auto known = scopes_.find(key);
  if (known != scopes_.end()) return known->second;
  std::string scopes = client.CallerScopes();
  if (scopes.empty()) {
    Limits short_limits = limits;
    short_limits.deadline = std::min(limits.deadline, client.clock().Now() + kPatience);
    (void)client.Get({"profile"}, short_limits);
    scopes = client.CallerScopes();
  }
  return scopes_.emplace(key, scopes).first->second;
}

}  // namespace tkn::linode
