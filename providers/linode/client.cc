#include "providers/linode/client.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <random>
#include <string_view>
#include <utility>

#include "engine/value/json.h"
#include "providers/linode/answer.h"
#include "providers/linode/instant.h"

namespace tkn::linode {
namespace {

// As the real client: so often, and in all no longer than this, is "not now" taken for an answer.
constexpr int kMostTries = 1000;
constexpr std::chrono::minutes kLongestTrying{15};
// A lost answer or a fault of the server, for what may be repeated.
constexpr int kMostFaults = 4;
// Nothing was sent: a name that did not resolve, a refused connection.
constexpr int kMostConnects = 2;
constexpr std::int64_t kMostPages = 10000;
constexpr std::chrono::minutes kCacheTime{15};

double Random() {
  thread_local std::mt19937 generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

bool IsPublic(std::string_view path) {
  static constexpr std::array<std::string_view, 4> kCatalogues = {"regions", "linode/types",
                                                                  "linode/kernels", "images"};
  return std::any_of(kCatalogues.begin(), kCatalogues.end(), [&](std::string_view catalogue) {
    return path.starts_with(catalogue) &&
           (path.size() == catalogue.size() || path[catalogue.size()] == '/');
  });
}

bool IsCacheable(std::string_view path) { return IsPublic(path) && !path.starts_with("images"); }

// Limits are counted for groups of endpoints that are not documented; method and first two segments
// come near.
std::string GroupOf(const std::string& method, const std::string& path) {
  const std::size_t first = path.find('/');
  const std::size_t second = first == std::string::npos ? first : path.find('/', first + 1);
  return (method == "GET" ? "read " : "write ") + path.substr(0, second);
}

std::optional<std::int64_t> ReadInt(const std::string* text) {
  std::int64_t value = 0;
  if (text == nullptr) return std::nullopt;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), value);
  if (read.ec != std::errc() || read.ptr != text->data() + text->size()) return std::nullopt;
  return value;
}

ApiError Failure(ApiError::Kind kind, std::string text) {
  return {.kind = kind, .status = 0, .text = std::move(text)};
}

}  // namespace

Client::Client(ClientOptions options, std::shared_ptr<HttpTransport> transport,
               std::shared_ptr<Clock> clock)
    : options_(std::move(options)),
      transport_(std::move(transport)),
      clock_(std::move(clock)),
      opened_(clock_->Now()),
      opened_unix_seconds_(clock_->UnixSeconds()) {}

Answer Client::Get(const ApiPath& path, const Limits& limits) {
  const bool cacheable = options_.cache && !options_.offline && IsCacheable(path.text());
  if (cacheable) {
    const std::lock_guard lock(mutex_);
    const auto found = cache_.find(path.text());
    if (found != cache_.end() && clock_->Now() < found->second.until) return {found->second.body};
  }
  Answer answer = Send("GET", path, "", "", Value(), limits);
  if (cacheable && answer.ok()) {
    const std::lock_guard lock(mutex_);
    cache_.insert_or_assign(path.text(), Cached{answer.body, clock_->Now() + kCacheTime});
  }
  return answer;
}

Answer Client::Post(const ApiPath& path, const Value& body, const Limits& limits) {
  return Send("POST", path, "", ToJson(body), Value(), limits);
}

Answer Client::Put(const ApiPath& path, const Value& body, const Limits& limits) {
  return Send("PUT", path, "", ToJson(body), Value(), limits);
}

Answer Client::Delete(const ApiPath& path, const Limits& limits) {
  return Send("DELETE", path, "", "", Value(), limits);
}

std::string Client::CallerScopes() {
  const std::lock_guard lock(mutex_);
  return caller_scopes_;
}

ListAnswer Client::List(const ApiPath& path, const Value& filter, const Limits& limits,
                        const Paging& paging) {
  ListAnswer list;
  const std::string size =
      paging.page_size == 0 ? "" : "&page_size=" + std::to_string(paging.page_size);
  for (std::int64_t page = 1;; ++page) {
    Answer answer = Send("GET", path, "?page=" + std::to_string(page) + size, "", filter, limits);
    if (!answer.ok()) {
      list.error = std::move(answer.error);
      return list;
    }
    list.server_unix_seconds = answer.server_unix_seconds;
    for (Value& item : ItemsOf(answer.body, "data")) list.items.push_back(std::move(item));
    // An empty collection says "page 1 of 1" or "page 0 of 0".
    const std::int64_t pages = IntOf(answer.body, "pages").value_or(0);
    list.is_whole = paging.most_pages == 0 || pages <= paging.most_pages;
    if (!list.is_whole || page >= pages || page >= kMostPages) return list;
  }
}

