#include "providers/linode/request_log.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "engine/value/json.h"
#include "engine/value/path.h"
#include "engine/value/value.h"

namespace tkn::linode {
namespace {

constexpr std::string_view kMask = "(masked)";
constexpr std::array<std::string_view, 12> kSecretFields = {
    "token",      "root_pass",     "password",         "secret_key",    "access_key", "user_data",
    "kubeconfig", "client_secret", "stackscript_data", "root_password", "secret",     "ssl_key"};

bool IsAuthorization(std::string_view name) {
  static constexpr std::string_view kName = "authorization";
  return std::equal(name.begin(), name.end(), kName.begin(), kName.end(),
                    [](unsigned char a, char b) { return std::tolower(a) == b; });
}

}  // namespace

std::string MaskedBody(std::string_view body) {
  if (body.empty()) return "";
  std::string error;
  const std::optional<Value> json = FromJsonImplied(body, &error);
  if (!json) return "(" + std::to_string(body.size()) + " bytes that are not JSON)";
  return ToJson(json->Transform([](const Path& path, const Value& value) {
    if (path.empty() || path.back().kind != PathStep::Kind::kAttribute || value.IsNull()) {
      return value;
    }
    const std::string& name = path.back().name;
    const bool secret =
        std::find(kSecretFields.begin(), kSecretFields.end(), name) != kSecretFields.end();
    return secret ? Value::String(kMask) : value;
  }));
}

std::string DescribeRequest(const HttpRequest& request) {
  std::string line = "Linode API request: " + request.method + " " + request.url;
  for (const HttpHeader& header : request.headers) {
    line += "; " + header.name + ": ";
    line += IsAuthorization(header.name) ? std::string(kMask) : header.value;
  }
  if (!request.body.empty()) line += "; body " + MaskedBody(request.body);
  return line;
}

std::string DescribeResult(const HttpRequest& request, const HttpResult& result,
                           std::chrono::milliseconds took) {
  std::string line = "Linode API answer: " + request.method + " " + request.url + ": ";
  if (result.delivery != Delivery::kAnswered) {
    return line + "none after " + std::to_string(took.count()) + " ms: " + result.message;
  }
  line += std::to_string(result.response.status) + " after " + std::to_string(took.count()) + " ms";
  for (const char* name : {"X-RateLimit-Remaining", "Retry-After"}) {
    if (const std::string* value = result.response.FindHeader(name)) {
      line += "; " + std::string(name) + ": " + *value;
    }
  }
  return line + "; body " + MaskedBody(result.response.body);
}

}  // namespace tkn::linode
