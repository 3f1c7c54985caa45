#include "engine/render/json_layout.h"

#include <catch2/catch.hpp>

namespace tkn::render {
namespace {

TEST_CASE("compact JSON is laid out as Go does", "[json_layout]") {
  CHECK(IndentJson("1") == "1");
  CHECK(IndentJson("{}") == "{}");
  CHECK(IndentJson("[[],{}]") == "[\n  [],\n  {}\n]");
  CHECK(IndentJson(R"({"a":[1,2],"b":"x"})") ==
        "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": \"x\"\n}");
  CHECK(IndentJson(R"(["a,b:{}\"]"])") == "[\n  \"a,b:{}\\\"]\"\n]");
  CHECK(IndentJson("[1]", 4) == "[\n      1\n    ]");
}

}  // namespace
}  // namespace tkn::render
