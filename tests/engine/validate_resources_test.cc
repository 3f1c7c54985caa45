#include <catch2/catch.hpp>

#include "tests/engine/validation.h"

// All errors and warnings of wrong configurations with their places, and no others.
namespace tkn::config {
namespace {

TEST_CASE("validate: resources", "[config]") {
  const ValidationRow rows[] = {
      {R"HCL(resource "terraform_data" "a" {
  inptu = 1
}
)HCL",
       {"E: Unsupported argument @2:3"}},
      {R"HCL(resource "terraform_data" "a" {
}
resource "terraform_data" "a" {
}
)HCL",
       {"E: Duplicate resource \"terraform_data\" configuration @3:1"}},
      {R"HCL(resource "terraform_dat" "a" {
}
)HCL",
       {"E: Invalid resource type @1:10"}},
      {R"HCL(resource "terraform_data" {
}
)HCL",
       {"E: Missing name for resource @1:27"}},
      {R"HCL(resource "terraform_data" "a" "b" {
}
)HCL",
       {"E: Extraneous label for resource @1:31"}},
      {R"HCL(resource "terraform_data" "a b" {
}
)HCL",
       {"E: Invalid resource name @1:27"}},
      {R"HCL(resource terraform_data a {
  count    = 1
  for_each = {}
}
)HCL",
       {"E: Invalid combination of \"count\" and \"for_each\" @3:3"}},
      {R"HCL(resource "terraform_data" "a" {
  count = "x"
}
)HCL",
       {"E: Incorrect value type @2:11"}},
      {R"HCL(resource "terraform_data" "a" {
  count = -1
}
)HCL",
       {"E: Invalid count argument @2:11"}},
      {R"HCL(resource "terraform_data" "a" {
  count = 1.5
}
)HCL",
       {"E: Invalid count argument @2:11"}},
      {R"HCL(resource "terraform_data" "a" {
  count = null
}
)HCL",
       {"E: Invalid count argument @2:11"}},
      {R"HCL(resource "terraform_data" "a" {
  for_each = ["a"]
}
)HCL",
       {"E: Invalid for_each argument @2:14"}},
      {R"HCL(resource "terraform_data" "a" {
  for_each = toset([1, null])
}
)HCL",
       {"E: Invalid for_each set argument @2:14"}},
      {R"HCL(resource "terraform_data" "a" {
  for_each = sensitive(toset(["a"]))
}
)HCL",
       {"E: Invalid for_each argument @2:14"}},
      {R"HCL(resource "terraform_data" "a" {
  input = each.key
}
)HCL",
       {"E: Reference to \"each\" in context without for_each @2:11"}},
      {R"HCL(resource "terraform_data" "a" {
  input = count.index
}
)HCL",
       {"E: Reference to \"count\" in non-counted context @2:11"}},
      {R"HCL(resource "terraform_data" "a" {
  input = self.id
}
)HCL",
       {"E: Invalid \"self\" reference @2:11"}},
      {R"HCL(resource "terraform_data" "a" {
  input = terraform_data.a.id
}
)HCL",
       {}},
      {R"HCL(resource "terraform_data" "a" {
  input = terraform_data.b.id
}
resource "terraform_data" "b" {
  input = terraform_data.a.id
}
)HCL",
       {"E: Cycle: terraform_data.a, terraform_data.b"}},
      {R"HCL(resource "terraform_data" "a" {
  input = terraform_data.b[0].id
}
resource "terraform_data" "b" {
}
)HCL",
       {"E: Unexpected resource instance key @2:11"}},
      {R"HCL(resource "terraform_data" "a" {
  input = terraform_data.b.id
}
resource "terraform_data" "b" {
  count = 2
}
)HCL",
       {"E: Missing resource instance key @2:11"}},
      {R"HCL(resource "terraform_data" "a" {
  input = terraform_data.a2
}
resource "terraform_data" "a1" {
}
)HCL",
       {"E: Reference to undeclared resource @2:11"}},
      {R"HCL(resource "terraform_data" "a" {
  input = data.terraform_data.a
}
)HCL",
       {"E: Reference to undeclared resource @2:11"}},
      {R"HCL(resource "terraform_data" "a" {
  lifecycle {
    create_before_destroy = "x"
  }
}
)HCL",
       {"E: Unsuitable value type @3:30"}},
      {R"HCL(resource "terraform_data" "a" {
  lifecycle {
    ignore_changes = [nope, input]
  }
}
)HCL",
       {"E: Unsupported attribute @3:23"}},
      {R"HCL(resource "terraform_data" "a" {
  lifecycle {
    ignore_changes = all
    prevent_destroy = var.x
  }
}
)HCL",
       {"E: Unsuitable value type @4:23", "E: Variables not allowed @4:23"}},
      {R"HCL(resource "terraform_data" "a" {
  lifecycle {
    replace_triggered_by = [local.x]
  }
}
)HCL",
       {"E: Invalid reference in replace_triggered_by expression @3:29",
        "E: Invalid replace_triggered_by expression @3:29"}},
      {R"HCL(resource "terraform_data" "a" {
  lifecycle {
    replace_triggered_by = [terraform_data.nope.id]
  }
}
)HCL",
       {}},
      {R"HCL(resource "terraform_data" "a" {
  lifecycle {
    precondition {
      condition     = true
      error_message = ""
    }
    postcondition {
      condition     = self.nope == 1
      error_message = "x"
    }
  }
}
)HCL",
       {"E: Invalid precondition expression @4:23"}},
      {R"HCL(resource "terraform_data" "a" {
  lifecycle {
  }
  lifecycle {
  }
}
)HCL",
       {"E: Duplicate lifecycle block @4:3"}},
      {R"HCL(resource "terraform_data" "a" {
  depends_on = [terraform_data.b.id]
}
)HCL",
       {"E: Invalid depends_on reference @2:33"}},
      {R"HCL(resource "terraform_data" "a" {
  depends_on = terraform_data.a
}
)HCL",
       {"E: Invalid expression @2:16"}},
      {R"HCL(resource "terraform_data" "a" {
  provider = nope
}
)HCL",
       {"E: Missing required provider"}},
      {R"HCL(resource "terraform_data" "a" {
  provider = terraform.alias
}
)HCL",
       {"E: Provider configuration not present"}},
      {R"HCL(resource "terraform_data" "a" {
  provisioner "nope" {
  }
}
)HCL",
       {"E: Missing required provisioner plugin"}},
      {R"HCL(resource "terraform_data" "a" {
  provisioner "local-exec" {
  }
}
)HCL",
       {"E: Missing required argument @2:28"}},
      {R"HCL(resource "terraform_data" "a" {
  provisioner "local-exec" {
    command    = "x"
    when       = never
    on_failure = "continue"
  }
}
)HCL",
       {"E: Invalid \"when\" keyword @4:18", "W: Quoted keywords are deprecated @5:18"}},
      {R"HCL(resource "terraform_data" "a" {
  provisioner "local-exec" {
    when    = destroy
    command = var.x
  }
}
variable "x" {
  default = 1
}
)HCL",
       {"E: Invalid reference from destroy provisioner @4:15"}},
      {R"HCL(resource "terraform_data" "a" {
  connection {
    hots = "x"
  }
}
)HCL",
       {}},
      {R"HCL(resource "terraform_data" "a" {
  dynamic "x" {
    for_each = []
    content {
    }
  }
}
)HCL",
       {"E: Unsupported block type @2:11"}},
      {R"HCL(data "terraform_remote_state" "a" {
}
)HCL",
       {"E: Missing required argument @1:35"}},
      {R"HCL(data "terraform_remote_state" "a" {
  backend = "local"
  confg   = {}
}
)HCL",
       {"E: Unsupported argument @3:3"}},
      {R"HCL(data "terraform_data" "a" {
}
)HCL",
       {"E: Invalid data source @1:6"}},
      {R"HCL(resource "terraform_data" "a" {
  input = 1
  input = 2
}
)HCL",
       {"E: Attribute redefined @3:3"}},
      {R"HCL(resource "terraform_data" "a" {
  input = [1, 2
}
)HCL",
       {"E: Missing item separator @3:1"}},
      {R"HCL(resource "terraform_data" "a" {
)HCL",
       {"E: Unclosed configuration block @1:31"}},
      {R"HCL(resource "terraform_data" "a" { input = 1 triggers_replace = 2 }
)HCL",
       {"E: Invalid single-argument block definition @1:43"}},
      {R"HCL(ephemeral "terraform_data" "x" {
}
)HCL",
       {"E: Invalid ephemeral resource @1:11"}},
  };
  for (const ValidationRow& row : rows) {
    CAPTURE(row.text);
    CHECK(Validate(row.text) == row.expected);
  }
}

}  // namespace
}  // namespace tkn::config
