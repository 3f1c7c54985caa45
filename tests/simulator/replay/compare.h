#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/simulator/json.h"

namespace tkn::simulator {

// Compares what was recorded with what the simulator answers: every key, every type, and every
// value that is not by its nature another one each time (ids, times, addresses, secrets: these by
// form).
class Comparison {
 public:
  // `shape_only` names members whose values differ between recordings of different years: only
  // types count there.
  explicit Comparison(std::set<std::string> shape_only) : shape_only_(std::move(shape_only)) {}

  // What differs is added to problems(); ids are paired as they are met.
  void Compare(const Json& recorded, const Json& simulated, const std::string& at);

  // The simulator's id for a recorded one; the same text when it was never met.
  [[nodiscard]] std::string MappedId(const std::string& recorded) const;
  std::vector<std::string> TakeProblems() { return std::exchange(problems_, {}); }
  [[nodiscard]] size_t compared() const { return compared_; }

 private:
  void Member(const std::string& key, const Json& recorded, const Json& simulated,
              const std::string& at);
  void Lists(const Json& recorded, const Json& simulated, const std::string& at);
  void Shape(const Json& recorded, const Json& simulated, const std::string& at);
  void Id(const Json& recorded, const Json& simulated, const std::string& at);
  void Problem(std::string at, const std::string& what);
  void Differ(const std::string& at, const Json& recorded, const Json& simulated);

  std::set<std::string> shape_only_;
  std::map<int64_t, int64_t> ids_;
  std::vector<std::string> problems_;
  size_t compared_ = 0;
};

}  // namespace tkn::simulator
