#include <catch2/catch.hpp>

#include "tests/engine/plan_text.h"

namespace tkn::render {
namespace {

// clang-format off
TEST_CASE("plan text: text, numbers and collections", "[render]") {
  const PlanTextRow rows[] = {
      {R"TF(resource "terraform_data" "a" { input = "x" })TF",
       R"TF(resource "terraform_data" "a" { input = "y" })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = "x" -> "y"
      ~ output = "x" -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = "x" })TF",
       R"TF(resource "terraform_data" "a" { input = 1 })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = "x" -> 1
      ~ output = "x" -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = [1, 2, 3, 4, 5] })TF",
       R"TF(resource "terraform_data" "a" { input = [1, 2, 4, 5, 6] })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = [
            # (1 unchanged element hidden)
            2,
          ~ 3 -> 4,
          ~ 4 -> 5,
          ~ 5 -> 6,
        ]
      ~ output = [
          - 1,
          - 2,
          - 3,
          - 4,
          - 5,
        ] -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = tolist(["a", "b", "c"]) })TF",
       R"TF(resource "terraform_data" "a" { input = tolist(["x", "a", "c", "d"]) })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = [
          + "x",
            "a",
          - "b",
            "c",
          + "d",
        ]
      ~ output = [
          - "a",
          - "b",
          - "c",
        ] -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = toset(["a", "b", "c"]) })TF",
       R"TF(resource "terraform_data" "a" { input = toset(["b", "d"]) })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = [
          - "a",
            "b",
          - "c",
          + "d",
        ]
      ~ output = [
          - "a",
          - "b",
          - "c",
        ] -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = { a = 1, b = 2, c = 3 } })TF",
       R"TF(resource "terraform_data" "a" { input = { a = 1, b = 3, d = 4 } })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = {
          ~ b = 2 -> 3
          - c = 3
          + d = 4
            # (1 unchanged attribute hidden)
        }
      ~ output = {
          - a = 1
          - b = 2
          - c = 3
        } -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = tomap({ a = "1", "b c" = "2" }) })TF",
       R"TF(resource "terraform_data" "a" { input = tomap({ a = "1", "b c" = "3", z = "4" }) })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = {
          ~ "b c" = "2" -> "3"
          + z     = "4"
            # (1 unchanged attribute hidden)
        }
      ~ output = {
          - a     = "1"
          - "b c" = "2"
        } -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = { x = { y = [{ z = 1, w = 2 }, { z = 2 }] } } })TF",
       R"TF(resource "terraform_data" "a" { input = { x = { y = [{ z = 1, w = 3 }, { z = 2 }] } } })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = {
          ~ x = {
              ~ y = [
                  ~ {
                      ~ w = 2 -> 3
                        # (1 unchanged attribute hidden)
                    },
                    {
                        z = 2
                    },
                ]
            }
        }
      ~ output = {
          - x = {
              - y = [
                  - {
                      - w = 2
                      - z = 1
                    },
                  - {
                      - z = 2
                    },
                ]
            }
        } -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = "a\nb\nc\n" })TF",
       R"TF(resource "terraform_data" "a" { input = "a\nB\nc\nd\n" })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = <<-EOT
            a
          - b
          + B
            c
          + d
        EOT
      ~ output = <<-EOT
            a
            b
            c
        EOT -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = "one" })TF",
       R"TF(resource "terraform_data" "a" { input = "one\ntwo" })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = <<-EOT
            one
          + two
        EOT
      ~ output = "one" -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = jsonencode({ a = 1, b = [1, 2] }) })TF",
       R"TF(resource "terraform_data" "a" { input = jsonencode({ a = 2, b = [1, 3] }) })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = jsonencode(
          ~ {
              ~ a = 1 -> 2
              ~ b = [
                    1,
                  ~ 2 -> 3,
                ]
            }
        )
      ~ output = jsonencode(
            {
              - a = 1
              - b = [
                  - 1,
                  - 2,
                ]
            }
        ) -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = jsonencode([1, 2]) })TF",
       R"TF(resource "terraform_data" "a" { input = "plain" })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = jsonencode(
            [
              - 1,
              - 2,
            ]
        ) -> "plain"
      ~ output = jsonencode(
            [
              - 1,
              - 2,
            ]
        ) -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = "{\"a\":1.50,\"b\":[1e3,\"1e3\",0]}" })TF",
       R"TF(resource "terraform_data" "a" { input = "{\"a\":1.5,\"b\":[1e3,1e3,-0]}" })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = jsonencode(
          ~ {
              ~ a = 1.50 -> 1.5
              ~ b = [
                    1e3,
                  ~ "1e3" -> 1e3,
                  ~ 0 -> -0,
                ]
            }
        )
      ~ output = jsonencode(
            {
              - a = 1.50
              - b = [
                  - 1e3,
                  - "1e3",
                  - 0,
                ]
            }
        ) -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      // A name that stands for a number inside while two texts are compared.
      {R"TF(resource "terraform_data" "a" { input = { "\u0001 a number in a JSON text" = sensitive(1) } })TF",
       R"TF(resource "terraform_data" "a" { input = { "\u0001 a number in a JSON text" = [2] } })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = {
          # Warning: this attribute value will no longer be marked as sensitive
          # after applying this change.
          ~ "\x01 a number in a JSON text" = (sensitive value)
        }
      ~ output = {
          - "\x01 a number in a JSON text" = 1
        } -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = "{}" })TF",
       R"TF(resource "terraform_data" "a" {})TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      - input  = jsonencode({})
      ~ output = jsonencode({}) -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = jsonencode({ a = 1 }) })TF",
       R"TF(resource "terraform_data" "a" { input = "{ \"a\" : 1 }" })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = jsonencode( # whitespace changes
            {
                a = 1
            }
        )
      ~ output = jsonencode(
            {
              - a = 1
            }
        ) -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = sensitive("x") })TF",
       R"TF(resource "terraform_data" "a" { input = sensitive("y") })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = (sensitive value)
      ~ output = "x" -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = "x" })TF",
       R"TF(resource "terraform_data" "a" { input = sensitive("x") })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      # Warning: this attribute value will be marked as sensitive and will not
      # display in UI output after applying this change. The value is unchanged.
      ~ input  = (sensitive value)
        # (1 unchanged attribute hidden)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = { a = sensitive("x"), b = 1 } })TF",
       R"TF(resource "terraform_data" "a" { input = { a = sensitive("y"), b = 2 } })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = {
          ~ a = (sensitive value)
          ~ b = 1 -> 2
        }
      ~ output = {
          - a = "x"
          - b = 1
        } -> (known after apply)
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
