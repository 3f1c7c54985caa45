#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "providers/linode/client.h"
#include "providers/linode/clock.h"
#include "providers/linode/transport.h"

// For tests: an API that is a list of answers, and a clock that nobody waits for.
namespace tkn::linode::testing {

// Gives its answers in turn and remembers what was asked. Any thread may call.
class FakeTransport final : public HttpTransport {
 public:
  HttpResult Send(const HttpRequest& request) override;

  FakeTransport& Answer(int status, std::string body, std::vector<HttpHeader> headers = {});
  FakeTransport& Fail(Delivery delivery, std::string message = "Connection reset by peer");
  // Used for every request once the list is empty.
  std::function<HttpResult(const HttpRequest&)> otherwise{};

  std::vector<HttpRequest> Requests() const;
  // "POST /v4/profile/tokens {...}": method, path and query, body.
  std::vector<std::string> Lines() const;
  bool Done() const;  // all answers were asked for

 private:
  mutable std::mutex mutex_;
  std::deque<HttpResult> answers_;
  std::vector<HttpRequest> requests_;
};

HttpResult Json(int status, std::string body, std::vector<HttpHeader> headers = {});

// Starts at 2024-07-09T13:29:58Z. Waiting moves it on and is written down.
class FakeClock final : public Clock {
 public:
  TimePoint Now() const override;
  std::int64_t UnixSeconds() const override;
  bool Wait(std::chrono::milliseconds time, const Cancellation* cancel,
            const Cancellation* stop) override;
  std::vector<std::int64_t> Waits() const;  // milliseconds, those of 0 left out
  void Forget();

 private:
  mutable std::mutex mutex_;
  std::chrono::milliseconds passed_{0};
  std::vector<std::int64_t> waits_;
};

}  // namespace tkn::linode::testing
