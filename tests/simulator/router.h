#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/simulator/request.h"
#include "tests/simulator/scopes.h"
#include "tests/simulator/world.h"

namespace tkn::simulator {

// So many requests for one token in so many seconds; `count` is what X-RateLimit-Limit says.
struct RateLimit {
  int64_t count = 1840;
  int64_t seconds = 60;
};

// One call of the API, as a handler sees it.
struct Call {
  World& world;
  const Request& request;
  const Caller& caller;
  std::vector<std::string> args;  // what stood in the path for each "{}"
  Json body;                      // always an object; empty when nothing was sent

  [[nodiscard]] int64_t Id(
      size_t index) const;  // args[index]; throws ApiError 404 when it is no number
};

using Handler = std::function<Json(Call&)>;

struct Route {
  std::string method;
  std::string pattern;  // "/profile/tokens/{}"
  std::string scopes;   // what X-Accepted-OAuth-Scopes says, and what is needed; "*": any token
  RateLimit limit;
  Handler handler;
  bool anonymous = false;            // works without a token too
  std::vector<std::string> parts{};  // pattern, split by the router
};

// Where objects of a path live, for the control endpoint.
struct StoredAt {
  std::string pattern;  // of one object
  std::string collection;
};

class Router {
 public:
  void Add(Route route);
  void AddStored(StoredAt stored) { stored_.push_back(std::move(stored)); }

  // The route for a request. Throws ApiError 404 for an unknown path, 405 for a known one with
  // another method.
  const Route& Find(const std::string& method, const std::vector<std::string>& segments,
                    std::vector<std::string>& args) const;
  // The collection that an object's path leads to, and the object's id as text; false if there is
  // none.
  bool FindStored(const std::vector<std::string>& segments, std::string& collection,
                  std::string& id) const;

 private:
  std::vector<Route> routes_;
  std::vector<StoredAt> stored_;
};

}  // namespace tkn::simulator
