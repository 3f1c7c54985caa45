#pragma once

#include <set>
#include <string>

#include "tests/simulator/json.h"

namespace tkn::simulator {

// Names that X-Filter may use on a collection; dotted ones reach into objects ("entity.id").
using FieldSet = std::set<std::string>;

// An X-Filter header, checked. Throws ApiError 400 with field X-Filter for what the API would
// refuse.
class Filter {
 public:
  Filter() = default;  // lets everything through
  Filter(const std::string& text, const FieldSet& fields);

  [[nodiscard]] bool Matches(const Json& object) const;
  [[nodiscard]] bool Sorts() const { return !order_by_.empty(); }
  // The order asked for; only when Sorts().
  [[nodiscard]] bool Before(const Json& a, const Json& b) const;

 private:
  Json conditions_ = Json::object();
  std::string order_by_;
  bool descending_ = false;
};

}  // namespace tkn::simulator
