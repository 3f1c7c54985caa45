#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "tests/simulator/router.h"

namespace tkn::simulator {

// Fixed windows for each token and endpoint. Not locked: Api does that.
class RateLimiter {
 public:
  struct Decision {
    int64_t limit = 0;
    int64_t remaining = 0;
    int64_t reset_s = 0;        // Unix time at which the window ends
    int64_t retry_after_s = 0;  // 0: go on
  };

  // Counts one request. `setting` is Options::rate_limit; with 0 nothing is refused and `remaining`
  // never falls, so that a client which slows down for it is not held up.
  Decision Count(int64_t setting, const Route& route, int64_t token_id, int64_t now_ms);
  void Clear() { windows_.clear(); }

 private:
  struct Window {
    int64_t ends_ms = 0;
    int64_t used = 0;
  };
  std::map<std::pair<int64_t, const Route*>, Window> windows_;
};

}  // namespace tkn::simulator
