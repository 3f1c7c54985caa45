#include "tests/simulator/faults.h"

#include <catch2/catch.hpp>

#include "tests/simulator/request_log.h"

namespace tkn::simulator {
namespace {

// Which of `count` requests a rule strikes, as "..x.x".
std::string Strikes(Faults& faults, int count) {
  std::string struck;
  for (int i = 0; i < count; ++i) struck += faults.Next("GET", "/profile/tokens") ? 'x' : '.';
  return struck;
}

std::string StrikesOf(Json rule, int count) {
  Faults faults;
  rule["status"] = 503;
  faults.Add(rule);
  return Strikes(faults, count);
}

TEST_CASE("a rule strikes the nth, every nth, so many times, or by chance") {
  CHECK(StrikesOf(Json::object(), 3) == "xxx");
  CHECK(StrikesOf({{"nth", 2}}, 4) == ".x..");
  CHECK(StrikesOf({{"nth", {1, 3}}}, 4) == "x.x.");
  CHECK(StrikesOf({{"every", 3}}, 7) == "..x..x.");
  CHECK(StrikesOf({{"times", 2}}, 4) == "xx..");
  CHECK(StrikesOf({{"every", 2}, {"times", 1}}, 6) == ".x....");
  CHECK(StrikesOf({{"probability", 0}}, 4) == "....");
  const std::string half = StrikesOf({{"probability", 0.5}, {"seed", 7}}, 200);
  CHECK(half == StrikesOf({{"probability", 0.5}, {"seed", 7}}, 200));
  CHECK(half != StrikesOf({{"probability", 0.5}, {"seed", 8}}, 200));
  const auto count = std::count(half.begin(), half.end(), 'x');
  CHECK(count > 60);
  CHECK(count < 140);
}

TEST_CASE("the first rule that strikes is used, and all that match count") {
  Faults faults;
  faults.Add({{"method", "POST"}, {"status", 500}});
  faults.Add({{"path", "/profile/*"}, {"nth", 2}, {"status", 501}});
  faults.Add({{"path", "/profile/**"}, {"status", 502}});
  CHECK(faults.Next("GET", "/profile/tokens")->status == 502);
  CHECK(faults.Next("GET", "/profile/tokens")->status == 501);
  const Json list = faults.List();
  CHECK(list[0]["seen"] == 0);
  CHECK(list[1]["fired"] == 1);
  CHECK(list[2]["seen"] == 2);
  CHECK(list[2]["fired"] == 1);
  CHECK(faults.Remove(list[2]["id"].get<int64_t>()));
  CHECK_FALSE(faults.Remove(99));
  CHECK_FALSE(faults.Next("GET", "/profile/tokens"));
}

TEST_CASE("path patterns") {
  CHECK(FitsGlob("/profile/tokens", "/profile/tokens"));
  CHECK(FitsGlob("/profile/tokens/*", "/profile/tokens/1"));
  CHECK_FALSE(FitsGlob("/profile/tokens/*", "/profile/tokens/1/2"));
  CHECK_FALSE(FitsGlob("/profile/tokens", "/profile/tokens/1"));
  CHECK(FitsGlob("/linode/**", "/linode/instances/1/boot"));
  CHECK(FitsGlob("**/boot", "/linode/instances/1/boot"));
  CHECK(FitsGlob("/linode/*/1/*", "/linode/instances/1/boot"));
}

TEST_CASE("rules that make no sense are refused") {
  const std::string rule =
      GENERATE(R"({"stauts":500})", R"({"status":99})", R"({"status":"x"})", R"({"when":"later"})",
               R"({"nth":"x"})", R"({"probability":"x"})", R"({"latency_ms":-5})", R"([])",
               R"({"path":"*********x","status":500})", R"({"headers":[]})");
  CAPTURE(rule);
  Faults faults;
  CHECK_THROWS_AS(faults.Add(Json::parse(rule)), ApiError);
  CHECK(faults.List().empty());
}

TEST_CASE("secrets in request bodies are masked at any depth") {
  CHECK(Masked(R"({"label":"a","root_pass":"hunter2hunter2"})") ==
        R"({"label": "a", "root_pass": "***"})");
  CHECK(Masked(R"({"a":[{"token":"x","metadata":{"user_data":"y"}}]})") ==
        R"({"a": [{"token": "***", "metadata": {"user_data": "***"}}]})");
  CHECK(Masked(R"({"stackscript_data":{"password":"x"}})") == R"({"stackscript_data": "***"})");
  CHECK(Masked("root_pass=x") == "(11 bytes that are no JSON)");
  CHECK(Masked("").empty());
}

}  // namespace
}  // namespace tkn::simulator
