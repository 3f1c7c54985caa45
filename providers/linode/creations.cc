#include "providers/linode/creations.h"

#include <algorithm>
#include <utility>

#include "providers/linode/answer.h"

namespace tkn::linode {
namespace {

// Waiting for others is rare and short: looking again is simpler than being told, and can be
// cancelled.
constexpr std::chrono::milliseconds kLookAgain{20};
constexpr int kLooks = 3;                     // before "it never happened" is believed
constexpr std::int64_t kLongAgoSeconds = 60;  // a listing does not lag any more

}  // namespace

Creations::UnderWay::~UnderWay() {
  const std::lock_guard lock(creations_.mutex_);
  --creations_.types_[type_].under_way;
}

void Creations::Claim(const std::string& type, const std::string& id) {
  const std::lock_guard lock(mutex_);
  types_[type].claimed.insert(id);
}

bool Creations::IsClaimed(const std::string& type, const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = types_.find(type);
  return found != types_.end() && found->second.claimed.contains(id);
}

std::unique_ptr<Creations::UnderWay> Creations::Begin(const std::string& type, Client& client,
                                                      const Limits& limits) {
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      OfType& state = types_[type];
      if (!state.settling) {
        ++state.under_way;
        return std::make_unique<UnderWay>(*this, type);
      }
    }
    if (!client.Wait(kLookAgain, limits)) return nullptr;
  }
}

std::optional<Creations::Candidates> Creations::Look(const std::string& type, const Lost& lost,
                                                     Client& client, const Limits& limits) const {
  const std::chrono::milliseconds delay = client.options().delays.minimum;
  // What a former run left behind waits for one and the same moment, however much it is.
  const bool former = lost.started_unix_seconds < client.opened_unix_seconds();
  const auto settled = client.opened() + (kLooks - 1) * delay;
  for (int look = 1;; ++look) {
    const std::optional<std::vector<Value>> listed = lost.list();
    if (!listed) return std::nullopt;
    Candidates candidates;
    for (const Value& object : *listed) {
      const auto id = IntOf(object, "id");
      if (id && !IsClaimed(type, std::to_string(*id))) candidates.emplace(*id, object);
    }
    const bool long_ago =
        client.clock().UnixSeconds() - lost.started_unix_seconds >= kLongAgoSeconds ||
        (former && client.clock().Now() >= settled);
    if (!candidates.empty() || look == kLooks || long_ago) return candidates;
    if (!client.Wait(delay, limits)) return std::nullopt;
  }
}

Creations::Settled Creations::Settle(const std::string& type, const Lost& lost, Client& client,
                                     const Limits& limits) {
  bool counted = false;
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      OfType& state = types_[type];
      if (!counted) ++state.lost[lost.key];
      counted = true;
      if (!state.settling && state.under_way == 0) {
        state.settling = true;
        break;
      }
    }
    if (!client.Wait(kLookAgain, limits)) {
      const std::lock_guard lock(mutex_);
      --types_[type].lost[lost.key];
      return {};
    }
  }
  const std::optional<Candidates> candidates = Look(type, lost, client, limits);

  const std::lock_guard lock(mutex_);
  OfType& state = types_[type];
  state.settling = false;
  const int as_many = state.lost[lost.key]--;
  Settled settled;
  if (!candidates) return settled;
  if (candidates->empty()) {
    settled.outcome = Settled::Outcome::kNone;
  } else if (candidates->size() > static_cast<std::size_t>(as_many)) {
    settled.outcome = Settled::Outcome::kSeveral;
    for (const auto& [id, object] : *candidates) settled.ids.push_back(std::to_string(id));
  } else {
    settled.outcome = Settled::Outcome::kFound;
    settled.object = candidates->begin()->second;
    state.claimed.insert(std::to_string(candidates->begin()->first));
  }
  return settled;
}

}  // namespace tkn::linode
