#pragma once

#include <string>

namespace tkn::render {

// The changes, as people see them, that a plan of `after` shows once `before` was applied; without
// the sentences around them. Ids are "UUID".
std::string PlanTextOf(const std::string& before, const std::string& after);

struct PlanTextRow {
  const char* before;
  const char* after;
  const char* expected;
};

}  // namespace tkn::render
