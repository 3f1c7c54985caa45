#include "tests/simulator/request_log.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "tests/simulator/faults.h"

namespace tkn::simulator {
namespace {

void Mask(Json& value) {
  static const std::set<std::string> secret = {"root_pass",        "password",  "token",
                                               "stackscript_data", "user_data", "secret_key"};
  if (value.is_object()) {
    for (auto& [key, member] : value.items()) {
      if (secret.contains(key) && !member.is_null()) {
        member = "***";
      } else {
        Mask(member);
      }
    }
  } else if (value.is_array()) {
    for (Json& member : value) Mask(member);
  }
}

}  // namespace

std::string Masked(const std::string& body) {
  if (body.empty()) return "";
  std::optional<Json> parsed = ParseJson(body);
  if (!parsed) return "(" + std::to_string(body.size()) + " bytes that are no JSON)";
  Mask(*parsed);
  std::string text = ToText(*parsed);
  if (text.size() > RequestLog::kMostBody) text = text.substr(0, RequestLog::kMostBody) + "...";
  return text;
}

RequestLog::RequestLog(const std::string& file) {
  if (!file.empty()) file_.open(file, std::ios::app);
}

int64_t RequestLog::Begin(const Request& request, const std::string& time,
                          const std::string& route) {
  const int64_t number = ++total_;
  most_at_once_ = std::max(most_at_once_, ++under_way_);
  // Paths that nothing serves count as one, so that the counts stay as few as the routes.
  ++counts_[request.method + " " + (route.empty() ? "(unknown)" : route)];
  Json entry = Json::object();
  entry["number"] = number;
  entry["time"] = time;
  entry["method"] = request.method;
  entry["path"] = request.Path();
  Json query = Json::object();
  for (const auto& [key, value] : request.query) query[key] = value;
  entry["query"] = std::move(query);
  entry["filter"] = request.Header("X-Filter").value_or("");
  entry["user_agent"] = request.Header("User-Agent").value_or("");
  entry["body"] = Masked(request.body);
  entries_.push_back(std::move(entry));
  if (entries_.size() > kKept) entries_.pop_front();
  return number;
}

void RequestLog::End(int64_t number, int status, int64_t token_id, const std::string& note) {
  --under_way_;
  if (entries_.empty()) return;
  const auto first = entries_.front()["number"].get<int64_t>();
  if (number < first || number - first >= static_cast<int64_t>(entries_.size())) return;
  Json& entry = entries_[static_cast<size_t>(number - first)];
  entry["status"] = status;
  entry["token_id"] = token_id;
  entry["fault"] = note;
  if (file_.is_open()) file_ << ToText(entry) << std::endl;
}

Json RequestLog::Show(const Request& query) const {
  Json counts = Json::object();
  for (const auto& [route, count] : counts_) counts[route] = count;
  Json list = Json::array();
  const int64_t since = std::atoll(query.Query("since").value_or("0").c_str());
  const std::string method = query.Query("method").value_or("");
  const std::string path = query.Query("path").value_or("**");
  for (const Json& entry : entries_) {
    if (entry["number"].get<int64_t>() <= since) continue;
    if (!method.empty() && entry["method"] != method) continue;
    if (!FitsGlob(path, entry["path"].get_ref<const std::string&>())) continue;
    list.push_back(entry);
  }
  Json shown = Json::object();
  shown["total"] = total_;
  shown["most_at_once"] = most_at_once_;
  shown["counts"] = std::move(counts);
  shown["requests"] = std::move(list);
  return shown;
}

void RequestLog::Clear() {
  entries_.clear();
  counts_.clear();
  total_ = 0;
  most_at_once_ = under_way_;
}

}  // namespace tkn::simulator
