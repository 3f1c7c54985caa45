#include "tests/simulator/request.h"

#include <strings.h>

namespace tkn::simulator {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string Decode(std::string_view text, bool plus_is_space) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 &&
        HexDigit(text[i + 2]) >= 0) {
      out += static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2]));
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const size_t end = text.find(separator);
    if (end != 0) parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

bool SameName(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

std::string Request::Path() const {
  std::string path;
  for (const std::string& segment : segments) path += "/" + segment;
  return path.empty() ? "/" : path;
}

std::optional<std::string> Request::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (SameName(key, name)) return value;
  }
  return std::nullopt;
}

std::optional<std::string> Request::Query(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::vector<std::string> SplitPath(std::string_view path) {
  std::vector<std::string> segments;
  for (const std::string_view part : Split(path, '/')) segments.push_back(Decode(part, false));
  return segments;
}

Request ParseTarget(std::string method, std::string_view target) {
  Request request;
  request.method = std::move(method);
  target = target.substr(0, target.find('#'));
  const size_t mark = target.find('?');
  request.segments = SplitPath(target.substr(0, mark));
  if (mark != std::string_view::npos) {
    for (const std::string_view pair : Split(target.substr(mark + 1), '&')) {
      const size_t equals = pair.find('=');
      const std::string_view value =
          equals == std::string_view::npos ? "" : pair.substr(equals + 1);
      request.query.emplace_back(Decode(pair.substr(0, equals), true), Decode(value, true));
    }
  }
  if (!request.segments.empty() &&
      (request.segments.front() == "v4" || request.segments.front() == "v4beta")) {
    request.version = request.segments.front();
    request.segments.erase(request.segments.begin());
  }
  return request;
}

ApiError BadRequest(std::string reason, std::string field) {
  return ApiError{.status = 400, .errors = {{std::move(reason), std::move(field)}}};
}

ApiError NotFound() { return ApiError{.status = 404, .errors = {{"Not found"}}}; }

Json ErrorBody(const std::vector<Reason>& errors) {
  Json list = Json::array();
  for (const Reason& error : errors) {
    Json entry = {{"reason", error.reason}};
    if (!error.field.empty()) entry["field"] = error.field;
    list.push_back(std::move(entry));
  }
  Json body = Json::object();
  body["errors"] = std::move(list);
  return body;
}

}  // namespace tkn::simulator
