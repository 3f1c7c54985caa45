#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/simulator/json.h"

namespace tkn::simulator {

// One HTTP request, taken apart: no part of the HTTP library is seen beyond http_server.cc.
struct Request {
  std::string method;
  std::string version;  // "v4" or "v4beta"; empty when the path has none
  std::vector<std::string>
      segments;  // decoded one by one, so that `linode%2Fdebian12` is one; without version
  std::vector<std::pair<std::string, std::string>> query;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  [[nodiscard]] std::string Path() const;  // "/profile/tokens/1", without version
  [[nodiscard]] std::optional<std::string> Header(
      std::string_view name) const;  // the first, any case
  [[nodiscard]] std::optional<std::string> Query(std::string_view name) const;
};

// Takes `target` ("/v4/profile/tokens?page=1") apart. Broken escapes stay as they were written.
Request ParseTarget(std::string method, std::string_view target);
std::vector<std::string> SplitPath(std::string_view path);

struct Reason {
  std::string reason{};
  std::string field{};  // "" when the error is about no single field
};

// Thrown by handlers and caught where the answer is made; never leaves the simulator.
struct ApiError {
  int status = 400;
  std::vector<Reason> errors{};
  std::vector<std::pair<std::string, std::string>> headers{};
};

ApiError BadRequest(std::string reason, std::string field = "");
ApiError NotFound();
Json ErrorBody(const std::vector<Reason>& errors);

}  // namespace tkn::simulator