bool Client::Wait(std::chrono::milliseconds time, const Limits& limits) {
  const Clock::TimePoint now = clock_->Now();
  if (now >= limits.deadline) return false;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(limits.deadline - now);
  const bool cut = limits.deadline != Clock::TimePoint::max() && left < time;
  const Cancellation* stop = limits.in_spite_of_stop ? nullptr : &stop_;
  return clock_->Wait(cut ? left : time, limits.cancel, stop) && !cut;
}

std::optional<ApiError> Client::Forbidden(const ApiPath& path) const {
  if (options_.offline) {
    return Failure(ApiError::Kind::kOffline,
                   "This run is offline, so the Linode API can't be asked. Run without -offline.");
  }
  if (options_.token.empty() && !IsPublic(path.text())) {
    return Failure(ApiError::Kind::kNoToken, options_.no_token);
  }
  return std::nullopt;
}

HttpRequest Client::MakeRequest(const std::string& method, const std::string& url,
                                const std::string& body, const Value& filter,
                                const Limits& limits) const {
  HttpRequest request{.method = method, .url = url, .body = body, .ca_path = options_.ca_path};
  request.cancel = limits.cancel;
  request.stop = limits.in_spite_of_stop ? nullptr : &stop_;
  if (limits.deadline != Clock::TimePoint::max()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(limits.deadline - clock_->Now());
    request.timeout = std::clamp(left, std::chrono::milliseconds(1), request.timeout);
  }
  if (!options_.token.empty()) {
    request.headers.push_back({"Authorization", "Bearer " + options_.token});
  }
  request.headers.push_back({"Content-Type", "application/json"});
  request.headers.push_back({"Accept", "application/json"});
  request.headers.push_back({"User-Agent", options_.user_agent});
  if (!filter.IsNull()) request.headers.push_back({"X-Filter", ToJson(filter)});
  return request;
}

HttpResult Client::SendOnce(const HttpRequest& request) {
  if (options_.log) options_.log(DescribeRequest(request));
  const Clock::TimePoint start = clock_->Now();
  HttpResult result;
  if (std::string why = CheckRequest(request); !why.empty()) {
    result = {Delivery::kNotSent, std::move(why)};
  } else {
    result = transport_->Send(request);
  }
  if (options_.log) {
    options_.log(DescribeResult(
        request, result,
        std::chrono::duration_cast<std::chrono::milliseconds>(clock_->Now() - start)));
  }
  return result;
}

