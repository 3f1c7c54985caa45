#include "tests/simulator/headers.h"

#include "tests/simulator/clock.h"

namespace tkn::simulator {
namespace {

Headers Shared(int64_t now_ms) {
  return {{"Content-Type", "application/json"},
          {"Access-Control-Allow-Headers",
           "Authorization, Origin, X-Requested-With, Content-Type, Accept, X-Filter"},
          {"Access-Control-Allow-Methods", "HEAD, GET, OPTIONS, POST, PUT, DELETE"},
          {"Access-Control-Allow-Origin", "*"},
          {"Cache-Control", "max-age=0, no-cache, no-store"},
          {"Date", FormatHttpDate(now_ms)},
          {"Expires", FormatHttpDate(now_ms)},
          {"Pragma", "no-cache"},
          {"X-Frame-Options", "DENY"},
          {"X-Spec-Version", "4.0.0"},
          {"X-Customer-UUID", "00000000-0000-4000-8000-000000000000"}};
}

constexpr const char* kVary = "Authorization, X-Filter";

bool Reads(const std::string& method) { return method == "GET" || method == "HEAD"; }

}  // namespace

Headers SuccessHeaders(const std::string& method, int64_t now_ms) {
  Headers headers = Shared(now_ms);
  headers.insert(headers.end(), {{"Access-Control-Allow-Credentials", "true"},
                                 {"Access-Control-Expose-Headers",
                                  "X-OAuth-Scopes, X-Accepted-OAuth-Scopes, X-Status"},
                                 {"Content-Security-Policy", "default-src 'none'"},
                                 {"Strict-Transport-Security", "max-age=31536000"},
                                 {"Vary", kVary},
                                 {"X-Content-Type-Options", "nosniff"},
                                 {"X-Frame-Options", "DENY"},  // really twice
                                 {"X-XSS-Protection", "1; mode=block"}});
  if (Reads(method)) headers.emplace_back("Vary", kVary);
  return headers;
}

Headers ErrorHeaders(const std::string& method, int64_t now_ms) {
  Headers headers = Shared(now_ms);
  // A refused write does not vary: only answers to reads may be kept by a cache.
  if (Reads(method)) headers.emplace_back("Vary", kVary);
  return headers;
}

Headers LimitHeaders(const RateLimiter::Decision& limit) {
  return {{"X-RateLimit-Limit", std::to_string(limit.limit)},
          {"X-RateLimit-Remaining", std::to_string(limit.remaining)},
          {"X-RateLimit-Reset", std::to_string(limit.reset_s)}};
}

Headers PlainHeaders(const std::string& content_type) {
  return {{"Content-Type", content_type}, {"Cache-Control", "no-store"}};
}

}  // namespace tkn::simulator
