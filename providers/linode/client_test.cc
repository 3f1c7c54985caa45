#include "providers/linode/client.h"

#include <catch2/catch.hpp>

#include "providers/linode/answer.h"
#include "providers/linode/fake_api.h"

namespace tkn::linode {
namespace {

using testing::FakeClock;
using testing::FakeTransport;

struct World {
  std::shared_ptr<FakeTransport> api = std::make_shared<FakeTransport>();
  std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>();
  std::vector<std::string> log{};

  Client Make(ClientOptions options = {}) {
    if (options.token.empty()) options.token = "secret-token";
    options.log = [this](std::string_view line) { log.emplace_back(line); };
    return Client(std::move(options), api, clock);
  }
};

const ApiPath kToken{"profile", "tokens", 5};
const Value kBody = Value::Object({{"label", Value::String("x")}});
constexpr char kBusy[] = R"({"errors":[{"reason":"Linode busy."}]})";

TEST_CASE("a request carries token, types and agent, and nothing else") {
  World w;
  w.api->Answer(200, "{}");
  Client client = w.Make({.user_agent = "tkn/1"});
  CHECK(client.Get(kToken, {}).ok());
  const HttpRequest request = w.api->Requests().at(0);
  CHECK(request.url == "https://api.linode.com/v4/profile/tokens/5");
  std::vector<std::string> headers;
  for (const HttpHeader& h : request.headers) headers.push_back(h.name + ": " + h.value);
  CHECK(headers == std::vector<std::string>{"Authorization: Bearer secret-token",
                                            "Content-Type: application/json",
                                            "Accept: application/json", "User-Agent: tkn/1"});
}

TEST_CASE("errors read as the real client's") {
  struct Row {
    int status;
    const char* body;
    const char* type;
    const char* text;
  };
  const Row rows[] = {
      {401, R"({"errors":[{"reason":"Invalid Token"}]})", "application/json",
       "[401] Invalid Token"},
      {404, R"({"errors":[{"reason":"Not found","field":null}]})", "application/json",
       "[404] Not found"},
      {400, R"({"errors":[{"reason":"Cannot filter on foo","field":"X-Filter"}]})",
       "application/json", "[400] [X-Filter] Cannot filter on foo"},
      {400, R"({"errors":[{"reason":"A."},{"field":"b","reason":"B."}]})", "application/json",
       "[400] A.; [b] B."},
      {418, "teapot", "text/plain",
       "[418] Unexpected Content-Type: Expected: application/json, Received: text/plain\n"
       "Response body: teapot"},
      // A quirk not copied: an error without errors is an error.
      {403, R"({"errors":[]})", "application/json", "[403] Forbidden"},
      {403, "", "application/json", "[403] Forbidden"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    World w;
    w.api->Answer(row.status, row.body, {{"Content-Type", row.type}});
    Client client = w.Make();
    const Answer answer = client.Post(kToken, kBody, {});
    REQUIRE(answer.error);
    CHECK(answer.error->text == row.text);
    CHECK(answer.error->status == row.status);
    CHECK_FALSE(answer.error->uncertain);
  }
}

TEST_CASE("a gateway's page is not shown") {
  World w;
  w.api->Answer(502, "<html>bad</html>", {{"Content-Type", "text/html"}});
  Client client = w.Make();
  CHECK(client.Post(kToken, kBody, {}).error->text == "[502] Bad Gateway");
}

TEST_CASE("which answers are repeated, by method") {
  struct Row {
    const char* name;
    int status;
    const char* body;
    std::vector<HttpHeader> headers;
    bool get_repeats;
    bool post_repeats;
    bool post_uncertain;
  };
  const std::vector<HttpHeader> none;
  const Row rows[] = {
      {"busy", 400, kBusy, none, true, true, false},
      {"busy and more", 400, R"({"errors":[{"reason":"Linode busy."},{"reason":"x"}]})", none,
       false, false, false},
      {"bad request", 400, R"({"errors":[{"reason":"no"}]})", none, false, false, false},
      {"nginx",
       400,
       "<html>",
       {{"Server", "nginx"}, {"Content-Type", "text/html"}},
       true,
       true,
       false},
      {"429", 429, "{}", none, true, true, false},
      {"503", 503, "{}", none, true, true, false},
      {"maintenance", 503, "{}", {{"X-MAINTENANCE-MODE", ""}}, false, false, false},
      {"408", 408, "{}", none, true, false, true},
      {"500", 500, "{}", none, true, false, true},
      {"502", 502, "<html>", {{"Content-Type", "text/html"}}, true, false, true},
      {"504", 504, "", none, true, false, true},
      {"401", 401, "{}", none, false, false, false},
      {"404", 404, "{}", none, false, false, false},
      {"Retry-After that is no number", 429, "{}", {{"Retry-After", "soon"}}, false, false, false},
  };
  for (const Row& row : rows) {
    for (const bool post : {false, true}) {
      CAPTURE(row.name, post);
      World w;
      w.api->Answer(row.status, row.body, row.headers).Answer(200, R"({"id":1})");
      Client client = w.Make();
      const Answer answer = post ? client.Post(kToken, kBody, {}) : client.Get(kToken, {});
      CHECK(answer.ok() == (post ? row.post_repeats : row.get_repeats));
      CHECK(w.api->Done() == answer.ok());
      if (post && answer.error) CHECK(answer.error->uncertain == row.post_uncertain);
    }
  }
}

TEST_CASE("a lost answer is asked for again, except to a POST") {
  for (const char* method : {"GET", "PUT", "DELETE", "POST"}) {
    CAPTURE(method);
    World w;
    w.api->Fail(Delivery::kLost).Answer(200, R"({"id":1})");
    Client client = w.Make();
    const std::string name = method;
    const Answer answer = name == "GET"      ? client.Get(kToken, {})
                          : name == "PUT"    ? client.Put(kToken, kBody, {})
                          : name == "DELETE" ? client.Delete(kToken, {})
                                             : client.Post(kToken, kBody, {});
    if (name == "POST") {
      REQUIRE(answer.error);
      CHECK(answer.error->uncertain);
      CHECK(answer.error->text == "[002] Connection reset by peer");
      CHECK(w.api->Requests().size() == 1);
    } else {
      CHECK(answer.ok());
      CHECK(answer.perhaps_done_before);
    }
  }
}

TEST_CASE("faults are repeated four times at most") {
  World w;
  w.api->otherwise = [](const HttpRequest&) { return testing::Json(500, "{}"); };
  Client client = w.Make();
  CHECK(client.Get(kToken, {}).error->text == "[500] Internal Server Error");
  CHECK(w.api->Requests().size() == 4);
}

TEST_CASE("a connection that could not be made is tried once more, whatever the method") {
  World w;
  w.api->otherwise = [](const HttpRequest&) {
    return HttpResult{Delivery::kNotSent, "Could not resolve host: x"};
  };
  Client client = w.Make();
  const Answer answer = client.Post(kToken, kBody, {});
  CHECK(answer.error->text == "[002] Could not resolve host: x");
  CHECK_FALSE(answer.error->uncertain);
  CHECK(w.api->Requests().size() == 2);
}

TEST_CASE("an answer that is no JSON counts as lost") {
  World w;
  w.api->Answer(200, R"({"id": 1)");
  Client client = w.Make();
  const Answer answer = client.Post(kToken, kBody, {});
  REQUIRE(answer.error);
  CHECK(answer.error->uncertain);
}

TEST_CASE("waits grow from the minimum to the maximum, with chance in the upper half") {
  const RetryDelays delays;
  const auto most = [] { return 0.999999; };
  const auto least = [] { return 0.0; };
  CHECK(Backoff(delays, 0, least).count() == 3000);
  CHECK(Backoff(delays, 1, least).count() == 3000);
  CHECK(Backoff(delays, 1, most).count() == 5999);
  CHECK(Backoff(delays, 2, least).count() == 6000);
  CHECK(Backoff(delays, 3, least).count() == 12000);
  CHECK(Backoff(delays, 4, least).count() == 15000);
  CHECK(Backoff(delays, 900, most).count() == 29999);
}

TEST_CASE("Retry-After is held between minimum and maximum") {
  World w;
  w.api->Answer(429, "{}", {{"Retry-After", "7"}})
      .Answer(429, "{}", {{"Retry-After", "1"}})
      .Answer(429, "{}", {{"Retry-After", "99999999999999999999"}})
      .Answer(200, "{}");
  Client client = w.Make();
  CHECK(client.Get(kToken, {}).ok());
  CHECK(w.clock->Waits() == std::vector<std::int64_t>{7000, 3000, 30000});
}

TEST_CASE("trying ends after a quarter of an hour, and at the caller's deadline") {
  World w;
  w.api->otherwise = [](const HttpRequest&) { return testing::Json(429, "{}"); };
  Client client = w.Make();
  CHECK(client.Get(kToken, {}).error->status == 429);
  std::int64_t sum = 0;
  for (const std::int64_t wait : w.clock->Waits()) sum += wait;
  CHECK(sum <= 15 * 60 * 1000);
  CHECK(sum > 14 * 60 * 1000);
  w.clock->Forget();
  CHECK(client.Get(kToken, {nullptr, w.clock->Now() + std::chrono::seconds(4)}).error->status ==
        429);
  sum = 0;
  for (const std::int64_t wait : w.clock->Waits()) sum += wait;
  CHECK(sum <= 4000);
}

TEST_CASE("a cancelled or stopped client asks nothing") {
  World w;
  Client client = w.Make();
  Cancellation cancel;
  cancel.Cancel();
  CHECK(client.Get(kToken, {&cancel}).error->kind == ApiError::Kind::kCancelled);
  client.Stop();
  CHECK(client.Get(kToken, {}).error->kind == ApiError::Kind::kCancelled);
  CHECK(w.api->Requests().empty());
}

TEST_CASE("a POST that is cancelled while it is under way is uncertain") {
  World w;
  w.api->Fail(Delivery::kCancelled, "stopped");
  Client client = w.Make();
  const Answer answer = client.Post(kToken, kBody, {});
  CHECK(answer.error->kind == ApiError::Kind::kCancelled);
  CHECK(answer.error->uncertain);
}

TEST_CASE("pages are fetched until the last, an empty collection once") {
  World w;
  w.api->Answer(200, R"({"data":[{"id":1}],"page":1,"pages":2,"results":2})")
      .Answer(200, R"({"data":[{"id":2}],"page":2,"pages":2,"results":2})")
      .Answer(200, R"({"data":[],"page":0,"pages":0,"results":0})");
  Client client = w.Make();
  const Value filter = Value::Object({{"label", Value::String("a\nb")}});
  const ListAnswer list = client.List({"profile", "tokens"}, filter, {});
  REQUIRE(list.items.size() == 2);
  CHECK(IntOf(list.items[1], "id") == 2);
  CHECK(client.List({"images"}, Value(), {}).items.empty());
  CHECK(w.api->Lines() == std::vector<std::string>{"GET /v4/profile/tokens?page=1",
                                                   "GET /v4/profile/tokens?page=2",
                                                   "GET /v4/images?page=1"});
  CHECK(w.api->Requests()[0].headers.back().value == R"({"label":"a\nb"})");
  CHECK(w.api->Requests()[2].headers.back().name == "User-Agent");
}

TEST_CASE("when nothing is left of the rate, the next request of the group waits for the reset") {
  World w;
  const std::string reset = std::to_string(w.clock->UnixSeconds() + 12);
  w.api->Answer(200, "{}", {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", reset}})
      .Answer(200, "{}")
      .Answer(200, "{}");
  Client client = w.Make();
  client.Get(kToken, {});
  client.Get({"profile"}, {});
  CHECK(w.clock->Waits().empty());
  client.Get(kToken, {});
  CHECK(w.clock->Waits() == std::vector<std::int64_t>{12000});
}

TEST_CASE("catalogues are remembered for a quarter of an hour") {
  World w;
  w.api->otherwise = [](const HttpRequest&) { return testing::Json(200, "{}"); };
  Client client = w.Make();
  const ApiPath type{"linode", "types", "g6-nanode-1"};
  client.Get(type, {});
  client.Get(type, {});
  CHECK(w.api->Requests().size() == 1);
  CHECK(w.clock->Wait(std::chrono::minutes(16), nullptr, nullptr));
  client.Get(type, {});
  client.Get(kToken, {});
  client.Get(kToken, {});
  CHECK(w.api->Requests().size() == 4);
}

TEST_CASE("without a token only catalogues are asked for") {
  World w;
  w.api->Answer(200, "{}");
  Client client({.no_token = "no token: set LINODE_TOKEN"}, w.api, w.clock);
  CHECK(client.Get({"regions", "us-east"}, {}).ok());
  const Answer answer = client.Get(kToken, {});
  CHECK(answer.error->kind == ApiError::Kind::kNoToken);
  CHECK(answer.error->text == "no token: set LINODE_TOKEN");
  CHECK(w.api->Requests().size() == 1);
}

TEST_CASE("offline nothing is asked for, not even what would be remembered") {
  World w;
  Client client = w.Make({.offline = true});
  CHECK(client.Get({"regions"}, {}).error->kind == ApiError::Kind::kOffline);
  CHECK(w.api->Requests().empty());
}

TEST_CASE("the parts of a path can't lead elsewhere") {
  CHECK(ApiPath({"images", "linode/debian12"}).text() == "images/linode%2Fdebian12");
  CHECK(ApiPath({"a", "../x?y#z\r\n"}).text() == "a/..%2Fx%3Fy%23z%0D%0A");
  CHECK(ApiPath({"a", "..", "."}).text() == "a/%2E%2E/%2E");
  CHECK(ApiPath({"a", "\xc3\xa4 b"}).text() == "a/%C3%A4%20b");
}

TEST_CASE("what could split a request is refused before it is sent") {
  World w;
  Client client = w.Make({.token = "a\r\nX-Evil: 1"});
  const Answer answer = client.Get(kToken, {});
  REQUIRE(answer.error);
  CHECK(answer.error->kind == ApiError::Kind::kNotSent);
  CHECK(answer.error->text.find("Evil") == std::string::npos);
  CHECK(w.api->Requests().empty());

  struct Row {
    const char* method;
    const char* url;
    const char* header;
    bool allowed;
  };
  const Row rows[] = {
      {"GET", "https://a/b", "X-Filter", true},    {"GET", "http://a/b", "X-Filter", true},
      {"GET", "ftp://a/b", "X-Filter", false},     {"GET", "file:///etc/passwd", "X-Filter", false},
      {"GET", "https://a/b c", "X-Filter", false}, {"GET", "https://a/b\n", "X-Filter", false},
      {"G T", "https://a/b", "X-Filter", false},   {"GET", "https://a/b", "X Y", false},
      {"GET", "https://a/b", "", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.method, row.url, row.header);
    HttpRequest request{.method = row.method, .url = row.url};
    request.headers = {{row.header, "v"}};
    CHECK(CheckRequest(request).empty() == row.allowed);
  }
}

TEST_CASE("no secret is in the log") {
  World w;
  w.api->Answer(200, R"({"id":1,"token":"0123456789abcdef","nested":[{"root_pass":"hunter2"}]})")
      .Answer(200, "my secret in plain text");
  Client client = w.Make();
  client.Post(
      kToken,
      Value::Object({{"root_pass", Value::String("hunter3")}, {"label", Value::String("x")}}), {});
  client.Post(kToken, kBody, {});
  std::string all;
  for (const std::string& line : w.log) all += line + "\n";
  for (const char* secret : {"secret-token", "0123456789abcdef", "hunter", "plain text"}) {
    CAPTURE(secret);
    CHECK(all.find(secret) == std::string::npos);
  }
  CHECK(all.find(R"("label":"x")") != std::string::npos);
  CHECK(all.find("Authorization: (masked)") != std::string::npos);
}

}  // namespace
}  // namespace tkn::linode
