#include <catch2/catch.hpp>

#include "tests/engine/plan_text.h"

namespace tkn::render {
namespace {

// clang-format off
TEST_CASE("plan text: what replaces, what goes, what moves", "[render]") {
  const PlanTextRow rows[] = {
      {R"TF(resource "terraform_data" "a" {
  input            = "x"
  triggers_replace = [1, "a"]
})TF",
       R"TF(resource "terraform_data" "a" {
  input            = "x"
  triggers_replace = [2, "a"]
})TF",
       R"TF(  # terraform_data.a must be replaced
-/+ resource "terraform_data" "a" {
      ~ id               = "UUID" -> (known after apply)
      ~ output           = "x" -> (known after apply)
      ~ triggers_replace = [
          ~ 1 -> 2,
            "a",
        ]
        # (1 unchanged attribute hidden)
    }

Plan: 1 to add, 0 to change, 1 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" {
  input            = "x"
  triggers_replace = { k = "v" }
})TF",
       R"TF(resource "terraform_data" "a" {
  input            = "y"
  triggers_replace = null
})TF",
       R"TF(  # terraform_data.a must be replaced
-/+ resource "terraform_data" "a" {
      ~ id               = "UUID" -> (known after apply)
      ~ input            = "x" -> "y"
      ~ output           = "x" -> (known after apply)
      - triggers_replace = {
          - k = "v"
        } -> null
    }

Plan: 1 to add, 0 to change, 1 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = 1 }
resource "terraform_data" "b" { input = terraform_data.a.output })TF",
       R"TF(resource "terraform_data" "a" { input = 2 }
resource "terraform_data" "b" { input = terraform_data.a.output })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = 1 -> 2
      ~ output = 1 -> (known after apply)
    }

  # terraform_data.b will be updated in-place
  ~ resource "terraform_data" "b" {
        id     = "UUID"
      ~ input  = 1 -> (known after apply)
      ~ output = 1 -> (known after apply)
    }

Plan: 0 to add, 2 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = 1 }
resource "terraform_data" "b" { triggers_replace = terraform_data.a.output })TF",
       R"TF(resource "terraform_data" "a" { input = 2 }
resource "terraform_data" "b" { triggers_replace = terraform_data.a.output })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = 1 -> 2
      ~ output = 1 -> (known after apply)
    }

  # terraform_data.b must be replaced
-/+ resource "terraform_data" "b" {
      ~ id               = "UUID" -> (known after apply)
      ~ triggers_replace = 1 -> (known after apply) # forces replacement
    }

Plan: 1 to add, 1 to change, 1 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { count = 3 })TF",
       R"TF(resource "terraform_data" "a" { count = 1 })TF",
       R"TF(  # terraform_data.a[1] will be destroyed
  # (because index [1] is out of range for count)
  - resource "terraform_data" "a" {
      - id = "UUID" -> null
    }

  # terraform_data.a[2] will be destroyed
  # (because index [2] is out of range for count)
  - resource "terraform_data" "a" {
      - id = "UUID" -> null
    }

Plan: 0 to add, 0 to change, 2 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" {
  for_each = toset(["x", "y"])
  input    = each.key
})TF",
       R"TF(resource "terraform_data" "a" {
  for_each = toset(["y", "z"])
  input    = each.key
})TF",
       R"TF(  # terraform_data.a["x"] will be destroyed
  # (because key ["x"] is not in for_each map)
  - resource "terraform_data" "a" {
      - id     = "UUID" -> null
      - input  = "x" -> null
      - output = "x" -> null
    }

  # terraform_data.a["z"] will be created
  + resource "terraform_data" "a" {
      + id     = (known after apply)
      + input  = "z"
      + output = (known after apply)
    }

Plan: 1 to add, 0 to change, 1 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" {})TF",
       R"TF(resource "terraform_data" "a" { count = 2 })TF",
       R"TF(  # terraform_data.a has moved to terraform_data.a[0]
    resource "terraform_data" "a" {
        id = "UUID"
    }

  # terraform_data.a[1] will be created
  + resource "terraform_data" "a" {
      + id = (known after apply)
    }

Plan: 1 to add, 0 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { count = 2 })TF",
       R"TF(resource "terraform_data" "a" { for_each = toset(["k"]) })TF",
       R"TF(  # terraform_data.a[0] will be destroyed
  # (because resource does not use count)
  - resource "terraform_data" "a" {
      - id = "UUID" -> null
    }

  # terraform_data.a[1] will be destroyed
  # (because resource does not use count)
  - resource "terraform_data" "a" {
      - id = "UUID" -> null
    }

  # terraform_data.a["k"] will be created
  + resource "terraform_data" "a" {
      + id = (known after apply)
    }

Plan: 1 to add, 0 to change, 2 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = 1 })TF",
       R"TF()TF",
       R"TF(  # terraform_data.a will be destroyed
  # (because terraform_data.a is not in configuration)
  - resource "terraform_data" "a" {
      - id     = "UUID" -> null
      - input  = 1 -> null
      - output = 1 -> null
    }

Plan: 0 to add, 0 to change, 1 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = null })TF",
       R"TF(resource "terraform_data" "a" { input = [] })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      + input  = []
      + output = (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = {} })TF",
       R"TF(resource "terraform_data" "a" { input = { a = null } })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = {
          + a = null
        }
      ~ output = {} -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = [[1, 2], [3]] })TF",
       R"TF(resource "terraform_data" "a" { input = [[1, 2, 3], [3], []] })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = [
          - [
              - 1,
              - 2,
            ],
          + [
              + 1,
              + 2,
              + 3,
            ],
            [
                3,
            ],
          + [],
        ]
      ~ output = [
          - [
              - 1,
              - 2,
            ],
          - [
              - 3,
            ],
        ] -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = true })TF",
       R"TF(resource "terraform_data" "a" { input = null })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      - input  = true -> null
      ~ output = true -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" {
  input = 1
})TF",
       R"TF(resource "terraform_data" "b" {
  input = 1
}
moved {
  from = terraform_data.a
  to   = terraform_data.b
})TF",
       R"TF(  # terraform_data.a has moved to terraform_data.b
    resource "terraform_data" "b" {
        id     = "UUID"
        # (2 unchanged attributes hidden)
    }

Plan: 0 to add, 0 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" {
  input = 1
})TF",
       R"TF(resource "terraform_data" "b" {
  input = 2
}
moved {
  from = terraform_data.a
  to   = terraform_data.b
})TF",
       R"TF(  # terraform_data.b will be updated in-place
  # (moved from terraform_data.a)
  ~ resource "terraform_data" "b" {
        id     = "UUID"
      ~ input  = 1 -> 2
      ~ output = 1 -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" {})TF",
       R"TF(removed {
  from = terraform_data.a
  lifecycle {
    destroy = false
  }
})TF",
       R"TF( # terraform_data.a will no longer be managed by tkn, but will not be destroyed
 # (destroy = false is set in the configuration)
 . resource "terraform_data" "a" {
        id = "UUID"
    }

Plan: 0 to add, 0 to change, 0 to destroy.)TF"},
  };
  for (const PlanTextRow& row : rows) {
    CAPTURE(row.before, row.after);
    CHECK(PlanTextOf(row.before, row.after) == row.expected);
  }
}
// clang-format on

}  // namespace
}  // namespace tkn::render
