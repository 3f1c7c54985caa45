#pragma once

#include <string>
#include <vector>

namespace tkn::config {

// What `validate` says to a main.tf of this text, with the built-in provider and local-exec: "E:
// SUMMARY @LINE:COLUMN", "W: ..." for warnings, sorted.
std::vector<std::string> Validate(std::string text);

struct ValidationRow {
  const char* text;
  std::vector<std::string> expected;
};

}  // namespace tkn::config