Answer Client::Send(const std::string& method, const ApiPath& path, const std::string& query,
                    const std::string& body, const Value& filter, const Limits& limits) {
  Answer answer;
  answer.error = Forbidden(path);
  if (answer.error) return answer;

  const std::string url =
      options_.base_url + "/" + options_.api_version + "/" + path.text() + query;
  const std::string group = GroupOf(method, path.text());
  const bool idempotent = IsIdempotent(method);
  const Clock::TimePoint give_up =
      std::min(limits.deadline, clock_->Now() + Clock::TimePoint::duration(kLongestTrying));
  const Limits trying{limits.cancel, give_up, limits.in_spite_of_stop};
  int faults = 0;
  int connects = 0;

  for (int attempt = 0;; ++attempt) {
    if (!WaitForTurn(group, trying)) {
      answer.error =
          Failure(ApiError::Kind::kCancelled, "[002] the call was interrupted before it was sent");
      return answer;
    }
    const HttpRequest request = MakeRequest(method, url, body, filter, limits);
    const HttpResult result = SendOnce(request);
    std::chrono::milliseconds wait = Backoff(options_.delays, attempt, Random);
    bool repeat = attempt + 1 < kMostTries;

    if (result.delivery != Delivery::kAnswered) {
      // `message` names host and port at most; transports know no secrets to leave out.
      answer.error = Failure(ApiError::Kind::kLost, "[002] " + result.message);
      switch (result.delivery) {
        case Delivery::kNotSent:
          answer.error->kind = ApiError::Kind::kNotSent;
          repeat = ++connects < kMostConnects && CheckRequest(request).empty();
          break;
        case Delivery::kCancelled:
          answer.error->kind = ApiError::Kind::kCancelled;
          answer.error->uncertain = !idempotent;
          return answer;
        default:
          answer.error->uncertain = !idempotent;
          answer.perhaps_done_before = true;
          repeat = idempotent && ++faults < kMostFaults;
      }
    } else {
      const HttpResponse& response = result.response;
      std::string not_json;
      const std::optional<Value> json = response.body.empty()
                                            ? std::optional(Value::EmptyObject())
                                            : FromJsonImplied(response.body, &not_json);
      const Value parsed = json ? *json : Value();
      NoteRateLimit(group, response);
      if (const std::string* scopes = response.FindHeader("X-OAuth-Scopes");
          scopes != nullptr && *scopes != "unknown") {
        const std::lock_guard lock(mutex_);
        caller_scopes_ = *scopes;
      }
      if (const std::string* date = response.FindHeader("Date")) {
        if (const auto instant = Instant::ParseHttpDate(*date)) {
          answer.server_unix_seconds = instant->seconds;
        }
      }
      const bool success = response.status >= 200 && response.status < 300;
      if (success && json) {
        answer.error.reset();
        answer.body = parsed;
        return answer;
      }
      if (success) {
        // It was done, but what the answer said can't be read.
        answer.error = Failure(ApiError::Kind::kLost, "[002] the answer is no JSON: " + not_json);
        answer.error->uncertain = !idempotent;
        answer.perhaps_done_before = true;
        repeat = idempotent && ++faults < kMostFaults;
      } else {
        answer.error = ApiError{.kind = ApiError::Kind::kStatus,
                                .status = response.status,
                                .text = ErrorText(response, parsed)};
        switch (Judge(response, parsed)) {
          case Verdict::kFinal:
            return answer;
          case Verdict::kNotNow:
            break;
          case Verdict::kPerhapsDone:
            answer.error->uncertain = !idempotent;
            answer.perhaps_done_before = true;
            repeat = idempotent && ++faults < kMostFaults;
        }
        if (const std::string* after = response.FindHeader("Retry-After")) {
          const auto asked = RetryAfter(options_.delays, *after);
          if (!asked) return answer;
          wait = *asked;
        }
      }
    }
    if (!repeat) return answer;
    if (!Wait(wait, trying)) {
      // The error that made us wait says more than that the waiting ended, unless somebody ended
      // it.
      const bool stopped =
          stop_.IsCancelled() || (limits.cancel != nullptr && limits.cancel->IsCancelled());
      if (stopped) answer.error->kind = ApiError::Kind::kCancelled;
      return answer;
    }
  }
}

bool Client::WaitForTurn(const std::string& group, const Limits& limits) {
  Clock::TimePoint turn = Clock::TimePoint::min();
  {
    const std::lock_guard lock(mutex_);
    const auto found = not_before_.find(group);
    if (found != not_before_.end()) turn = found->second;
  }
  const Clock::TimePoint now = clock_->Now();
  const auto wait = turn > now ? std::chrono::ceil<std::chrono::milliseconds>(turn - now)
                               : std::chrono::milliseconds(0);
  return Wait(wait, limits);
}

void Client::NoteRateLimit(const std::string& group, const HttpResponse& response) {
  const auto remaining = ReadInt(response.FindHeader("X-RateLimit-Remaining"));
  if (!remaining || *remaining > 0) return;
  const auto reset = ReadInt(response.FindHeader("X-RateLimit-Reset"));
  if (!reset) return;
  // Clocks differ: never longer than one longest wait, after that the API may say 429.
  const std::int64_t longest = std::max<std::int64_t>(1, options_.delays.maximum.count() / 1000);
  const std::int64_t seconds = std::clamp<std::int64_t>(*reset - clock_->UnixSeconds(), 0, longest);
  const std::lock_guard lock(mutex_);
  Clock::TimePoint& turn = not_before_[group];
  turn = std::max(turn, clock_->Now() + std::chrono::seconds(seconds));
}

}  // namespace tkn::linode
