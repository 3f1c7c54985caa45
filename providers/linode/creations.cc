#include "providers/linode/creations.h"

#include <algorithm>
#include <utility>

#include "providers/linode/answer.h"

namespace tkn::linode {
namespace {

// Waiting for others is rare and short: looking again is simpler than being told, and can be
// cancelled.
constexpr std::chrono::milliseconds kLookAgain{20};

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

Creations::Settled Creations::Settle(const std::string& type, const std::string& key,
                                     const std::function<std::optional<std::vector<Value>>()>& list,
                                     Client& client, const Limits& limits) {
  bool counted = false;
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      OfType& state = types_[type];
      if (!counted) ++state.lost[key];
      counted = true;
      if (!state.settling && state.under_way == 0) {
        state.settling = true;
        break;
      }
    }
    if (!client.Wait(kLookAgain, limits)) {
      const std::lock_guard lock(mutex_);
      --types_[type].lost[key];
      return {};
    }
  }
  const std::optional<std::vector<Value>> listed = list();

  const std::lock_guard lock(mutex_);
  OfType& state = types_[type];
  state.settling = false;
  const int lost = state.lost[key]--;
  Settled settled;
  if (!listed) return settled;
  std::map<std::int64_t, Value> candidates;
  for (const Value& object : *listed) {
    const auto id = IntOf(object, "id");
    if (id && !state.claimed.contains(std::to_string(*id))) candidates.emplace(*id, object);
  }
  if (candidates.empty()) {
    settled.outcome = Settled::Outcome::kNone;
  } else if (candidates.size() > static_cast<std::size_t>(lost)) {
    settled.outcome = Settled::Outcome::kSeveral;
    for (const auto& [id, object] : candidates) settled.ids.push_back(std::to_string(id));
  } else {
    settled.outcome = Settled::Outcome::kFound;
    settled.object = candidates.begin()->second;
    state.claimed.insert(std::to_string(candidates.begin()->first));
  }
  return settled;
}

}  // namespace tkn::linode
