#pragma once

#include <deque>
#include <fstream>
#include <map>
#include <optional>
#include <string>

#include "tests/simulator/request.h"

namespace tkn::simulator {

// What was asked, newest last: the latest kKept requests, and counts of all. Secrets in bodies are
// masked. Not locked: Api does that.
class RequestLog {
 public:
  explicit RequestLog(const std::string& file);

  // Begins an entry and answers its number. `route` is the pattern of the path, for the counts.
  int64_t Begin(const Request& request, const std::string& time, const std::string& route);
  // Completes it; `note` says what was done to the answer, "" for nothing.
  void End(int64_t number, int status, int64_t token_id, const std::string& note);

  // {"total", "most_at_once", "counts": {"POST /profile/tokens": n}, "requests": [...]}; by method,
  // path (glob) and since.
  [[nodiscard]] Json Show(const Request& query) const;
  void Clear();

  static constexpr size_t kKept = 10'000;
  static constexpr size_t kMostBody = 16'384;

 private:
  std::deque<Json> entries_;
  std::map<std::string, int64_t> counts_;
  int64_t total_ = 0;
  int64_t under_way_ = 0, most_at_once_ = 0;
  std::ofstream file_;
};

// `body` as text with the values of secret members replaced by "***".
std::string Masked(const std::string& body);

}  // namespace tkn::simulator
