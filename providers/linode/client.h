#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/value/value.h"
#include "providers/linode/api_error.h"
#include "providers/linode/api_path.h"
#include "providers/linode/clock.h"
#include "providers/linode/request_log.h"
#include "providers/linode/retry.h"
#include "providers/linode/transport.h"

namespace tkn::linode {

struct ClientOptions {
  std::string base_url = "https://api.linode.com";  // without version
  std::string api_version = "v4";
  std::string token{};     // empty: public endpoints only
  std::string no_token{};  // why there is none, for the error
  std::string ca_path{};
  std::string user_agent = "tkn";
  RetryDelays delays{};
  bool offline = false;
  bool cache = true;  // of catalogues, 15 minutes
  LogSink log{};
};

// Bounds of one call. Either member may be left as it is.
struct Limits {
  const Cancellation* cancel = nullptr;
  Clock::TimePoint deadline = Clock::TimePoint::max();
  // Goes on when the run is being broken off: what undoes something. Wants a deadline.
  bool in_spite_of_stop = false;
};

struct Answer {
  Value body{};  // what the JSON implies; null on error
  std::optional<ApiError> error{};
  // An earlier try of this very call may have had its effect already: a 404 to a DELETE then means
  // that it worked.
  bool perhaps_done_before = false;
  std::optional<std::int64_t> server_unix_seconds{};

  bool ok() const { return !error.has_value(); }
};

// How a collection is asked for.
struct Paging {
  int page_size = 0;            // 0: the API's own
  std::int64_t most_pages = 0;  // of a longer one nothing but the first page is read; 0: no limit
};

struct ListAnswer {
  std::vector<Value> items{};
  bool is_whole = true;  // false: it has more pages than were wanted
  std::optional<ApiError> error{};
  std::optional<std::int64_t> server_unix_seconds{};
  bool ok() const { return !error.has_value(); }
};

// The Linode API: sends, repeats as retry.h says, pages, slows down before a rate limit is met. A
// POST whose answer was lost is never repeated; its error is `uncertain`, and the caller finds out
// what became of it. Any thread may call.
class Client {
 public:
  Client(ClientOptions options, std::shared_ptr<HttpTransport> transport,
         std::shared_ptr<Clock> clock);

  Answer Get(const ApiPath& path, const Limits& limits);
  Answer Post(const ApiPath& path, const Value& body, const Limits& limits);
  Answer Put(const ApiPath& path, const Value& body, const Limits& limits);
  Answer Delete(const ApiPath& path, const Limits& limits);
  // All pages. `filter` null: everything; otherwise an object for X-Filter.
  ListAnswer List(const ApiPath& path, const Value& filter, const Limits& limits,
                  const Paging& paging = {});
  // The scopes of the token in use, as the last answer that told them said; "" when none did.
  std::string CallerScopes();

  Clock& clock() { return *clock_; }
  // When this client was made.
  Clock::TimePoint opened() const { return opened_; }
  std::int64_t opened_unix_seconds() const { return opened_unix_seconds_; }
  // Waits; false when cancelled, stopped or past the deadline.
  [[nodiscard]] bool Wait(std::chrono::milliseconds time, const Limits& limits);
  // A request is going to be sent soon.
  void Prepare() {
    if (!options_.offline) transport_->Prepare();
  }
  // Ends what is under way, and every later call at once.
  void Stop() { stop_.Cancel(); }
  const ClientOptions& options() const { return options_; }

 private:
  struct Cached {
    Value body;
    Clock::TimePoint until;
  };

  Answer Send(const std::string& method, const ApiPath& path, const std::string& query,
              const std::string& body, const Value& filter, const Limits& limits);
  std::optional<ApiError> Forbidden(const ApiPath& path) const;
  HttpRequest MakeRequest(const std::string& method, const std::string& url,
                          const std::string& body, const Value& filter, const Limits& limits) const;
  HttpResult SendOnce(const HttpRequest& request);
  bool WaitForTurn(const std::string& group, const Limits& limits);
  void NoteRateLimit(const std::string& group, const HttpResponse& response);

  const ClientOptions options_;
  const std::shared_ptr<HttpTransport> transport_;
  const std::shared_ptr<Clock> clock_;
  const Clock::TimePoint opened_;
  const std::int64_t opened_unix_seconds_;
  Cancellation stop_;
  std::mutex mutex_;
  std::map<std::string, Clock::TimePoint> not_before_;  // by group of endpoints
  std::map<std::string, Cached> cache_;
  std::string caller_scopes_;
};

}  // namespace tkn::linode
