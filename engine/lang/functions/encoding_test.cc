#include <catch2/catch.hpp>

#include "engine/lang/test_scope.h"

namespace tkn::lang::testing {
namespace {

TEST_CASE("encodings", "[lang]") {
  constexpr Row kRows[] = {
      {R"(base64encode("héllo"))", R"("aMOpbGxv")"},
      {R"(base64decode("aMOpbGxv"))", R"("héllo")"},
      {R"(base64decode("###"))", "Error: Error in function call"},
      {R"(base64decode("/w=="))", "Error: Error in function call"},
      {"base64encode(null)", "Error: Invalid function argument"},
      {"base64encode(unknown)", "(known after apply)"},
      {"base64encode(secret)", "(sensitive value)"},
      {R"(urlencode("a b&c/é~"))", R"("a+b%26c%2F%C3%A9~")"},
      {R"(jsonencode({ b = [1, null, true], a = "<&>\"\u2028" }))",
       R"("{\"a\":\"\\u003c\\u0026\\u003e\\\"\\u2028\",\"b\":[1,null,true]}")"},
      {"jsonencode(1.5e30)", R"("1500000000000000000000000000000")"},
      {"jsonencode([-log(0, 2)])", "Error: Error in function call"},
      {"jsonencode(null)", R"("null")"},
      {"jsonencode(unknown)", "(known after apply)"},
      {"jsonencode({ a = unknown })", "(known after apply)"},
      {R"(jsonencode(toset(["b", "a"])))", R"("[\"a\",\"b\"]")"},
      {R"(jsondecode("{\"a\": [1, 2.5, null], \"b\": {}}"))", R"({
  "a" = [
    1,
    2.5,
    null,
  ]
  "b" = {}
})"},
      {R"(jsondecode(""))", "Error: Error in function call"},
      {R"(jsondecode("{"))", "Error: Error in function call"},
      {R"(jsondecode("\"\\u00e9\""))", R"("é")"},
      {R"(jsondecode("1e3"))", "1000"},
      {R"(jsondecode("[1,]"))", "Error: Error in function call"},
      {"jsondecode(unknown)", "(known after apply)"},
      {R"(type(jsondecode("\"${unknown}")))", "string"},
      {R"(type(jsondecode("12${unknown}")))", "number"},
      {R"(type(jsondecode("[${unknown}")))", "dynamic"},
      {R"(jsondecode("p-${unknown}"))", "Error: Invalid function argument"},
      {"jsondecode(secret)", "Error: Error in function call"},
      {R"(yamlencode({ a = [1, "x", null], b = { c = true }, d = "a: b", e = "multi\nline", f = "" }))",
       R"(<<EOT
"a":
- 1
- "x"
- null
"b":
  "c": true
"d": "a: b"
"e": |-
  multi
  line
"f": ""

EOT)"},
      {"yamlencode([])", R"(<<EOT
[]

EOT)"},
      {R"(yamlencode("true"))", R"(<<EOT
"true"

EOT)"},
      {R"(yamldecode("a: [1, x]\nb:\n  - c: null\n  - ~\n"))", R"({
  "a" = [
    1,
    "x",
  ]
  "b" = [
    {
      "c" = null
    },
    null,
  ]
})"},
      {R"(yamldecode("a: &x 1\nb: *x"))", R"({
  "a" = 1
  "b" = 1
})"},
      {R"(yamldecode("- 0x1F\n- 010\n- 1_000\n- yes\n- 1.5\n- .inf"))", R"([
  31,
  10,
  "1_000",
  true,
  1.5,
  +Inf,
])"},
      {R"(yamldecode("a: b: c"))", "Error: Error in function call"},
      {R"(yamldecode(""))", "Error: Error in function call"},
      {R"(yamldecode("a: 1\na: 2"))", R"({
  "a" = 2
})"},
      {R"(yamldecode("x: |\n  a\n  b\n"))", R"({
  "x" = <<-EOT
  a
  b
  
  EOT
})"},
      {R"(yamldecode("d: 2024-01-02"))", R"({
  "d" = "2024-01-02T00:00:00Z"
})"},
      {R"(csvdecode("a,b\n1,\"x,y\"\n2,z\n"))", R"(tolist([
  {
    "a" = "1"
    "b" = "x,y"
  },
  {
    "a" = "2"
    "b" = "z"
  },
]))"},
      {R"(csvdecode("a,b\n1\n"))", "Error: Error in function call"},
      {R"(csvdecode("a,a\n1,2"))", "Error: Error in function call"},
      {R"(csvdecode(""))", "Error: Error in function call"},
      {R"(csvdecode("a\n"))", "tolist([])"},
      {R"(textencodebase64("aé", "UTF-16LE"))", R"("YQDpAA==")"},
      {R"(textencodebase64("a", "nope"))", "Error: Invalid function argument"},
      {R"(textdecodebase64("YQDpAA==", "UTF-16LE"))", R"("aé")"},
      {R"(textdecodebase64("YQ==", "UTF-8"))", R"("a")"},
      {R"(base64gzip(""))", R"("H4sIAAAAAAAA/wAAAP//AQAA//8AAAAAAAAAAA==")"},
  };
  CheckRows(kRows);
}

}  // namespace
}  // namespace tkn::lang::testing
