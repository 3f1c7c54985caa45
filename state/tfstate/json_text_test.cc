#include "state/tfstate/json_text.h"

#include <catch2/catch.hpp>

namespace tkn::state {
namespace {

bool Valid(std::string_view text) {
  std::size_t offset = 0;
  return JsonText::IsValid(text, &offset);
}

TEST_CASE("valid JSON is told from what is not") {
  for (const char* text : {"1", "-0.5e+10", "\"a\\u00e9\\n\"", "[]", "{}",
                           " [1, {\"a\": [null, true, false]}] ", "\"\xC3\xA9\"", "1e999"}) {
    CAPTURE(text);
    CHECK(Valid(text));
  }
  for (const char* text :
       {"",         " ",        "{",           "[1,]",   "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
        "{a:1}",    "01",       "1.",          ".5",     "1e",      "-",        "tru",
        "\"a",      "\"\\x\"",  "\"\\u12g4\"", "\"\n\"", "1 2",     "[1}",      "]",
        "\"\xC3\"", "\"\xFF\"", "nul",         "[,1]",   "{,}",     "[1 2]",    "\"\\"}) {
    CAPTURE(text);
    CHECK_FALSE(Valid(text));
  }
}

TEST_CASE("depth is limited and costs no stack") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(Valid(nested(500)));
  CHECK_FALSE(Valid(nested(501)));
  CHECK_FALSE(Valid(std::string(10'000'000, '[')));
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  CHECK_FALSE(Valid(objects));
}

TEST_CASE("the place of an error is counted from 1") {
  std::size_t offset = 0;
  CHECK_FALSE(JsonText::IsValid("{\"a\": x}", &offset));
  CHECK(offset == 7);
}

TEST_CASE("strings are decoded as Go does") {
  CHECK(JsonText::Decode(R"("a\"\\\/\b\f\n\r\tb")") == "a\"\\/\b\f\n\r\tb");
  CHECK(JsonText::Decode(R"("\u00e9\u20AC")") == "\xC3\xA9\xE2\x82\xAC");
  CHECK(JsonText::Decode(R"("\ud83d\ude00")") == "\xF0\x9F\x98\x80");
  CHECK(JsonText::Decode(R"("\ud83d!")") == "\xEF\xBF\xBD!");
  CHECK(JsonText::Decode(R"("\ude00\u0041")") ==
        "\xEF\xBF\xBD"
        "A");
  CHECK(JsonText::Decode(R"("\ud83d\u0041")") ==
        "\xEF\xBF\xBD"
        "A");
}

TEST_CASE("members and elements are walked without decoding") {
  JsonText object("{ \"a\" : 1.50 , \"b\\n\":[ 1, 2 ] ,\"c\":\"x,}\" }");
  std::string seen;
  for (JsonText::Member member; object.Next(member);) {
    seen += JsonText::Decode(member.key) + "=" + std::string(member.value) + ";";
  }
  CHECK(seen == "a=1.50;b\n=[ 1, 2 ];c=\"x,}\";");
  JsonText array("[true,{\"x\":[]},  \"s\" ,-1]");
  seen.clear();
  for (JsonText::Member member; array.Next(member);) seen += std::string(member.value) + ";";
  CHECK(seen == "true;{\"x\":[]};\"s\";-1;");
  JsonText::Member member;
  CHECK_FALSE(JsonText("{ }").Next(member));
  CHECK_FALSE(JsonText("[]").Next(member));
}

TEST_CASE("compact and indented text say the same, as Go escapes it") {
  const std::string text = "{ \"a<\" : [ 1.0 , { } , [ ] , \"\xE2\x80\xA8&\\u00e9\" ], \"b\":null}";
  CHECK(JsonText::Compact(text) ==
        "{\"a\\u003c\":[1.0,{},[],\"\\u2028\\u0026\\u00e9\"],\"b\":null}");
  std::string out;
  JsonText::AppendIndented(text, 1, out);
  CHECK(out ==
        "{\n    \"a\\u003c\": [\n      1.0,\n      {},\n      [],\n      "
        "\"\\u2028\\u0026\\u00e9\"\n    ],\n    \"b\": null\n  }");
  CHECK(JsonText::Compact(out) == JsonText::Compact(text));
}

}  // namespace
}  // namespace tkn::state
