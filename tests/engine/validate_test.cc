#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/engine/validation.h"

// All errors and warnings of wrong configurations with their places, and no others.
namespace tkn::config {
namespace {

TEST_CASE("validate: variables", "[config]") {
  const ValidationRow rows[] = {
      {R"HCL(variable "a" {}
variable "a" {}
)HCL",
       {"E: Duplicate variable declaration @2:1"}},
      {R"HCL(variable "a" {
  type = strng
}
)HCL",
       {"E: Invalid type specification @2:10"}},
      {R"HCL(variable "a" {
  type    = number
  default = "x"
}
)HCL",
       {"E: Invalid default value for variable @3:13"}},
      {R"HCL(variable "a" {
  default = foo.bar
}
)HCL",
       {"E: Variables not allowed @2:13"}},
      {R"HCL(variable "a" {
  default = upper("x")
}
)HCL",
       {"E: Function calls not allowed @2:13"}},
      {R"HCL(variable "1a" {}
)HCL",
       {"E: Invalid variable name @1:10"}},
      {R"HCL(variable "source" {}
)HCL",
       {"E: Invalid variable name @1:10"}},
      {R"HCL(variable "a" {
  typ = string
}
)HCL",
       {"E: Unsupported argument @2:3"}},
      {R"HCL(variable "a" {
  nullable = false
  default  = null
}
)HCL",
       {"E: Invalid default value for variable @3:14"}},
      {R"HCL(variable "a" {
  sensitive = "maybe"
}
)HCL",
       {"E: Unsuitable value type @2:16"}},
      {R"HCL(variable "a" {
  type = list
}
)HCL",
       {}},
      {R"HCL(variable "a" {
  type = map(string, number)
}
)HCL",
       {"E: Invalid type specification @2:22"}},
      {R"HCL(variable "a" {
  type = object({ a = optional(string, 1), b = optional(number, "x") })
}
)HCL",
       {"E: Invalid default value for optional attribute @2:65"}},
      {R"HCL(variable "a" {
  type    = object({ b = optional(number, "x") })
  default = []
}
)HCL",
       {"E: Invalid default value for optional attribute @2:43"}},
      {R"HCL(variable "a" {
  type = <<EOT
string
EOT
}
)HCL",
       {"E: Invalid legacy variable type hint @2:10"}},
      {R"HCL(variable "a" {
  type = list(optional(string))
}
)HCL",
       {"E: Invalid type specification @2:15"}},
      {R"HCL(variable "a" {
  validation {
    condition = var.a != ""
  }
}
)HCL",
       {"E: Missing required argument @2:14"}},
      {R"HCL(variable "a" {
  validation {
    condition     = 1
    error_message = "x"
  }
}
)HCL",
       {"E: Invalid validation expression @3:21",
        "E: Invalid variable validation condition @3:21"}},
      {R"HCL(variable "a" {
  validation {
    condition     = var.b
    error_message = "x"
  }
}
)HCL",
       {"E: Invalid variable validation condition @3:21"}},
      {R"HCL(variable "a" {
  ephemeral = true
}
output "o" {
  value = var.a
}
)HCL",
       {"E: Ephemeral value not allowed @5:11"}},
      {R"HCL(variable "v" {
  type = string
}
resource "terraform_data" "a" {
  input = var.v.x
}
)HCL",
       {"E: Unsupported attribute @5:16"}},
      {R"HCL(variable "v" {
  type = object({ a = string })
}
output "o" {
  value = var.v.b
}
)HCL",
       {"E: Unsupported attribute @5:16"}},
  };
  for (const ValidationRow& row : rows) {
    CAPTURE(row.text);
    CHECK(Validate(row.text) == row.expected);
  }
}

