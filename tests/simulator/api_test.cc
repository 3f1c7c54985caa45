#include "tests/simulator/api.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>

#include "tests/simulator/test_api.h"

namespace tkn::simulator {
namespace {

Json Reasons(const Answer& answer) {
  const Json body = Json::parse(answer.body);
  return body.at("errors");
}

TEST_CASE("a token shows its secret once, and 16 digits afterwards") {
  TestApi api;
  const Json made =
      api.Good("POST", "/v4/profile/tokens",
               {{"label", "ci"}, {"scopes", "linodes:read_only"}, {"expiry", nullptr}});
  const std::string secret = made["token"];
  CHECK(secret.size() == 64);
  CHECK(made["expiry"] == "2999-12-12T05:00:00");
  const std::string path = "/v4/profile/tokens/" + made["id"].dump();
  CHECK(api.Good("GET", path)["token"] == secret.substr(0, 16));
  const Json renamed = api.Good("PUT", path, {{"label", "new"}, {"scopes", "*"}});
  CHECK(renamed["label"] == "new");
  CHECK(renamed["scopes"] == "linodes:read_only");
  CHECK(renamed["token"] == secret.substr(0, 16));
  CHECK(api.Good("GET", "/v4/profile/tokens")["results"] == 2);
}

TEST_CASE("a token works until it is deleted or expires") {
  TestApi api;
  const Json made =
      api.Good("POST", "/v4/profile/tokens", {{"label", "a"}, {"scopes", "account:read_only"}});
  const std::map<std::string, std::string> with = {
      {"Authorization", "Bearer " + made["token"].get<std::string>()}};
  CHECK(api.Call("GET", "/v4/profile/tokens", {}, with).status == 200);
  api.Good("DELETE", "/v4/profile/tokens/" + made["id"].dump());
  CHECK(api.Call("GET", "/v4/profile/tokens", {}, with).status == 401);

  const Json now = api.Good("GET", "/_sim/clock");
  const std::string soon = FormatTime(*ParseTime(now["now"].get<std::string>()) + 60'000);
  const Json brief =
      api.Good("POST", "/v4/profile/tokens", {{"label", "b"}, {"scopes", "*"}, {"expiry", soon}});
  CHECK(brief["expiry"] == soon);
  const std::map<std::string, std::string> bearer = {
      {"Authorization", "Bearer " + brief["token"].get<std::string>()}};
  CHECK(api.Call("GET", "/v4/profile", {}, bearer).status == 200);
  api.Advance(61'000);
  CHECK(api.Call("GET", "/v4/profile", {}, bearer).status == 401);
  CHECK(api.Call("GET", "/v4/profile/tokens/" + brief["id"].dump()).status == 404);
  CHECK(api.Good("GET", "/v4/profile/tokens")["results"] == 1);
}

TEST_CASE("tokens are refused with the field that is wrong") {
  TestApi api;
  const auto [body, field] = GENERATE(table<std::string, std::string>({
      {R"({"label":")" + std::string(101, 'x') + R"("})", "label"},
      {R"({"label":5})", "label"},
      {R"({"scopes":"nonsense"})", "scopes"},
      {R"({"expiry":"2001-01-01T00:00:00"})", "expiry"},
      {R"({"expiry":"2999-01-01T00:00:00Z"})", "expiry"},
  }));
  CAPTURE(body);
  const Answer answer = api.Raw("POST", "/v4/profile/tokens", body);
  CHECK(answer.status == 400);
  CHECK(Reasons(answer)[0]["field"] == field);
  CHECK(api.Good("GET", "/v4/profile/tokens")["results"] == 1);
}

TEST_CASE("scopes are enforced, and said in the headers") {
  Options options;
  options.tokens = {{"reader", "account:read_only linodes:read_only"}};
  TestApi api(options);
  const std::map<std::string, std::string> reader = {{"Authorization", "Bearer reader"}};
  const Answer read = api.Call("GET", "/v4/profile/tokens", {}, reader);
  CHECK(read.status == 200);
  CHECK(HeaderOf(read, "X-OAuth-Scopes") == "account:read_only linodes:read_only");
  CHECK(HeaderOf(read, "X-Accepted-OAuth-Scopes") == "account:read_only");
  const Answer write = api.Call("POST", "/v4/profile/tokens", {{"label", "x"}}, reader);
  CHECK(write.status == 401);
  CHECK(Reasons(write)[0]["reason"] == "Your OAuth token is not authorized to use this endpoint.");
  CHECK(api.Call("GET", "/v4/account/events", {}, reader).status == 401);
  CHECK(api.Call("GET", "/v4/profile", {}, reader).status == 200);

  Options maker;
  maker.tokens = {{"maker", "account:read_write"}};
  TestApi other(maker);
  const std::map<std::string, std::string> with = {{"Authorization", "Bearer maker"}};
  CHECK(other.Call("POST", "/v4/profile/tokens", {{"scopes", "linodes:read_only"}}, with).status ==
        400);
  CHECK(other.Good("POST", "/v4/profile/tokens", {{"scopes", "*"}}, with)["scopes"] ==
        "account:read_write");
}

TEST_CASE("catalogues are public, but not for a wrong token") {
  TestApi api;
  const std::string path =
      GENERATE("/v4/regions", "/v4/linode/types?page=100", "/v4/images/linode%2Fdebian12",
               "/v4beta/linode/types/g6-nanode-1", "/v4/linode/kernels");
  CAPTURE(path);
  CHECK(api.Call("GET", path).status == 200);
  Request anonymous = ParseTarget("GET", path);
  const Answer open = api.api().Handle(anonymous, [](int64_t) {});
  CHECK(open.status == 200);
  CHECK(HeaderOf(open, "X-OAuth-Scopes") == "unknown");
  const Answer wrong = api.Call("GET", path, {}, {{"Authorization", "Bearer wrong"}});
  CHECK(wrong.status == 401);
  CHECK(wrong.body == R"({"errors": [{"reason": "Invalid Token"}]})");
}

TEST_CASE("what the API does not know is refused in its own form") {
  TestApi api;
  CHECK(api.Call("GET", "/v4/nothing").status == 404);
  CHECK(api.Call("GET", "/profile").status == 404);
  CHECK(api.Call("GET", "/v4/profile/tokens/12x").status == 404);
  CHECK(api.Call("GET", "/v4/profile/tokens/99999999999999999999").status == 404);
  CHECK(api.Call("PATCH", "/v4/profile/tokens").status == 405);
  CHECK(api.Raw("POST", "/v4/profile/tokens", "{").status == 400);
  CHECK(api.Raw("POST", "/v4/profile/tokens", "[]").status == 400);
  CHECK(api.Raw("POST", "/v4/profile/tokens", std::string(200'000, '[')).status == 400);
  CHECK(api.Raw("POST", "/v4/profile/tokens", "{\"label\": \"\xff\"}").status == 400);
  CHECK(api.Call("GET", "/v4/profile", {}, {{"Accept", "text/html"}}).status == 406);
  CHECK(api.Call("GET", "/v4/account/events", {}, {{"X-Filter", "{"}}).status == 400);
  Request form = ParseTarget("POST", "/v4/profile/tokens");
  form.headers = {{"Authorization", "Bearer secret"}, {"Content-Type", "text/plain"}};
  CHECK(api.api().Handle(form, [](int64_t) {}).status == 415);
}

TEST_CASE("rate limits count by token and endpoint, and end with their window") {
  Options options;
  options.rate_limit = 2;
  TestApi api(options);
  CHECK(HeaderOf(api.Call("GET", "/v4/profile"), "X-RateLimit-Remaining") == "1");
  CHECK(api.Call("GET", "/v4/profile").status == 200);
  const Answer refused = api.Call("GET", "/v4/profile");
  CHECK(refused.status == 429);
  CHECK(refused.body == R"({"errors": [{"reason": "Too many requests"}]})");
  CHECK(std::stoi(HeaderOf(refused, "Retry-After")) > 0);
  CHECK(api.Call("GET", "/v4/profile/tokens").status == 200);
  api.Advance(60'000);
  CHECK(api.Call("GET", "/v4/profile").status == 200);
}

TEST_CASE("a creation whose answer is lost has happened; one that was cut before has not") {
  TestApi api;
  const Json token = {{"label", "lost"}, {"scopes", "*"}};
  api.Good("POST", "/_sim/faults",
           {{"method", "POST"},
            {"path", "/profile/tokens"},
            {"nth", 1},
            {"cut", true},
            {"when", "after"}});
  api.Good("POST", "/_sim/faults",
           {{"method", "POST"}, {"path", "/profile/tokens"}, {"nth", 2}, {"cut", true}});
  CHECK(api.Call("POST", "/v4/profile/tokens", token).fault.cut);
  CHECK(api.Call("POST", "/v4/profile/tokens", token).fault.cut);
  CHECK(api.Good("GET", "/v4/profile/tokens", {},
                 {{"X-Filter", R"({"label":"lost"})"}})["results"] == 1);
  const Json log = api.Good("GET", "/_sim/requests?method=POST");
  CHECK(log["counts"]["POST /profile/tokens"] == 2);
  CHECK(log["requests"][0]["fault"] == "after cut");
  CHECK(log["requests"][1]["fault"] == "before cut");
}

TEST_CASE("faults answer with a status, as the API or as its front would") {
  TestApi api;
  api.Good("POST", "/_sim/faults",
           {{"path", "/profile"}, {"nth", 1}, {"status", 429}, {"retry_after", 7}});
  const Answer limited = api.Call("GET", "/v4/profile");
  CHECK(limited.status == 429);
  CHECK(HeaderOf(limited, "Retry-After") == "7");
  CHECK(HeaderOf(limited, "X-Accepted-OAuth-Scopes") == "*");
  CHECK(limited.body == R"({"errors": [{"reason": "Too many requests"}]})");
  api.Good("DELETE", "/_sim/faults");
  api.Good("POST", "/_sim/faults",
           {{"nth", 1}, {"status", 502}, {"html", "<html>Bad Gateway</html>"}});
  const Answer gateway = api.Call("GET", "/v4/profile");
  CHECK(gateway.status == 502);
  CHECK(HeaderOf(gateway, "Content-Type") == "text/html");
  CHECK(gateway.body == "<html>Bad Gateway</html>");
  api.Good("DELETE", "/_sim/faults");
  api.Good("POST", "/_sim/faults", {{"nth", 1}, {"redirect", "http://127.0.0.1:1/"}});
  const Answer moved = api.Call("GET", "/v4/profile");
  CHECK(moved.status == 302);
  CHECK(HeaderOf(moved, "Location") == "http://127.0.0.1:1/");
  api.Good("DELETE", "/_sim/faults");
  // Carried out, and answered as if not.
  api.Good(
      "POST", "/_sim/faults",
      {{"method", "POST"}, {"status", 503}, {"when", "after"}, {"latency_ms", 20}, {"times", 1}});
  CHECK(api.Call("POST", "/v4/profile/tokens", {{"label", "x"}}).status == 503);
  CHECK(api.slept == 20);
  CHECK(api.Good("GET", "/v4/profile/tokens")["results"] == 2);
}

TEST_CASE("objects come, change and go behind the client's back") {
  TestApi api;
  const Json made =
      api.Good("POST", "/_sim/objects",
               {{"path", "/profile/tokens"}, {"body", {{"label", "x"}, {"scopes", "*"}}}});
  const std::string path = "/profile/tokens/" + made["id"].dump();
  api.Good("PUT", "/_sim/objects", {{"path", path}, {"body", {{"scopes", "account:read_only"}}}});
  CHECK(api.Good("GET", "/v4" + path)["scopes"] == "account:read_only");
  CHECK(api.Good("GET", "/_sim/objects?path=/profile/tokens").size() == 2);
  CHECK(api.Good("GET", "/_sim/objects")["tokens"] == 2);
  api.Good("DELETE", "/_sim/objects?path=" + path);
  CHECK(api.Call("GET", "/v4" + path).status == 404);
  api.Good("PUT", "/_sim/objects", {{"path", "/regions/xx-test"}, {"body", {{"label", "Test"}}}});
  CHECK(api.Good("GET", "/v4/regions/xx-test")["label"] == "Test");
  CHECK(api.Call("DELETE", "/_sim/objects?path=/nothing/1").status == 404);
  CHECK(api.Good("GET", "/_sim/requests")["counts"].contains("POST /profile/tokens") == false);
}

TEST_CASE("a reset forgets everything but the command line") {
  TestApi api;
  api.Good("POST", "/v4/profile/tokens", {{"label", "x"}});
  api.Good("POST", "/_sim/faults", {{"status", 500}});
  api.Good("DELETE", "/_sim");
  CHECK(api.Good("GET", "/_sim/faults").empty());
  CHECK(api.Good("GET", "/_sim/requests")["total"] == 0);
  CHECK(api.Good("GET", "/v4/profile/tokens")["results"] == 1);
}

TEST_CASE("the state survives a restart, transitions under way included") {
  const std::string file = std::filesystem::temp_directory_path() /
                           ("linode-sim-state-" + std::to_string(getpid()) + ".json");
  Options options;
  options.state = file;
  options.boot_ms = 600'000;
  std::string secret;
  {
    TestApi api(options);
    secret = api.Good("POST", "/v4/profile/tokens", {{"label", "kept"}})["token"];
    api.Good("POST", "/v4/linode/instances",
             {{"region", "us-sea"},
              {"type", "g6-nanode-1"},
              {"image", "linode/debian12"},
              {"root_pass", "thisIsYourRootPassword"}});
    CHECK(api.api().Save());
  }
  TestApi api(options);
  const Json list =
      api.Good("GET", "/v4/profile/tokens", {}, {{"Authorization", "Bearer " + secret}});
  CHECK(list["results"] == 2);
  CHECK(api.Good("GET", "/v4/linode/instances")["data"][0]["status"] == "provisioning");
  api.Advance(700'000);
  CHECK(api.Good("GET", "/v4/linode/instances")["data"][0]["status"] == "running");
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace tkn::simulator
