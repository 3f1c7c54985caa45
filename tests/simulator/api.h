#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulator/faults.h"
#include "tests/simulator/rate_limiter.h"
#include "tests/simulator/request_log.h"
#include "tests/simulator/router.h"

namespace tkn::simulator {

// What goes back. The HTTP side also carries out what of `fault` concerns the wire.
struct Answer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers{};  // a name may come twice
  std::string body{};
  Fault fault{};
};

// The simulated API: requests in, answers out, no socket. Any thread may call; one request at a
// time is carried out. Throws std::runtime_error from the constructor for options that cannot be
// used.
class Api {
 public:
  using Sleep = std::function<void(int64_t ms)>;

  explicit Api(Options options);

  Answer Handle(const Request& request, const Sleep& sleep);

  // Writes the state file, if one was asked for. False when that failed.
  bool Save();

 private:
  Answer Carry(const Request& request, Caller& caller, const Fault* fault);
  Caller Authenticate(const Request& request);
  Answer Control(const Request& request);
  Json ControlObjects(const Request& request, const Json& body);
  Json Internal(const std::string& method, const std::string& path, const Json& body);
  void Reset();

  const Options options_;
  Router router_;
  std::mutex mutex_;  // guards all below
  std::unique_ptr<World> world_;
  Faults faults_;
  RequestLog log_;
  RateLimiter limiter_;
};

}  // namespace tkn::simulator