TEST_CASE("validate: locals and expressions", "[config]") {
  const ValidationRow rows[] = {
      {R"HCL(locals {
  a = 1
}
locals {
  a = 2
}
)HCL",
       {"E: Duplicate local value definition @5:3"}},
      {R"HCL(locals "x" {
}
)HCL",
       {"E: Extraneous label for locals @1:8"}},
      {R"HCL(locals {
  a {
  }
}
)HCL",
       {"E: Unexpected \"a\" block @2:3"}},
      {R"HCL(locals {
  a = nope.x
  b = local.c
  c = var.missing
}
)HCL",
       {"E: Reference to undeclared input variable @4:7",
        "E: Reference to undeclared resource @2:7"}},
      {R"HCL(locals {
  a = "x${"
}
)HCL",
       {"E: Invalid multi-line string @2:12", "E: Invalid multi-line string @3:2",
        "E: Unterminated template string @2:12"}},
      {R"HCL(locals {
  a = <<EOT
x
}
)HCL",
       {"E: Unterminated template string @5:1"}},
      {R"HCL(locals {
  a = 'x'
}
)HCL",
       {"E: Invalid character @2:7", "E: Invalid expression @2:7"}},
      {R"HCL(locals {
  a = 1 +
}
)HCL",
       {"E: Invalid expression @2:10"}},
      {R"HCL(locals {
  a = max(1, )
  b = max(1
}
)HCL",
       {"E: Missing argument separator @4:1"}},
      {R"HCL(locals {
  a = { b = }
}
)HCL",
       {"E: Invalid expression @2:13"}},
      {R"HCL(locals {
  a = true ? 1
}
)HCL",
       {"E: Missing false expression in conditional @2:15"}},
      {R"HCL(locals {
  a = [for x in [] : ]
}
)HCL",
       {"E: Invalid expression @2:22"}},
      {R"HCL(locals {
  a = "\q"
  b = "ok"
}
)HCL",
       {"E: Invalid escape sequence @2:8"}},
  };
  for (const ValidationRow& row : rows) {
    CAPTURE(row.text);
    CHECK(Validate(row.text) == row.expected);
  }
}

TEST_CASE("validate: outputs", "[config]") {
  const ValidationRow rows[] = {
      {R"HCL(output "a" {
}
)HCL",
       {"E: Missing required argument @1:12"}},
      {R"HCL(output "a" {
  value = 1
}
output "a" {
  value = 2
}
)HCL",
       {"E: Duplicate output definition @4:1"}},
      {R"HCL(output "a" {
  value     = 1
  sensitive = 1
}
)HCL",
       {"E: Unsuitable value type @3:15"}},
      {R"HCL(output "a" {
  value = 1
  valu  = 2
}
)HCL",
       {"E: Unsupported argument @3:3"}},
      {R"HCL(output "a" {
  value      = 1
  depends_on = [1]
}
)HCL",
       {"E: Invalid expression @3:17"}},
      {R"HCL(output "a" {
  value      = 1
  depends_on = [terraform_data.nope]
}
)HCL",
       {"E: Reference to undeclared resource @3:17"}},
      {R"HCL(output "a" {
  value     = sensitive("x")
}
)HCL",
       {"E: Output refers to sensitive values @1:1"}},
      {R"HCL(output "o" {
  value = upper(1, 2)
}
output "p" {
  value = uper("x")
}
)HCL",
       {"E: Call to unknown function @5:11", "E: Too many function arguments @2:20"}},
      {R"HCL(output "o" {
  value = tonumber("x") + 1
}
)HCL",
       {"E: Invalid function argument @2:21"}},
      {R"HCL(output "o" {
  value = [1, 2][5]
}
)HCL",
       {"E: Invalid index @2:17"}},
      {R"HCL(output "o" {
  value = { a = 1 }.b
}
)HCL",
       {"E: Unsupported attribute @2:20"}},
  };
  for (const ValidationRow& row : rows) {
    CAPTURE(row.text);
    CHECK(Validate(row.text) == row.expected);
  }
}

TEST_CASE("validate: modules, providers, settings", "[config]") {
  const ValidationRow rows[] = {
      {R"HCL(module "a" {
}
)HCL",
       {"E: Missing required argument @1:12"}},
      {R"HCL(module "a" {
  source = var.x
}
)HCL",
       {"E: Unsuitable value type @2:12", "E: Variables not allowed @2:12"}},
      {R"HCL(module "a" {
  source = "./a"
}
module "a" {
  source = "./b"
}
)HCL",
       {"E: Duplicate module call @4:1"}},
      {R"HCL(provider "terraform" {
}
provider "terraform" {
}
)HCL",
       {"E: Duplicate provider configuration @3:1"}},
      {R"HCL(provider "terraform" {
  alias = "x y"
}
)HCL",
       {"E: Invalid provider configuration alias"}},
      {R"HCL(terraform {
  required_version = "bogus"
}
)HCL",
       {"E: Invalid version constraint @2:22"}},
      {R"HCL(terraform {
  required_providers {
    terraform = "x"
  }
}
)HCL",
       {"E: Invalid version constraint @3:17"}},
      {R"HCL(terraform {
  experiments = [nope]
}
)HCL",
       {"E: Module uses experimental features @2:3"}},
      {R"HCL(terraform {
  bogus {
  }
}
)HCL",
       {"E: Unsupported block type @2:3"}},
      {R"HCL(terraform {
  backend "nope" {
  }
}
)HCL",
       {}},
      {R"HCL(terraform {
  backend "local" {
    pth = "x"
  }
}
)HCL",
       {}},
  };
  for (const ValidationRow& row : rows) {
    CAPTURE(row.text);
    CHECK(Validate(row.text) == row.expected);
  }
}

