#pragma once

#include <span>
#include <string>
#include <string_view>

// For the tests of this folder: expressions as text, and what they give as the console prints it.
namespace tkn::lang::testing {

struct Row {
  std::string_view expression;
  std::string_view expected;  // "Error: SUMMARY" where it is refused
};

// In the expressions `unknown` is unknown even in its type, `secret` a sensitive one ("s3"),
// `nothing` is null; other names are not declared.
std::string Answer(std::string_view expression);

void CheckRows(std::span<const Row> rows);

}  // namespace tkn::lang::testing
