#include "engine/config/variables.h"

#include <catch2/catch.hpp>

#include "engine/config/config.h"
#include "engine/config/load.h"
#include "engine/lang/print.h"

// Values for variables from all sources: which one counts, and what is said about wrong ones.
namespace tkn::config {
namespace {

using Kind = VariableArgument::Kind;

struct Collected {
  bool readable = false;
  std::map<std::string, std::string> values;
  std::vector<std::string> told;
  std::vector<std::string> missing;
};

Collected Collect(std::vector<std::pair<std::string, std::string>> files,
                  std::vector<VariableArgument> arguments = {},
                  std::map<std::string, std::string> environment = {}) {
  files.emplace_back("main.tf", "variable \"a\" {}\nvariable \"b\" {\n  type = list(string)\n}\n");
  SourceMap sources;
  Diagnostics diags;
  const auto reader = SourcesInMemory(std::move(files));
  const auto tree = LoadModuleTree(".", sources, {.reader = reader.get()}, diags);
  REQUIRE(tree);
  REQUIRE_FALSE(diags.HasErrors());
  const Module& root = *tree->root().module;
  const auto inputs = CollectVariables(root,
                                       {.arguments = std::move(arguments),
                                        .environment = std::move(environment),
                                        .reader = reader.get()},
                                       sources, diags);
  Collected result;
  for (const Diagnostic& d : diags) {
    result.told.push_back((d.severity == Severity::kError ? "E: " : "W: ") + d.summary);
  }
  result.readable = inputs.has_value();
  if (!inputs) return result;
  for (const auto& [name, input] : *inputs) result.values[name] = lang::PrintValue(input.value);
  for (const Variable* variable : MissingVariables(root, *inputs)) {
    result.missing.emplace_back(variable->name);
  }
  return result;
}

TEST_CASE("the last source of a variable counts, and only it is evaluated") {
  const auto result = Collect({{"terraform.tfvars", "a = upper(\"x\")\nb = [\"file\"]\n"},
                               {"x.auto.tfvars.json", R"({"a": "json ${1 + 1}"})"}},
                              {{Kind::kAssignment, "b=[\"argument\"]"}}, {{"a", "environment"}});
  CHECK(result.told.empty());
  CHECK(result.values.at("a") == "\"json ${1 + 1}\"");
  CHECK(result.values.at("b") == "[\n  \"argument\",\n]");
  CHECK(result.missing.empty());
}

TEST_CASE("a value with an error leaves its variable without one, and the others are looked at") {
  const auto result =
      Collect({{"terraform.tfvars", "a = upper(\"x\")\n"}}, {{Kind::kAssignment, "b=[\"1\""}});
  CHECK(result.readable);
  CHECK(result.told == std::vector<std::string>{"E: Function calls not allowed",
                                                "E: Unterminated tuple constructor expression"});
  CHECK(result.missing == std::vector<std::string>{"a", "b"});
}

TEST_CASE("while a source can't be read nothing is said about values") {
  const auto rows = std::vector<std::pair<std::string, std::string>>{
      {"a = = 1\n", "E: Invalid expression"},
      {"variable \"a\" {}\n", "E: Variable declaration in .tfvars file"},
      {"a {}\n", "E: Unexpected \"a\" block"},
  };
  for (const auto& [text, summary] : rows) {
    INFO(text);
    const auto result =
        Collect({{"terraform.tfvars", text}, {"x.auto.tfvars", "a = upper(\"x\")\nz = 1\n"}});
    CHECK_FALSE(result.readable);
    CHECK(result.told == std::vector<std::string>{summary});
  }
  CHECK(Collect({}, {{Kind::kFile, "none.tfvars"}}).told ==
        std::vector<std::string>{"E: Failed to read variables file"});
  CHECK(Collect({}, {{Kind::kAssignment, "a"}}).told ==
        std::vector<std::string>{"E: Invalid -var option"});
  CHECK(Collect({}, {{Kind::kAssignment, "a =1"}}).told ==
        std::vector<std::string>{"E: Invalid -var option"});
}

TEST_CASE("undeclared names are an error, a warning or nothing, by where they come from") {
  CHECK(Collect({}, {{Kind::kAssignment, "z=1"}}).told ==
        std::vector<std::string>{"E: Value for undeclared variable"});
  CHECK(Collect({}, {}, {{"z", "1"}}).told.empty());
  CHECK(Collect({{"terraform.tfvars", "w = 1\nx = 2\n"}}).told ==
        std::vector<std::string>{"W: Value for undeclared variable",
                                 "W: Value for undeclared variable"});
  CHECK(Collect({{"terraform.tfvars", "w = 1\nx = 2\ny = 3\nz = 4\n"}}).told ==
        std::vector<std::string>{"W: Value for undeclared variable",
                                 "W: Value for undeclared variable",
                                 "W: Values for undeclared variables"});
}

}  // namespace
}  // namespace tkn::config
