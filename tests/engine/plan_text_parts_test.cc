#include <catch2/catch.hpp>

#include "tests/engine/plan_text.h"

namespace tkn::render {
namespace {

// clang-format off
TEST_CASE("plan text: what changes inside of a value", "[render]") {
  const PlanTextRow rows[] = {
      {R"TF(resource "terraform_data" "a" { input = { é = 1, b = 2 } })TF",
       R"TF(resource "terraform_data" "a" { input = { é = 2, 日本 = 3, b = 2 } })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = {
          ~ é      = 1 -> 2
          + 日本     = 3
            # (1 unchanged attribute hidden)
        }
      ~ output = {
          - b  = 2
          - é  = 1
        } -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = [null, { b = null }] })TF",
       R"TF(resource "terraform_data" "n" {}
resource "terraform_data" "a" { input = [terraform_data.n.id, { b = terraform_data.n.id }] })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = [
          + (known after apply),
          ~ {
              + b = (known after apply)
            },
        ]
      ~ output = [
          - null,
          - {
              - b = null
            },
        ] -> (known after apply)
    }

  # terraform_data.n will be created
  + resource "terraform_data" "n" {
      + id = (known after apply)
    }

Plan: 1 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = { id = { a = 1, b = [1, 2] }, x = { a = 1, b = 2 } } })TF",
       R"TF(resource "terraform_data" "a" { input = { id = { a = 2, b = [1, 2] }, x = { a = 1, b = 3 } } })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = {
          ~ id = {
              ~ a = 1 -> 2
                b = [
                    1,
                    2,
                ]
            }
          ~ x  = {
              ~ b = 2 -> 3
                # (1 unchanged attribute hidden)
            }
        }
      ~ output = {
          - id = {
              - a = 1
              - b = [
                  - 1,
                  - 2,
                ]
            }
          - x  = {
              - a = 1
              - b = 2
            }
        } -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = "one\ntwo\nthree\nfour" })TF",
       R"TF(resource "terraform_data" "a" { input = "two\none\n3\nfour" })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = <<-EOT
          - one
          + two
          - two
          + one
          - three
          + 3
            four
        EOT
      ~ output = <<-EOT
            one
            two
            three
            four
        EOT -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = "" }
resource "terraform_data" "b" { input = [""] }
resource "terraform_data" "c" { input = sensitive("") })TF",
       R"TF(resource "terraform_data" "n" {}
resource "terraform_data" "a" { input = terraform_data.n.id }
resource "terraform_data" "b" { input = [terraform_data.n.id] }
resource "terraform_data" "c" { input = sensitive("x") })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = null -> (known after apply)
      ~ output = null -> (known after apply)
    }

  # terraform_data.b will be updated in-place
  ~ resource "terraform_data" "b" {
        id     = "UUID"
      ~ input  = [
          ~ "" -> (known after apply),
        ]
      ~ output = [
          - "",
        ] -> (known after apply)
    }

  # terraform_data.c will be updated in-place
  ~ resource "terraform_data" "c" {
        id     = "UUID"
      + input  = (sensitive value)
      ~ output = null -> (known after apply)
    }

  # terraform_data.n will be created
  + resource "terraform_data" "n" {
      + id = (known after apply)
    }

Plan: 1 to add, 3 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" { input = { k = { s = sensitive(1) } } })TF",
       R"TF(resource "terraform_data" "a" { input = { k = sensitive({ s = 1 }) } })TF",
       R"TF(  # terraform_data.a will be updated in-place
  ~ resource "terraform_data" "a" {
        id     = "UUID"
      ~ input  = {
          # Warning: this attribute value will be marked as sensitive and will not
          # display in UI output after applying this change. The value is unchanged.
          ~ k = (sensitive value)
        }
        # (1 unchanged attribute hidden)
    }

Plan: 0 to add, 1 to change, 0 to destroy.)TF"},
      {R"TF(resource "terraform_data" "a" {}
resource "terraform_data" "b" { input = [{ x = 1 }, { x = 2 }] })TF",
       R"TF(resource "terraform_data" "a" {}
resource "terraform_data" "n" {}
resource "terraform_data" "b" { input = [terraform_data.n.output] })TF",
       R"TF(  # terraform_data.b will be updated in-place
  ~ resource "terraform_data" "b" {
        id     = "UUID"
      ~ input  = [
          - {
              - x = 1
            },
          - {
              - x = 2
            },
          + null,
        ]
      ~ output = [
          - {
              - x = 1
            },
          - {
              - x = 2
            },
        ] -> (known after apply)
    }

  # terraform_data.n will be created
  + resource "terraform_data" "n" {
      + id = (known after apply)
    }

Plan: 1 to add, 1 to change, 0 to destroy.)TF"},
  };
  for (const PlanTextRow& row : rows) {
    CAPTURE(row.before, row.after);
    CHECK(PlanTextOf(row.before, row.after) == row.expected);
  }
}
// clang-format on

}  // namespace
}  // namespace tkn::render
