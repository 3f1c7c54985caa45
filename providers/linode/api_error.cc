#include "providers/linode/api_error.h"

#include <array>
#include <cstdio>

#include "providers/linode/answer.h"

namespace tkn::linode {
namespace {

// How much of an answer that is no JSON is shown.
constexpr std::size_t kShownBody = 500;

std::string Printable(std::string_view text) {
  std::string shown;
  for (const char c : text.substr(0, kShownBody)) {
    const auto byte = static_cast<unsigned char>(c);
    shown += byte < 0x20 && c != '\n' ? ' ' : c;
  }
  if (text.size() > kShownBody) shown += "...";
  return shown;
}

std::string_view StatusName(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 408:
      return "Request Timeout";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "the API gave no reason";
  }
}

}  // namespace

std::string JoinedReasons(const Value& body) {
  std::string joined;
  for (const Value& error : ItemsOf(body, "errors")) {
    const std::string field = TextOf(error, "field");
    if (!joined.empty()) joined += "; ";
    if (!field.empty()) joined += "[" + field + "] ";
    joined += TextOf(error, "reason");
  }
  return joined;
}

std::string ErrorText(const HttpResponse& response, const Value& body) {
  std::array<char, 16> code{};
  std::snprintf(code.data(), code.size(), "[%03d] ", response.status);
  std::string text = code.data();
  if (std::string reasons = JoinedReasons(body); !reasons.empty()) return text + reasons;

  const std::string* type = response.FindHeader("Content-Type");
  const bool is_json = type != nullptr && type->starts_with("application/json");
  // A gateway's page says nothing that the status doesn't.
  const bool gateway = response.status == 502 || response.status == 504;
  if (!is_json && !gateway && !response.body.empty()) {
    return text + "Unexpected Content-Type: Expected: application/json, Received: " +
           (type == nullptr ? "none" : Printable(*type)) +
           "\nResponse body: " + Printable(response.body);
  }
  return text + std::string(StatusName(response.status));
}

}  // namespace tkn::linode
