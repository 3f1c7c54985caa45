#pragma once

#include <map>
#include <string>

#include "tests/simulator/api.h"

namespace tkn::simulator {

// An Api without a socket, for tests: calls with the token "secret" unless another is named.
class TestApi {
 public:
  explicit TestApi(Options options = {}) : api_(WithToken(std::move(options))) {}

  Answer Call(const std::string& method, const std::string& target, const Json& body = {},
              const std::map<std::string, std::string>& headers = {}) {
    return Raw(method, target, body.is_null() ? "" : ToText(body), headers);
  }
  Answer Raw(const std::string& method, const std::string& target, const std::string& body,
             const std::map<std::string, std::string>& headers = {}) {
    Request request = ParseTarget(method, target);
    request.body = body;
    request.headers.emplace_back("Content-Type", "application/json");
    if (!headers.contains("Authorization")) {
      request.headers.emplace_back("Authorization", "Bearer secret");
    }
    for (const auto& [name, value] : headers) request.headers.emplace_back(name, value);
    return api_.Handle(request, [this](int64_t ms) { slept += ms; });
  }
  // The body of an answer that has to be 200.
  Json Good(const std::string& method, const std::string& target, const Json& body = {},
            const std::map<std::string, std::string>& headers = {}) {
    const Answer answer = Call(method, target, body, headers);
    if (answer.status != 200) throw std::runtime_error(method + " " + target + ": " + answer.body);
    return Json::parse(answer.body);
  }
  void Advance(int64_t ms) { Good("POST", "/_sim/clock", {{"advance_ms", ms}}); }
  Api& api() { return api_; }

  int64_t slept = 0;

 private:
  static Options WithToken(Options options) {
    options.tokens.insert(options.tokens.begin(), {"secret", "*"});
    return options;
  }
  Api api_;
};

inline std::string HeaderOf(const Answer& answer, const std::string& name) {
  for (const auto& [key, value] : answer.headers) {
    if (key == name) return value;
  }
  return "(none)";
}

}  // namespace tkn::simulator
