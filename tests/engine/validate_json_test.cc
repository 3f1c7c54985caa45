#include <catch2/catch.hpp>

#include "tests/engine/validation.h"

// Strings in JSON that hold syntax. Where only a reference or a type will do, the error is one
// about that, and not about what the parser met within the string.
namespace tkn::config {
namespace {

std::vector<std::string> ValidateResource(const std::string& body) {
  return Validate(R"({"resource":{"terraform_data":{"b":{},"a":)" + body + "}}}", "main.tf.json");
}

TEST_CASE("validate: references in JSON", "[config]") {
  const ValidationRow rows[] = {
      {R"({"depends_on":["terraform_data.b"]})", {}},
      {R"({"depends_on":["terraform_data.b["]})", {"E: Invalid expression @1:58"}},
      {R"({"depends_on":["${terraform_data.b}"]})", {"E: Invalid expression @1:58"}},
      {R"({"lifecycle":{"ignore_changes":["in put"]}})", {"E: Invalid expression @1:75"}},
      {R"({"lifecycle":{"replace_triggered_by":["terraform_data.b."]}})",
       {"E: Invalid attribute name @1:98"}},
  };
  for (const ValidationRow& row : rows) {
    INFO(row.text);
    CHECK(ValidateResource(row.text) == row.expected);
  }
}

std::vector<std::string> ValidateType(const std::string& type) {
  return Validate("{\"variable\":{\"v\":{\"type\":\"" + type + "\"}}}", "main.tf.json");
}

TEST_CASE("validate: types in JSON", "[config]") {
  const std::vector<std::string> expected{"E: Invalid type specification @1:26"};
  for (const char* type : {"list(string", "${string}", "list(string) x", "strin", "string[]"}) {
    INFO(type);
    CHECK(ValidateType(type) == expected);
  }
  CHECK(ValidateType("list(string)").empty());
}

}  // namespace
}  // namespace tkn::config
