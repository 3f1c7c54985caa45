#include "engine/value/json.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "engine/value/inspect.h"

namespace tkn {
namespace {

Value S(std::string_view text) { return Value::String(text); }
Value N(std::string_view text) { return Value::Number(*Number::Parse(text)); }

TEST_CASE("text is escaped as Go escapes it", "[json]") {
  CHECK(JsonQuote("\b\f\x1f\x7f<>&\u2028\u2029\"\\/\u00e9\t\n\r") ==
        "\"\\b\\f\\u001f\x7f\\u003c\\u003e\\u0026\\u2028\\u2029\\\"\\\\/\u00e9\\t\\n\\r\"");
  CHECK(JsonQuote("") == "\"\"");
  CHECK(JsonQuote("\u2030") == "\"\u2030\"");
}

TEST_CASE("values are written with sorted keys and exact numbers", "[json]") {
  CHECK(ToJson(Value()) == "null");
  CHECK(ToJson(N("123456789012345678901234567890.5")) == "123456789012345678901234567890.5");
  CHECK(ToJson(Value::Object({{"b", Value::Bool(true)},
                              {"a", Value::Tuple({N("1"), Value(), S("x")})},
                              {"m", Value::Map(Type::String(), {{"<", S("y")}})}})) ==
        R"({"a":[1,null,"x"],"b":true,"m":{"\u003c":"y"}})");
  CHECK(ToJson(Value::List(Type::String(), {})) == "[]");
}

TEST_CASE("what is open in the declared type carries its own", "[json]") {
  const Type type = Type::Object({{"a", Type::Dynamic()}, {"b", Type::String()}});
  const Value value = Value::Object({{"a", Value::Tuple({N("1")})}, {"b", S("x")}});
  const std::string json = R"({"a":{"value":[1],"type":["tuple",["number"]]},"b":"x"})";
  CHECK(ToJson(value, type) == json);
  CHECK(FromJson(json, type, nullptr)->RawEquals(value));
  CHECK(FromJson(R"({"a":{"type":["tuple",["number"]],"value":[1]},"b":"x"})", type, nullptr)
            ->RawEquals(value));
  CHECK(ToJson(Value::Object({{"a", Value()}, {"b", Value::Null(Type::String())}}), type) ==
        R"({"a":null,"b":null})");
}

TEST_CASE("what cannot be JSON is a bug", "[json]") {
  CHECK_THROWS_AS(ToJson(Value::Dynamic()), std::logic_error);
  CHECK_THROWS_AS(ToJson(S("x").WithMark(MarkKind::kSensitive)), std::logic_error);
  CHECK_THROWS_AS(ToJson(Value::Tuple({S("x").WithMark(MarkKind::kSensitive)})), std::logic_error);
  CHECK_THROWS_AS(ToJson(S("x"), Type::List(Type::String())), std::logic_error);
}

TEST_CASE("states are read by the type wanted", "[json]") {
  const Type type = Type::Object({{"a", Type::String()},
                                  {"l", Type::List(Type::Number())},
                                  {"s", Type::Set(Type::String())},
                                  {"t", Type::Tuple({Type::Bool()})}});
  const auto value = FromJson(
      R"( {"l" : [1, 2e0], "gone": {"x": [true, null, "\ud83d\ude00"]}, "s":["b","a","b"], "t":[false]} )",
      type, nullptr);
  REQUIRE(value);
  CHECK(value->RawEquals(Value::Object({{"a", Value::Null(Type::String())},
                                        {"l", Value::List(Type::Number(), {N("1"), N("2")})},
                                        {"s", Value::Set(Type::String(), {S("a"), S("b")})},
                                        {"t", Value::Tuple({Value::Bool(false)})}})));
  CHECK(FromJson("\"5\"", Type::Number(), nullptr)->RawEquals(N("5")));
  CHECK(FromJson("5", Type::String(), nullptr)->RawEquals(S("5")));
  CHECK(FromJson("null", type, nullptr)->RawEquals(Value::Null(type)));
}

TEST_CASE("the type of JSON follows from it", "[json]") {
  const auto value = FromJsonImplied(R"({"a":[1,"x\u00e9\n",true,null,{}],"b":1e2})", nullptr);
  REQUIRE(value);
  CHECK(
      value->RawEquals(Value::Object({{"a", Value::Tuple({N("1"), S("x\u00e9\n"), Value::Bool(true),
                                                          Value(), Value::EmptyObject()})},
                                      {"b", N("100")}})));
  CHECK(FromJsonImplied(R"("\ud800")", nullptr)->AsString() == "\uFFFD");
  CHECK(FromJsonImplied(R"("\ud83d\ude00")", nullptr)->AsString() == "\U0001F600");
}

TEST_CASE("wrong JSON gives one sentence", "[json]") {
  for (const char* wrong : {"",       "{",   "[1,]",  "[1 2]", "{\"a\"}", "{\"a\":1,}", "01",
                            "1.",     "-",   "+1",    "nul",   "\"a",     "\"\\x\"",    "\"\\u12\"",
                            "\"\n\"", "1 1", "{a:1}", "'a'",   "[",       "Infinity"}) {
    CAPTURE(wrong);
    std::string error;
    CHECK_FALSE(FromJsonImplied(wrong, &error));
    CHECK_FALSE(error.empty());
  }
  std::string error;
  CHECK_FALSE(FromJsonImplied(std::string(5000, '['), &error));
  CHECK(error.find("nested") != std::string::npos);
  CHECK_FALSE(
      FromJson(std::string("[{\"x\":").append(5000, '[') + "]", Type::EmptyObject(), &error));
  CHECK_FALSE(FromJson("[1]", Type::Tuple({}), nullptr));
  CHECK_FALSE(FromJson("\"x\"", Type::Number(), nullptr));
  CHECK_FALSE(FromJson("1", Type::Dynamic(), nullptr));
  CHECK_FALSE(FromJson(R"([{"value":1,"type":"number"},{"value":"x","type":"string"}])",
                       Type::List(Type::Dynamic()), nullptr));
}

TEST_CASE("documents for callers", "[json]") {
  const Value value =
      Value::Object({{"a", N("1")}, {"b", N("0.5")}, {"c", N("1e30")}, {"d", Value()}});
  CHECK(ToNlohmann(value).dump() == R"({"a":1,"b":0.5,"c":1e+30,"d":null})");
  CHECK(ToNlohmann(N("123456789012345678901234567891")).is_string());
}

}  // namespace
}  // namespace tkn
