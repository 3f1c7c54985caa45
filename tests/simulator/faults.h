#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulator/request.h"

namespace tkn::simulator {

// What goes wrong with one answer. README.md describes the JSON it is made from.
struct Fault {
  bool after = false;  // the request is carried out first
  int status = 0;      // answer with this status instead; 0: the real one
  std::optional<std::string> retry_after{};
  std::optional<std::string> body{};
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers{};
  bool cut = false;         // close the connection without an answer
  bool reset = false;       // the same with a TCP reset
  int64_t latency_ms = 0;   // before anything else, or (after) before the answer
  int64_t truncate = -1;    // so many bytes of the body, then the end
  bool wrong_json = false;  // the body with its last character missing, length correct
  int64_t huge = 0;         // a JSON string of so many bytes
  int64_t drip_ms = 0;      // one byte every so many milliseconds
};

// Rules that say which requests go wrong. Not locked: Api does that.
class Faults {
 public:
  // Adds a rule and answers it with its id. Throws ApiError 400 for one that makes no sense.
  Json Add(const Json& given);
  // The rules with how often each was `seen` (matched method and path) and `fired`.
  [[nodiscard]] Json List() const;
  bool Remove(int64_t id);
  void Clear() { rules_.clear(); }

  // The fault for a request, counting it. The first rule that fires is used; all that match count.
  std::optional<Fault> Next(const std::string& method, const std::string& path);

 private:
  struct Rule {
    int64_t id = 0;
    Json given;
    std::string method;
    std::string path;
    std::vector<int64_t> nth;
    int64_t every = 0;
    double probability = 1;
    uint64_t random = 1;
    int64_t times = 0;  // 0: no end
    int64_t seen = 0;
    int64_t fired = 0;
    Fault fault;
  };
  static bool Fires(Rule& rule);

  std::vector<Rule> rules_;
  int64_t next_id_ = 1;
};

// Whether `path` fits `glob`: "*" stands for any characters but "/", "**" for any at all.
bool FitsGlob(std::string_view glob, std::string_view path);

}  // namespace tkn::simulator
