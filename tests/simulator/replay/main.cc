// Plays every recording of the real API against the simulator and compares the answers field by
// field. Exit code 77, "skipped", where there are no recordings.

#include <httplib.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <iostream>

#include "tests/simulator/http_server.h"
#include "tests/simulator/replay/compare.h"
#include "tests/simulator/replay/recording.h"

namespace tkn::simulator {
namespace {

constexpr int64_t kBootMs =
    3'600'000;  // so long that nothing happens but when the test moves the clock
constexpr int kSkipped = 77;

// "GET /profile/tokens/*": requests of one kind, for headers whose values changed over the years.
std::string KindOf(const Exchange& exchange) {
  const Request request = ParseTarget(exchange.method, exchange.target);
  std::string kind = exchange.method;
  for (const std::string& segment : request.segments) {
    const bool number = segment.find_first_not_of("0123456789.") == std::string::npos;
    kind += number ? "/*" : "/" + segment;
  }
  return kind;
}

// For each kind of request and header, every value that any recording has.
using SeenValues = std::map<std::pair<std::string, std::string>, std::set<std::string>>;

std::optional<int64_t> HttpDate(const std::string& text) {
  std::tm parts{};
  if (strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts) == nullptr) return std::nullopt;
  return static_cast<int64_t>(timegm(&parts)) * 1000;
}

Options OptionsFor(const std::vector<Exchange>& exchanges) {
  Options options;
  options.boot_ms = kBootMs;
  options.threads = 4;
  for (const Exchange& exchange : exchanges) {
    const std::string scopes = exchange.Header("X-OAuth-Scopes").value_or("unknown");
    if (scopes != "unknown" && options.tokens.empty()) {
      options.tokens.emplace_back(std::string(64, 'f'), scopes);
    }
    // Only where the recording has a Linode that is still busy after it runs.
    if (exchange.body.find("Linode busy.") != std::string::npos) options.busy_ms = kBootMs;
    const std::optional<std::string> expires = exchange.Header("Expires");
    if (expires && !options.now_ms) options.now_ms = HttpDate(*expires);
  }
  return options;
}

class Replay {
 public:
  Replay(const std::string& name, const std::vector<Exchange>& exchanges, const SeenValues& seen)
      : exchanges_(exchanges),
        seen_(seen),
        options_(OptionsFor(exchanges)),
        api_(options_),
        server_(api_, 0, options_.threads),
        client_("127.0.0.1", server_.port()),
        // The regions' abilities grow from year to year, and an account sees a part of them.
        comparison_(name == "TestRegions_List"
                        ? std::set<std::string>{}
                        : std::set<std::string>{"capabilities", "monitors", "resolvers",
                                                "placement_group_limits", "regions"}) {}

  // Every difference, each with the number of the request.
  std::vector<std::string> Run() {
    std::vector<std::string> problems;
    AddUnknownRegions();
    for (size_t i = 0; i < exchanges_.size(); ++i) {
      Play(exchanges_[i]);
      for (const std::string& problem : comparison_.TakeProblems()) problems_.push_back(problem);
      for (const std::string& problem : problems_) {
        problems.push_back("request " + std::to_string(i + 1) + ", " + KindOf(exchanges_[i]) +
                           ": " + problem);
      }
      problems_.clear();
    }
    return problems;
  }
  [[nodiscard]] size_t compared() const { return comparison_.compared(); }

 private:
  Json Control(const std::string& method, const std::string& path, const Json& body) {
    httplib::Request request;
    request.method = method;
    request.path = "/_sim" + path;
    request.body = body.is_null() ? "" : ToText(body);
    const httplib::Result result = client_.send(request);
    if (!result || result->status != 200)
      throw std::runtime_error("control request failed: " + path);
    return Json::parse(result->body);
  }

  // Some recordings were made where there are regions that the public does not see.
  void AddUnknownRegions() {
    for (const Exchange& exchange : exchanges_) {
      if (!exchange.target.ends_with("/regions?page=1")) continue;
      const Json recorded = Json::parse(exchange.body);
      for (const Json& region : recorded["data"]) {
        const std::string path = "/v4/regions/" + region["id"].get<std::string>();
        const httplib::Result found = client_.Get(path);
        if (found && found->status == 200) continue;
        Control("PUT", "/objects", {{"path", path.substr(3)}, {"body", region}});
      }
    }
  }

  // Moves the clock until the Linode has the status that the recording shows next.
  void AwaitStatus(const Exchange& exchange) {
    const std::optional<Json> recorded = ParseJson(exchange.body);
    if (exchange.method != "GET" || !recorded || !recorded->contains("hypervisor")) return;
    for (int i = 0; i < 8; ++i) {
      const Json all = Control("GET", "/objects?path=/linode/instances", {});
      if (all.empty() || all.back()["status"] == (*recorded)["status"]) return;
      Control("POST", "/clock", {{"advance_ms", kBootMs / 2}});
    }
  }

  httplib::Request Translated(const Exchange& exchange) {
    const size_t mark = exchange.target.find('?');
    std::string path;
    for (const std::string& segment : SplitPath(exchange.target.substr(0, mark))) {
      path += "/" + comparison_.MappedId(segment);
    }
    // Addresses were made the same by the recorder: each deletion means the next of ours.
    if (exchange.method == "DELETE" && path.ends_with("/192.0.2.0") && !addresses_.empty()) {
      path.replace(path.rfind('/') + 1, std::string::npos, addresses_.front());
    }
    httplib::Request request;
    request.method = exchange.method;
    request.path = path + (mark == std::string::npos ? "" : exchange.target.substr(mark));
    request.body = exchange.request_body;
    for (const auto& [name, value] : exchange.request_headers) request.set_header(name, value);
    if (!options_.tokens.empty()) {
      request.set_header("Authorization", "Bearer " + options_.tokens.front().first);
    }
    return request;
  }

