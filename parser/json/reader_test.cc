#include <catch2/catch.hpp>

#include "parser/json/string.h"
#include "parser/parsed_text.h"

namespace tkn::parser {
namespace {

using E = std::vector<std::string>;

ParsedText Json(const std::string& text) { return ParseFileText(text, "x.tf.json"); }
E Errors(const std::string& text) { return Json(text).errors; }

TEST_CASE("values of JSON") {
  CHECK(Json(R"({"a": [1, -1.5e3, true, false, null, "x", {}, []]})").tree ==
        "(body json (object (\"a\" (tuple 1 -1.5e3 true false null \"x\" (object) (tuple)))))");
  CHECK(Json(R"(["a${b}", "${c}", "$${d}", "%{if x}y%{endif}"])").tree ==
        "(body json (tuple (template \"a\" b) (wrap c) (template \"${d}\") "
        "(template (template-if x (template \"y\") (template)))))");
}

TEST_CASE("strings of JSON") {
  CHECK(json::DecodeString(R"("a\n\/\"\\\b\f\r\tA\u00e9")").text == "a\n/\"\\\b\f\r\tAé");
  CHECK(json::DecodeString(R"("\ud83d\ude00 \ud83d \ude00")").text == "😀 \uFFFD \uFFFD");
  CHECK(json::DecodeString("\"\xff\"").text == "\uFFFD");
  CHECK(json::DecodeString("\"a").error == 2);
  CHECK(json::DecodeString(R"("\q")").error == 3);
  CHECK(json::DecodeString(R"("\u12")").error == 6);
}

TEST_CASE("numbers of JSON") {
  for (const char* good : {"0", "-0", "10", "1.5", "1e5", "1E+5", "-1.5e-3"}) {
    CAPTURE(good);
    CHECK(json::IsJsonNumber(good));
  }
  for (const char* bad : {"", "-", "01", "1.", ".5", "+1", "1e", "1e+", "1.5.2", "--1"}) {
    CAPTURE(bad);
    CHECK_FALSE(json::IsJsonNumber(bad));
  }
}

TEST_CASE("errors of JSON stand where Terraform has them") {
  const std::string root = "1:1-1:2 Root value must be object";
  CHECK(Errors("") == E{"1:1-1:1 Missing value", "1:1-1:1 Root value must be object"});
  CHECK(Errors("{") == E{"1:2-1:2 Missing value", "1:2-1:2 Invalid object property name", root});
  CHECK(Errors("{\"a\"") == E{"1:5-1:5 Missing property value colon", root});
  CHECK(Errors("{\"a\":1") == E{"1:1-1:2 Unclosed object", root});
  CHECK(Errors("{\"a\":1,}") == E{"1:7-1:8 Trailing comma in object", root});
  CHECK(Errors("[1,]") == E{"1:3-1:4 Trailing comma in array", root});
  CHECK(Errors("{\"a\":[1 2]}") == E{"1:11-1:12 Missing attribute seperator comma"});
  CHECK(Errors("{\"a\":tru}") == E{"1:6-1:9 Invalid JSON keyword"});
  CHECK(Errors("{\"a\":01}") == E{"1:6-1:8 Invalid JSON number"});
  CHECK(Errors("{\"a\":\"\\q\"}") == E{"1:9-1:10 Invalid JSON string"});
  CHECK(Errors("{\"a\"=1}") == E{"1:5-1:6 Missing property value colon", root});
  CHECK(Errors("{\"a\":1} x") == E{"1:9-1:10 Extraneous data after value"});
  CHECK(Errors("{\"a\":[1,2}") ==
        E{"1:11-1:11 Mismatched brackets", "1:1-1:2 Unclosed object", root});
  CHECK(Errors("{\"a\":}") == E{"1:6-1:7 Missing JSON value"});
  CHECK(Errors("{\"a\":@}") ==
        E{"1:6-1:7 Invalid start of value", "1:7-1:7 Missing attribute seperator comma", root});
  CHECK(Errors("\"x\"") == E{"1:1-1:4 Root value must be object"});
}

TEST_CASE("errors of templates in JSON stand in their string") {
  CHECK(Errors(R"({"a": "x${1 +}"})") == E{"1:14-1:15 Invalid expression"});
  CHECK(Errors(R"({"a": "${"})") == E{"1:10-1:10 Missing expression"});
}

TEST_CASE("JSON is nested no deeper than anything else") {
  CHECK(Errors(std::string(100000, '[')) == E{"1:1001-1:1002 Nesting too deep"});
}

}  // namespace
}  // namespace tkn::parser
