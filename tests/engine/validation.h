#pragma once

#include <string>
#include <vector>

namespace tkn::config {

// What `validate` says to a file of this text, with the built-in provider and local-exec: "E:
// SUMMARY @LINE:COLUMN", "W: ..." for warnings, sorted.
std::vector<std::string> Validate(std::string text, const std::string& name = "main.tf");

struct ValidationRow {
  const char* text;
  std::vector<std::string> expected;
};

}  // namespace tkn::config
