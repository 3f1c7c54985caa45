#include "providers/linode/fake_api.h"

#include <stdexcept>
#include <utility>

namespace tkn::linode::testing {

HttpResult Json(int status, std::string body, std::vector<HttpHeader> headers) {
  HttpResult result;
  result.response.status = status;
  result.response.body = std::move(body);
  result.response.headers = std::move(headers);
  if (result.response.FindHeader("content-type") == nullptr) {
    result.response.headers.push_back({"content-type", "application/json"});
  }
  return result;
}

HttpResult FakeTransport::Send(const HttpRequest& request) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(request);
  if (answers_.empty()) {
    if (otherwise) return otherwise(request);
    throw std::logic_error("the fake API has no answer for " + request.method + " " + request.url);
  }
  HttpResult result = std::move(answers_.front());
  answers_.pop_front();
  return result;
}

FakeTransport& FakeTransport::Answer(int status, std::string body,
                                     std::vector<HttpHeader> headers) {
  const std::lock_guard lock(mutex_);
  answers_.push_back(Json(status, std::move(body), std::move(headers)));
  return *this;
}

FakeTransport& FakeTransport::Fail(Delivery delivery, std::string message) {
  const std::lock_guard lock(mutex_);
  answers_.push_back({delivery, std::move(message)});
  return *this;
}

std::vector<HttpRequest> FakeTransport::Requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::vector<std::string> FakeTransport::Lines() const {
  std::vector<std::string> lines;
  for (const HttpRequest& request : Requests()) {
    const std::size_t host = request.url.find("://") + 3;
    std::string line = request.method + " " + request.url.substr(request.url.find('/', host));
    if (!request.body.empty()) line += " " + request.body;
    lines.push_back(std::move(line));
  }
  return lines;
}

bool FakeTransport::Done() const {
  const std::lock_guard lock(mutex_);
  return answers_.empty();
}

Clock::TimePoint FakeClock::Now() const {
  const std::lock_guard lock(mutex_);
  return TimePoint(passed_ + std::chrono::hours(1));
}

std::int64_t FakeClock::UnixSeconds() const {
  const std::lock_guard lock(mutex_);
  return 1720531798 + std::chrono::duration_cast<std::chrono::seconds>(passed_).count();
}

bool FakeClock::Wait(std::chrono::milliseconds time, const Cancellation* cancel,
                     const Cancellation* stop) {
  if (cancel != nullptr && cancel->IsCancelled()) return false;
  if (stop != nullptr && stop->IsCancelled()) return false;
  const std::lock_guard lock(mutex_);
  passed_ += time;
  if (time.count() > 0) waits_.push_back(time.count());
  return true;
}

std::vector<std::int64_t> FakeClock::Waits() const {
  const std::lock_guard lock(mutex_);
  return waits_;
}

void FakeClock::Forget() {
  const std::lock_guard lock(mutex_);
  waits_.clear();
}

}  // namespace tkn::linode::testing
