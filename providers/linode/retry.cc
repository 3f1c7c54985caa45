#include "providers/linode/retry.h"

#include <algorithm>
#include <charconv>

#include "providers/linode/api_error.h"

namespace tkn::linode {
namespace {

bool IsDigits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool StartsWith(const std::string* header, std::string_view text) {
  return header != nullptr && std::string_view(*header).starts_with(text);
}

}  // namespace

bool IsIdempotent(std::string_view method) { return method != "POST"; }

Verdict Judge(const HttpResponse& response, const Value& body) {
  switch (response.status) {
    case 400:
      if (JoinedReasons(body) == "Linode busy.") return Verdict::kNotNow;
      // Written by the front, before the API saw the request.
      return StartsWith(response.FindHeader("Server"), "nginx") &&
                     StartsWith(response.FindHeader("Content-Type"), "text/html")
                 ? Verdict::kNotNow
                 : Verdict::kFinal;
    case 429:
      return Verdict::kNotNow;
    case 503:
      return response.FindHeader("X-Maintenance-Mode") == nullptr ? Verdict::kNotNow
                                                                  : Verdict::kFinal;
    // The real client repeats 408 whatever the method, and 500 on some paths. Here they are
    // repeated on every path, but never for a POST, which may have had its effect.
    case 408:
    case 500:
    case 502:
    case 504:
      return Verdict::kPerhapsDone;
    default:
      return Verdict::kFinal;
  }
}

std::chrono::milliseconds Backoff(const RetryDelays& delays, int attempt,
                                  const std::function<double()>& random) {
  const std::int64_t minimum = delays.minimum.count();
  const std::int64_t maximum = std::max<std::int64_t>(delays.maximum.count(), minimum);
  std::int64_t wait = minimum;
  for (int i = 0; i < attempt && wait < maximum; ++i) wait *= 2;
  wait = std::min(wait, maximum);
  const auto part = static_cast<double>(wait) * (0.5 + random() / 2);
  return std::chrono::milliseconds(std::max(minimum, static_cast<std::int64_t>(part)));
}

std::optional<std::chrono::milliseconds> RetryAfter(const RetryDelays& delays,
                                                    std::string_view header) {
  if (!IsDigits(header)) return std::nullopt;
  std::int64_t seconds = 0;
  const auto read = std::from_chars(header.data(), header.data() + header.size(), seconds);
  const std::chrono::milliseconds maximum = std::max(delays.maximum, delays.minimum);
  if (read.ec != std::errc() || seconds > maximum.count() / 1000) return maximum;
  return std::max(delays.minimum, std::chrono::milliseconds(seconds * 1000));
}

}  // namespace tkn::linode
