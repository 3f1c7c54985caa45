#include <catch2/catch.hpp>

#include "tests/engine/validation.h"

// What is told of references, and what is not looked at any more because of them.
namespace tkn::config {
namespace {

TEST_CASE("validate: resources, modules and self are looked for before all else", "[config]") {
  const ValidationRow rows[] = {
      {R"HCL(locals {
  a = [var.x, path.x, terraform_data.x, {} + 1]
  b = [var.x, path.x, {} + 1]
}
)HCL",
       {"E: Invalid \"path\" attribute @3:15", "E: Reference to undeclared input variable @3:8",
        "E: Reference to undeclared resource @2:23"}},
      {R"HCL(resource "terraform_data" "a" {
  input            = var.x
  triggers_replace = module.x
}
)HCL",
       {"E: Reference to undeclared module @3:22"}},
      {R"HCL(resource "terraform_data" "a" {
  count = var.x + terraform_data.x.id
  provisioner "local-exec" {
    command = "${var.x} ${terraform_data.y.id}"
  }
}
)HCL",
       {"E: Reference to undeclared resource @2:19", "E: Reference to undeclared resource @4:27"}},
      // What there is no argument for is not read.
      {R"HCL(resource "terraform_data" "a" {
  x = var.x
}
)HCL",
       {"E: Unsupported argument @2:3"}},
      {R"HCL(variable "a" {
  validation {
    condition     = var.a == var.x && terraform_data.x.id == 1
    error_message = "no ${local.x}"
  }
}
)HCL",
       {"E: Reference to undeclared resource @3:39"}},
  };
  for (const ValidationRow& row : rows) {
    CAPTURE(row.text);
    CHECK(Validate(row.text) == row.expected);
  }
}

TEST_CASE("validate: a wrong instance key does not hide a wrong attribute", "[config]") {
  const std::string resources =
      "resource \"terraform_data\" \"a\" {}\nresource \"terraform_data\" \"b\" { count = 2 }\n";
  const ValidationRow rows[] = {
      {R"HCL(output "o" { value = terraform_data.a[0].zz })HCL",
       {"E: Unexpected resource instance key @3:22", "E: Unsupported attribute @3:41"}},
      {R"HCL(output "o" { value = terraform_data.b.zz })HCL",
       {"E: Missing resource instance key @3:22", "E: Unsupported attribute @3:38"}},
      {R"HCL(output "o" { value = terraform_data.a[0].id })HCL",
       {"E: Unexpected resource instance key @3:22"}},
  };
  for (const ValidationRow& row : rows) {
    CAPTURE(row.text);
    CHECK(Validate(resources + row.text) == row.expected);
  }
}

TEST_CASE("validate: a condition is evaluated although its references are wrong", "[config]") {
  const ValidationRow rows[] = {
      {R"HCL(resource "terraform_data" "a" {
  lifecycle {
    precondition {
      condition     = self.id == ({} + 1)
      error_message = "no ${terraform_data.x.id}"
    }
    postcondition {
      condition     = self.id == var.x + {}
      error_message = "no"
    }
  }
}
)HCL",
       {"E: Invalid \"self\" reference @4:23", "E: Invalid operand @4:35",
        "E: Invalid operand @8:42", "E: Reference to undeclared input variable @8:34",
        "E: Reference to undeclared resource @5:29", "E: Unknown variable @4:23",
        "E: Unknown variable @5:29"}},
      {R"HCL(output "a" {
  value = 1
  precondition {
    condition     = path.x == 1
    error_message = "no ${terraform_data.x.id}"
  }
}
)HCL",
       {"E: Reference to undeclared resource @5:27", "E: Unknown variable @4:21",
        "E: Unknown variable @5:27"}},
      {R"HCL(check "a" {
  assert {
    condition     = path.x == 1
    error_message = "no ${terraform_data.x.id}"
  }
}
)HCL",
       {"E: Reference to undeclared resource @4:27", "E: Unknown variable @4:27"}},
  };
  for (const ValidationRow& row : rows) {
    CAPTURE(row.text);
    CHECK(Validate(row.text) == row.expected);
  }
}

TEST_CASE("validate: the data of a check is known to its assertions only", "[config]") {
  CHECK(Validate(R"HCL(check "a" {
  data "terraform_remote_state" "x" {
    backend = "local"
  }
  assert {
    condition     = data.terraform_remote_state.x.backend == "local"
    error_message = "no"
  }
}
)HCL") == std::vector<std::string>{});
  CHECK(Validate(R"HCL(check "a" {
  data "terraform_remote_state" "x" {
    backend = data.terraform_remote_state.x.backend
  }
  assert {
    condition     = data.terraform_remote_state.x.backend == "local"
    error_message = "no"
  }
}
)HCL") == std::vector<std::string>{"E: Reference to scoped resource @3:15"});
  CHECK(Validate(R"HCL(check "a" {
  data "terraform_remote_state" "x" {
    backend = "local"
  }
  assert {
    condition     = data.terraform_remote_state.x.backend == "local"
    error_message = "no"
  }
}
check "b" {
  assert {
    condition     = data.terraform_remote_state.x.backend == "local"
    error_message = "no"
  }
}
locals {
  a = data.terraform_remote_state.x
}
)HCL") == std::vector<std::string>{"E: Reference to scoped resource @12:21",
                                   "E: Reference to scoped resource @17:7"});
}

TEST_CASE("validate: an import cannot take its id from where it goes", "[config]") {
  CHECK(Validate(R"HCL(import {
  to = terraform_data.a
  id = terraform_data.a.id
}
resource "terraform_data" "a" {}
)HCL") == std::vector<std::string>{"E: Invalid import id argument @3:8"});
  CHECK(Validate(R"HCL(import {
  to = terraform_data.a
  id = local.id
}
locals {
  id = terraform_data.a.id
}
resource "terraform_data" "a" {}
)HCL") == std::vector<std::string>{"E: Cycle: local.id (expand), terraform_data.a"});
}

TEST_CASE("validate: triggers of a replacement", "[config]") {
  const auto triggered_by = [](const std::string& trigger) {
    return Validate(
        "resource \"terraform_data\" \"b\" {}\ndata \"terraform_remote_state\" \"d\" {\n  backend "
        "= "
        "\"local\"\n}\nresource \"terraform_data\" \"a\" {\n  lifecycle {\n"
        "    replace_triggered_by = [" +
        trigger + "]\n  }\n}\n");
  };
  using Strings = std::vector<std::string>;
  const std::string invalid = "E: Invalid replace_triggered_by expression @7:29";
  CHECK(triggered_by("terraform_data.b") == Strings{});
  CHECK(triggered_by("data.terraform_remote_state.d") == Strings{});
  CHECK(triggered_by("terraform_data.x") == Strings{});  // told when planning
  CHECK(triggered_by("terraform_data.b[0].x, terraform_data.b[each.key]") == Strings{});
  CHECK(triggered_by("1") == Strings{invalid});
  CHECK(triggered_by("terraform_data.b.id + terraform_data.b.id, 1") == Strings{invalid});
  CHECK(triggered_by("path.module") ==
        Strings{"E: Invalid reference in replace_triggered_by expression @7:29", invalid});
  CHECK(triggered_by("terraform_data.b[each.value]") ==
        Strings{"E: Invalid each reference in replace_triggered_by expression @7:29"});
}

}  // namespace
}  // namespace tkn::config
