#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

#include "engine/value/value.h"
#include "providers/linode/transport.h"

// When a call of the API is repeated: which answers say "not now", and how long to wait. Pure
// decisions, no clock.
namespace tkn::linode {

struct RetryDelays {
  std::chrono::milliseconds minimum{3000};
  std::chrono::milliseconds maximum{30000};
};

// GET, PUT and DELETE: doing it twice is doing it once.
bool IsIdempotent(std::string_view method);

enum class Verdict {
  kFinal,        // success, or an error to report
  kNotNow,       // the API did nothing and asks to come back: repeat, whatever the method
  kPerhapsDone,  // it failed while or after doing it: repeat only what is idempotent, a few times
};
// `body` null: not JSON.
Verdict Judge(const HttpResponse& response, const Value& body);

// Exponential: minimum * 2^attempt, at most the maximum, of that a random part from half to all,
// not below the minimum. `random` gives [0,1).
std::chrono::milliseconds Backoff(const RetryDelays& delays, int attempt,
                                  const std::function<double()>& random);
// Of a Retry-After header, within minimum and maximum; nullopt: not a whole number, so don't
// repeat.
std::optional<std::chrono::milliseconds> RetryAfter(const RetryDelays& delays,
                                                    std::string_view header);

}  // namespace tkn::linode
