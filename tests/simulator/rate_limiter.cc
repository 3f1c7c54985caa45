#include "tests/simulator/rate_limiter.h"

#include <algorithm>

namespace tkn::simulator {

RateLimiter::Decision RateLimiter::Count(int64_t setting, const Route& route, int64_t token_id,
                                         int64_t now_ms) {
  Decision decision;
  const RateLimit limit = setting > 0 ? RateLimit{setting, 60} : route.limit;
  decision.limit = limit.count;
  if (setting == 0) {
    decision.remaining = std::max<int64_t>(1, limit.count - 1);
    decision.reset_s = now_ms / 1000 + limit.seconds;
    return decision;
  }
  // Windows that are over make room, so that there are never more than tokens in use times
  // endpoints.
  if (windows_.size() > 10'000) {
    std::erase_if(windows_, [&](const auto& entry) { return entry.second.ends_ms <= now_ms; });
  }
  Window& window = windows_[{token_id, &route}];
  if (window.ends_ms <= now_ms) window = {now_ms + limit.seconds * 1000, 0};
  decision.reset_s = (window.ends_ms + 999) / 1000;
  if (window.used >= limit.count) {
    decision.retry_after_s = std::max<int64_t>(1, (window.ends_ms - now_ms + 999) / 1000);
    return decision;
  }
  ++window.used;
  decision.remaining = limit.count - window.used;
  return decision;
}

}  // namespace tkn::simulator