TEST_CASE("validate: moved, import, removed, check", "[config]") {
  const ValidationRow rows[] = {
      {R"HCL(moved {
  from = terraform_data.a
}
)HCL",
       {"E: Missing required argument @1:7"}},
      {R"HCL(moved {
  from = terraform_data.a
  to   = local.b
}
)HCL",
       {"E: Invalid address @3:10"}},
      {R"HCL(moved {
  from = terraform_data.a
  to   = terraform_data.a
}
)HCL",
       {}},
      {R"HCL(moved {
  from = terraform_data.a
  to   = terraform_data.b
}
moved {
  from = terraform_data.a
  to   = terraform_data.c
}
resource "terraform_data" "b" {}
resource "terraform_data" "c" {}
)HCL",
       {}},
      {R"HCL(import {
  to = terraform_data.a
}
)HCL",
       {"E: Missing required argument @1:8"}},
      {R"HCL(import {
  to = terraform_data.a
  id = 1
}
)HCL",
       {}},
      {R"HCL(import {
  to       = terraform_data.b
  id       = "x"
  provider = terraform
}
resource "terraform_data" "b" {}
)HCL",
       {"E: Invalid import provider argument @4:3"}},
      {R"HCL(import {
  to = terraform_data.b["k"]
  id = "x"
}
resource "terraform_data" "b" { count = 1 }
)HCL",
       {"E: Invalid import 'to' expression @2:8"}},
      {R"HCL(import {
  to = terraform_data.b[0]
  id = "x"
}
resource "terraform_data" "b" {}
)HCL",
       {"E: Invalid import 'to' expression @2:8"}},
      {R"HCL(import {
  to = terraform_data.b
  id = "x"
}
resource "terraform_data" "b" { for_each = toset(["k"]) }
)HCL",
       {"E: Invalid import 'to' expression @2:8"}},
      {R"HCL(import {
  for_each = ["x"]
  to       = terraform_data.b[each.key]
  id       = each.value
}
resource "terraform_data" "b" { for_each = toset(["0"]) }
)HCL",
       {"E: Invalid import 'to' expression @3:14"}},
      {R"HCL(import {
  for_each = { k = "x" }
  to       = terraform_data.b["${each.key}"]
  id       = each.value
}
resource "terraform_data" "b" { for_each = toset(["k"]) }
)HCL",
       {}},
      {R"HCL(import {
  for_each = { k = "x" }
  to       = terraform_data.b[each.id]
  id       = each.value
}
resource "terraform_data" "b" { for_each = toset(["k"]) }
)HCL",
       {"E: Unsupported attribute @3:35"}},
      {R"HCL(locals { k = "a" }
import {
  to = terraform_data.b[local.k]
  id = "x"
}
resource "terraform_data" "b" { for_each = toset(["a"]) }
)HCL",
       {"E: Invalid address", "E: Invalid expression @3:8"}},
      {R"HCL(import {
  to = local.a
  id = "x"
}
)HCL",
       {"E: Invalid address @2:8", "E: Invalid import address @2:3"}},
      {R"HCL(removed {
  from = terraform_data.a
}
resource "terraform_data" "a" {}
)HCL",
       {}},
      {R"HCL(removed {
  from = terraform_data.a[0]
}
)HCL",
       {"E: Resource instance keys not allowed @2:26"}},
      {R"HCL(removed {
}
)HCL",
       {"E: Missing required argument @1:9"}},
      {R"HCL(check "a" {
}
)HCL",
       {"E: Zero assert blocks @1:1"}},
      {R"HCL(check "a" {
  assert {
    condition     = nope.x
    error_message = "m"
  }
}
)HCL",
       {"E: Reference to undeclared resource @3:21"}},
      {R"HCL(check "a" {
  data "terraform_remote_state" "x" {
    backend = "nope"
  }
  assert {
    condition     = true
    error_message = "m"
  }
}
)HCL",
       {"E: Invalid assert expression @6:21", "E: Zero assert blocks @1:1"}},
  };
  for (const ValidationRow& row : rows) {
    CAPTURE(row.text);
    CHECK(Validate(row.text) == row.expected);
  }
}

