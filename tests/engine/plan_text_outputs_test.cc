#include <catch2/catch.hpp>

#include "tests/engine/plan_text.h"

namespace tkn::render {
namespace {

// clang-format off
TEST_CASE("plan text: outputs, long and nested values", "[render]") {
  const PlanTextRow rows[] = {
      {R"TF(resource "terraform_data" "a" {})TF",
       R"TF(removed {
  from = terraform_data.a
  lifecycle {
    destroy = true
  }
})TF",
       R"TF(  # terraform_data.a will be destroyed
  # (because terraform_data.a is not in configuration)
  - resource "terraform_data" "a" {
      - id = "UUID" -> null
    }

Plan: 0 to add, 0 to change, 1 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" {
  triggers_replace = 1
})TF",
       R"TF(resource "terraform_data" "a" {
  triggers_replace = 2
  lifecycle {
    create_before_destroy = true
  }
})TF",
       R"TF(  # terraform_data.a must be replaced
+/- resource "terraform_data" "a" {
      ~ id               = "UUID" -> (known after apply)
      ~ triggers_replace = 1 -> 2
    }

Plan: 1 to add, 0 to change, 1 to destroy.)TF"},
      {R"TF(output "a" { value = 1 }
output "bb" { value = [1, 2] }
output "c" { value = "x" })TF",
       R"TF(output "a" { value = 2 }
output "bb" { value = [1, 3] }
output "d" { value = { k = "v" } })TF",
       R"TF(Changes to Outputs:
  ~ a  = 1 -> 2
  ~ bb = [
        1,
      ~ 2 -> 3,
    ]
  - c  = "x" -> null
  + d  = {
      + k = "v"
    })TF"},
      {R"TF(output "a" {
  value     = "x"
  sensitive = true
})TF",
       R"TF(output "a" {
  value     = "y"
  sensitive = true
})TF",
       R"TF(Changes to Outputs:
  ~ a = (sensitive value))TF"},
      {R"TF(output "m" { value = "a\nb\n" })TF",
       R"TF(output "m" { value = "a\nc\n" })TF",
       R"TF(Changes to Outputs:
  ~ m = <<-EOT
        a
      - b
      + c
    EOT)TF"},
      {R"TF(resource "terraform_data" "a" { input = 1 }
output "o" { value = terraform_data.a.output })TF",
       R"TF(resource "terraform_data" "a" { input = 2 }
output "o" { value = terraform_data.a.output })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = 1 -> 2
      ~ output = 1 -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.

Changes to Outputs:
  ~ o = 1 -> (known after apply))TF"},
      {R"TF(resource "terraform_data" "a" { input = "${"a"}é\t\"q\" $${x}" })TF",
       R"TF(resource "terraform_data" "a" { input = "é" })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = "aé\t\"q\" ${x}" -> "é"
      ~ output = "aé\t\"q\" ${x}" -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = [for i in range(12) : "item-${i}"] })TF",
       R"TF(resource "terraform_data" "a" { input = [for i in range(12) : i == 6 ? "changed" : "item-${i}"] })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = [
            # (5 unchanged elements hidden)
            "item-5",
          ~ "item-6" -> "changed",
            "item-7",
            # (4 unchanged elements hidden)
        ]
      ~ output = [
          - "item-0",
          - "item-1",
          - "item-2",
          - "item-3",
          - "item-4",
          - "item-5",
          - "item-6",
          - "item-7",
          - "item-8",
          - "item-9",
          - "item-10",
          - "item-11",
        ] -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = { for i in range(12) : "k${i}" => i } })TF",
       R"TF(resource "terraform_data" "a" { input = { for i in range(12) : "k${i}" => i == 6 ? 99 : i } })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = {
          ~ k6  = 6 -> 99
            # (11 unchanged attributes hidden)
        }
      ~ output = {
          - k0  = 0
          - k1  = 1
          - k10 = 10
          - k11 = 11
          - k2  = 2
          - k3  = 3
          - k4  = 4
          - k5  = 5
          - k6  = 6
          - k7  = 7
          - k8  = 8
          - k9  = 9
        } -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = [{ n = "a", v = 1 }, { n = "b", v = 2 }] })TF",
       R"TF(resource "terraform_data" "a" { input = [{ n = "b", v = 2 }, { n = "c", v = 3 }] })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = [
          ~ {
              ~ n = "a" -> "b"
              ~ v = 1 -> 2
            },
          ~ {
              ~ n = "b" -> "c"
              ~ v = 2 -> 3
            },
        ]
      ~ output = [
          - {
              - n = "a"
              - v = 1
            },
          - {
              - n = "b"
              - v = 2
            },
        ] -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = tolist([{ n = "a", v = 1 }, { n = "b", v = 2 }]) })TF",
       R"TF(resource "terraform_data" "a" { input = tolist([{ n = "b", v = 2 }, { n = "c", v = 3 }]) })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = [
          ~ {
              ~ n = "a" -> "b"
              ~ v = 1 -> 2
            },
          ~ {
              ~ n = "b" -> "c"
              ~ v = 2 -> 3
            },
        ]
      ~ output = [
          - {
              - n = "a"
              - v = 1
            },
          - {
              - n = "b"
              - v = 2
            },
        ] -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = toset([{ n = "a", v = 1 }, { n = "b", v = 2 }]) })TF",
       R"TF(resource "terraform_data" "a" { input = toset([{ n = "b", v = 2 }, { n = "c", v = 3 }]) })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = [
          ~ {
              ~ n = "a" -> "b"
              ~ v = 1 -> 2
            },
          ~ {
              ~ n = "b" -> "c"
              ~ v = 2 -> 3
            },
        ]
      ~ output = [
          - {
              - n = "a"
              - v = 1
            },
          - {
              - n = "b"
              - v = 2
            },
        ] -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = 1.5 })TF",
       R"TF(resource "terraform_data" "a" { input = 123456789012345678901234567890.125 })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = 1.5 -> 123456789012345678901234567890.125
      ~ output = 1.5 -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = "x" })TF",
       R"TF(resource "terraform_data" "a" { input = uuid() })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = "x" -> (known after apply)
      ~ output = "x" -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = { a = "x", b = 1 } })TF",
       R"TF(resource "terraform_data" "a" { input = { a = uuid(), b = 1 } })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = {
          ~ a = "x" -> (known after apply)
            # (1 unchanged attribute hidden)
        }
      ~ output = {
          - a = "x"
          - b = 1
        } -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = ["a", "b"] })TF",
       R"TF(resource "terraform_data" "a" { input = ["a", uuid()] })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = [
            "a",
          ~ "b" -> (known after apply),
        ]
      ~ output = [
          - "a",
          - "b",
        ] -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
  };
  for (const PlanTextRow& row : rows) {
    CAPTURE(row.before, row.after);
    CHECK(PlanTextOf(row.before, row.after) == row.expected);
  }
}
// clang-format on

}  // namespace
}  // namespace tkn::render
