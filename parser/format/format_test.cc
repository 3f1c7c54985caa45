#include "parser/format/format.h"

#include <catch2/catch.hpp>

namespace tkn::parser {
namespace {

// Every expected text is what `terraform fmt` writes, and formatting it again changes nothing.
void CheckFormat(const std::string& text, const std::string& expected) {
  CAPTURE(text);
  CHECK(Format(text) == expected);
  CHECK(Format(expected) == expected);
}

TEST_CASE(
    "equals signs of neighbours are aligned, until a blank line, a block or an open bracket") {
  CheckFormat("a=1\nbbb=2\n\ncccc=3\nx{\n}\nd = 4\n",
              "a   = 1\nbbb = 2\n\ncccc = 3\nx {\n}\nd = 4\n");
  CheckFormat("a = [\n1,\n2]\nb = {\na=1\n  bbb = 2\n}\n",
              "a = [\n  1,\n2]\nb = {\n  a   = 1\n  bbb = 2\n}\n");
  CheckFormat("é = 1\nbb = 2\n", "é  = 1\nbb = 2\n");
}

TEST_CASE("comments at the ends of neighbouring lines are aligned") {
  CheckFormat("a = 1 # x\nb = \"long\" // y\n#z\n", "a = 1      # x\nb = \"long\" // y\n#z\n");
  CheckFormat("x {\n#c\n\n  # d\na=1 # e\n}\n", "x {\n  #c\n\n  # d\n  a = 1 # e\n}\n");
}

TEST_CASE("indentation follows brackets") {
  CheckFormat("a = {\n  b = [{\n c = 1\n },{\nd = 2\n}]\n}\n",
              "a = {\n  b = [{\n    c = 1\n    }, {\n    d = 2\n  }]\n}\n");
  CheckFormat("a = f(<<E\n  x\nE\n, 1)\n", "a = f(<<E\n  x\nE\n, 1)\n");
}

TEST_CASE("spaces within a line") {
  CheckFormat("a = -1 - -2\nb = !  c\nc = a[ 0 ] . b\nd = f ( 1 , 2 ... )\n",
              "a = -1 - -2\nb = !c\nc = a[0].b\nd = f(1, 2...)\n");
  CheckFormat("a = [for k,v in[1]:k if v]\n", "a = [for k, v in [1] : k if v]\n");
  CheckFormat("x{}\ny { }\nz { a = 1 }\n", "x {}\ny {}\nz { a = 1 }\n");
  CheckFormat("a = \"x${ b }y%{if  c }z%{endif}\"\n", "a = \"x${b}y%{if c}z%{endif}\"\n");
}

TEST_CASE("old forms are modernised") {
  CheckFormat("a = \"${x}\"\nb = \"${ f(\"${y}\") }\"\nc = \"${x}${y}\"\n",
              "a = x\nb = f(\"${y}\")\nc = \"${x}${y}\"\n");
  CheckFormat("a = \"${\n x ?\n y : z\n}\"\n", "a = (x ?\ny : z)\n");
  CheckFormat("a = \"${x}\"", "a = x");
  CheckFormat("variable \"x\" {\n type = \"list\"\n}\n",
              "variable \"x\" {\n  type = list(string)\n}\n");
  CheckFormat("variable \"x\" {\n type = map\n}\n", "variable \"x\" {\n  type = map(any)\n}\n");
  CheckFormat("output \"x\" {\n type = \"list\"\n}\n", "output \"x\" {\n  type = \"list\"\n}\n");
  CheckFormat("a b /* c */ \"d\" {}\n", "a \"b\" \"d\" {}\n");
}

TEST_CASE("what is no layout stays") {
  CheckFormat("", "");
  CheckFormat("\n\n\na=1\r\nbb=2\r\n\n\n", "\n\n\na  = 1\r\nbb = 2\r\n\n\n");
  CheckFormat("a = 1", "a = 1");
  CheckFormat("a = 1  ", "a = 1  ");
  CheckFormat("a = 1 # x\nbbb = 2 /* y */", "a   = 1 # x\nbbb = 2 /* y */");
  CheckFormat("a = <<-E\n   x\n  E\nbbb = 1\n", "a   = <<-E\n   x\n  E\nbbb = 1\n");
  CheckFormat("a = \"$${b}\"\n", "a = \"$${b}\"\n");
}

TEST_CASE("a label keeps its text") {
  CheckFormat("a \"$${b}\" \"\\\"\\n\" {}\n", "a \"$${b}\" \"\\\"\\n\" {}\n");
}

TEST_CASE("broken texts come back as they are") {
  CHECK(Format("a   =\n") == "a   =\n");
  CHECK(Format("x{ ") == "x{ ");
}

}  // namespace
}  // namespace tkn::parser