TEST_CASE("validate: top level", "[config]") {
  const ValidationRow rows[] = {
      {R"HCL(nope {
}
)HCL",
       {"E: Unsupported block type @1:1"}},
      {R"HCL(nope = 1
)HCL",
       {"E: Unsupported argument @1:1"}},
  };
  for (const ValidationRow& row : rows) {
    CAPTURE(row.text);
    CHECK(Validate(row.text) == row.expected);
  }
}

TEST_CASE("validate: a reference that goes wrong is placed at the step that does", "[config]") {
  const struct {
    const char* reference;
    const char* column;
  } rows[] = {{"terraform_data.0", "61"}, {"data.x[0]", "53"}, {"resource[0].x.y", "55"},
              {"var[0]", "50"},           {"local.0", "52"},   {"data", "47"},
              {"terraform_data", "47"},   {"data.x", "47"}};
  for (const auto& row : rows) {
    CAPTURE(row.reference);
    const std::string text =
        "resource \"terraform_data\" \"d\" { depends_on = [" + std::string(row.reference) + "] }\n";
    CHECK(Validate(text) ==
          std::vector<std::string>{"E: Invalid reference @1:" + std::string(row.column)});
  }
}

TEST_CASE("validate: another version is told where nothing else is wrong", "[config]") {
  const std::string version = "terraform {\n  required_version = \">= 9\"\n}\n";
  const ValidationRow rows[] = {
      {"output \"x\" {\n  value = var.nope\n}\n", {"E: Unsupported Terraform Core version @2:3"}},
      {"output \"x\" {\n}\n", {"E: Missing required argument @4:12"}},
      {"nope = 1\n", {"E: Unsupported argument @4:1"}},
      {"variable \"a\" {}\nvariable \"a\" {}\n", {"E: Duplicate variable declaration @5:1"}},
      {"resource \"terraform_data\" \"a\" {\n", {"E: Unclosed configuration block @4:31"}},
  };
  for (const ValidationRow& row : rows) {
    CAPTURE(row.text);
    CHECK(Validate(version + row.text) == row.expected);
  }
}

TEST_CASE("validate: values that refer to themselves", "[config]") {
  const ValidationRow rows[] = {
      // What does not depend on them is looked at all the same.
      {R"HCL(locals {
  a = local.a
  b = "${local.a}${nope.x}"
  c = nope.x
  d = [local.d, local.d, 1 + {}]
}
)HCL",
       {"E: Reference to undeclared resource @4:7", "E: Self-referencing local value @2:7",
        "E: Self-referencing local value @5:17", "E: Self-referencing local value @5:8"}},
      {R"HCL(locals {
  a = local.a
  b = local.c
  c = local.b
}
)HCL",
       {"E: Cycle: local.b (expand), local.c (expand)"}},
  };
  for (const ValidationRow& row : rows) {
    CAPTURE(row.text);
    CHECK(Validate(row.text) == row.expected);
  }
}

// Long ones are checked by several threads.
TEST_CASE("validate: a long configuration is told what a short one is", "[config]") {
  for (const int length : {10, 2000}) {
    CAPTURE(length);
    std::string text = "locals {\n  l0 = upper()\n";
    for (int i = 1; i < length; ++i) {  // each of them a consequence of the first
      const std::string name = "l" + std::to_string(i);
      text += "  " + name + " = local.l" + std::to_string(i - 1) + "\n";
    }
    text += "}\n";
    std::vector<std::string> expected{"E: Not enough function arguments @2:14"};
    int line = length + 3;
    for (int i = 0; i < length; ++i, line += 3) {
      const bool is_wrong = i % 5 == 3;
      text += "resource \"terraform_data\" \"r" + std::to_string(i) +
              "\" {\n  input = " + (is_wrong ? "var.nope" : "local.l" + std::to_string(i)) +
              "\n}\n";
      if (is_wrong)
        expected.push_back("E: Reference to undeclared input variable @" +
                           std::to_string(line + 1) + ":11");
    }
    std::vector<std::string> said = Validate(text);
    std::ranges::sort(said);
    std::ranges::sort(expected);
    CHECK(said == expected);
  }
}

}  // namespace
}  // namespace tkn::config
