#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulator/rate_limiter.h"

namespace tkn::simulator {

using Headers = std::vector<std::pair<std::string, std::string>>;

// The headers that the recordings show around an answer, the noise included: clients have to bear
// it.
Headers SuccessHeaders(const std::string& method, int64_t now_ms);
Headers ErrorHeaders(const std::string& method, int64_t now_ms);  // fewer of them
Headers LimitHeaders(const RateLimiter::Decision& limit);
// Of an answer that the API's front gives, which knows nothing of the API.
Headers PlainHeaders(const std::string& content_type);

}  // namespace tkn::simulator