  void Play(const Exchange& exchange) {
    AwaitStatus(exchange);
    if (was_busy_ && exchange.code == 200) Control("POST", "/clock", {{"advance_ms", kBootMs}});
    was_busy_ = exchange.body.find("Linode busy.") != std::string::npos;
    if (exchange.code ==
        429) {  // when the real limits strike depends on the second: made to happen
      Control("POST", "/faults", {{"nth", 1}, {"status", 429}, {"retry_after", 1}});
    }
    httplib::Request request = Translated(exchange);
    const httplib::Result result = client_.send(request);
    if (exchange.code == 429) Control("DELETE", "/faults", {});
    if (!result) {
      problems_.push_back("no answer");
      return;
    }
    if (result->status != exchange.code) {
      problems_.push_back("status: recorded " + std::to_string(exchange.code) + ", simulated " +
                          std::to_string(result->status) + " " + result->body);
      return;
    }
    // Where nothing varies even the spaces have to be the same.
    if ((exchange.code >= 400 || exchange.body == "{}") && exchange.body != result->body) {
      problems_.push_back("body: recorded " + exchange.body + ", simulated " + result->body);
    }
    const std::optional<Json> simulated = ParseJson(result->body);
    if (!simulated || ToText(*simulated) != result->body) {
      problems_.push_back("not the API's form of JSON: " + result->body);
      return;
    }
    Json recorded = Json::parse(exchange.body);
    const bool catalogue = exchange.target.find("/regions?") != std::string::npos;
    if (catalogue && recorded["data"].size() < (*simulated)["data"].size()) {
      recorded["results"] = (*simulated)["results"];
    }
    comparison_.Compare(recorded, *simulated, "$");
    if (exchange.target.ends_with("/reserved/ips") && exchange.code == 200) {
      addresses_.push_back((*simulated)["address"]);
    }
    if (exchange.method == "DELETE" && exchange.code == 200 && !addresses_.empty()) {
      addresses_.erase(addresses_.begin());
    }
    Headers(exchange, *result);
  }

  void Headers(const Exchange& exchange, const httplib::Response& response) {
    const auto differ = [&](const std::string& name, const std::string& recorded) {
      problems_.push_back("header " + name + ": recorded \"" + recorded + "\", simulated \"" +
                          response.get_header_value(name) + "\"");
    };
    for (const char* name : {"Content-Type", "X-Accepted-OAuth-Scopes", "X-OAuth-Scopes", "Pragma",
                             "X-Frame-Options", "Access-Control-Allow-Methods"}) {
      const std::optional<std::string> recorded = exchange.Header(name);
      if (recorded && response.get_header_value(name) != *recorded) differ(name, *recorded);
    }
    for (const char* name : {"Vary", "Content-Security-Policy", "X-Content-Type-Options",
                             "X-XSS-Protection", "Access-Control-Expose-Headers"}) {
      const std::string recorded = exchange.Header(name).value_or("");
      if (response.get_header_value(name) != recorded) differ(name, recorded);
    }
    // A value that was seen with this kind of request; absent only where it was.
    for (const char* name : {"Cache-Control", "X-RateLimit-Limit"}) {
      const auto seen = seen_.find({KindOf(exchange), name});
      const bool has = response.has_header(name);
      const bool recorded = exchange.Header(name).has_value();
      if (recorded != has && std::string(name) != "Cache-Control") {
        differ(name, exchange.Header(name).value_or(""));
      } else if (has && seen != seen_.end() &&
                 !seen->second.contains(response.get_header_value(name))) {
        differ(name, exchange.Header(name).value_or(""));
      }
    }
  }

  const std::vector<Exchange>& exchanges_;
  const SeenValues& seen_;
  Options options_;
  Api api_;
  HttpServer server_;
  httplib::Client client_;
  Comparison comparison_;
  std::vector<std::string> problems_;
  std::vector<std::string> addresses_;  // reserved and not yet released, oldest first
  bool was_busy_ = false;
};

int Run(const std::filesystem::path& folder) {
  const std::map<std::string, std::vector<Exchange>> recordings = ReadRecordings(folder);
  if (recordings.empty()) {
    std::cout << "skipped: no recordings in " << folder << " (TKN_SHARED names their place)\n";
    return kSkipped;
  }
  SeenValues seen;
  for (const auto& [name, exchanges] : recordings) {
    for (const Exchange& exchange : exchanges) {
      for (const char* header : {"Cache-Control", "X-RateLimit-Limit"}) {
        const std::optional<std::string> value = exchange.Header(header);
        if (value) seen[{KindOf(exchange), header}].insert(*value);
      }
    }
  }
  size_t problems = 0;
  for (const auto& [name, exchanges] : recordings) {
    Replay replay(name, exchanges, seen);
    const std::vector<std::string> found = replay.Run();
    std::cout << (found.empty() ? "ok      " : "FAILED  ") << name << ": " << exchanges.size()
              << " requests, " << replay.compared() << " fields\n";
    for (const std::string& problem : found) std::cout << "        " << problem << '\n';
    problems += found.size();
  }
  return problems == 0 ? 0 : 1;
}

}  // namespace
}  // namespace tkn::simulator

int main(int argc, char** argv) {
  try {
    return tkn::simulator::Run(tkn::simulator::RecordingsFolder(argc > 1 ? argv[1] : "."));
  } catch (const std::exception& failure) {
    std::cerr << failure.what() << '\n';
    return 1;
  }
}
