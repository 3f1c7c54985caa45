#include "tests/simulator/http_server.h"

#include <arpa/inet.h>
#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <random>
#include <thread>

namespace tkn::simulator {
namespace {

Options OneToken() {
  Options options;
  options.tokens = {{"secret", "*"}};
  return options;
}

class Running {
 public:
  explicit Running(const Options& options = OneToken())
      : api_(options), server_(api_, 0, options.threads) {}

  httplib::Client Client() {
    httplib::Client client("127.0.0.1", server_.port());
    client.set_default_headers({{"Authorization", "Bearer secret"}});
    client.set_keep_alive(true);
    return client;
  }
  void Fault(const std::string& rule) {
    auto client = Client();
    REQUIRE(client.Post("/_sim/faults", rule, "application/json")->status == 200);
  }
  // Everything that comes back for raw bytes, until the end of the connection.
  std::string Exchange(const std::string& bytes) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<uint16_t>(server_.port()));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
    send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    shutdown(fd, SHUT_WR);
    std::string answer;
    char block[4096];
    for (ssize_t n = 0; (n = recv(fd, block, sizeof block, 0)) > 0;) {
      answer.append(block, static_cast<size_t>(n));
    }
    close(fd);
    return answer;
  }
  HttpServer& server() { return server_; }

 private:
  Api api_;
  HttpServer server_;
};

TEST_CASE("answers over HTTP, whatever the escapes in the path") {
  Running running;
  auto client = running.Client();
  CHECK(client.Get("/v4/profile")->status == 200);
  CHECK(client.Get("/v4/images/linode%2Fdebian12")->status == 200);
  const auto made = client.Post("/v4/profile/tokens", R"({"label":"x"})", "application/json");
  CHECK(made->status == 200);
  CHECK(made->get_header_value_count("X-Frame-Options") == 2);
  CHECK(client.Delete("/v4/profile/tokens/57288002")->body == "{}");
  CHECK(client.Get("/v4/profile/tokens/57288002")->status == 404);
}

TEST_CASE("connections are cut, reset and broken in the middle") {
  Running running;
  const std::string rule =
      GENERATE(R"({"cut":true})", R"({"reset":true})", R"({"truncate":20})", R"({"truncate":0})");
  CAPTURE(rule);
  running.Fault(rule);
  auto client = running.Client();
  CHECK_FALSE(client.Get("/v4/profile"));
  CHECK(client.Delete("/_sim/faults")->status == 200);
  CHECK(client.Get("/v4/profile")->status == 200);
}

TEST_CASE("bodies are wrong, huge or slow") {
  Running running;
  auto client = running.Client();
  running.Fault(R"({"nth":1,"wrong_json":true})");
  CHECK_FALSE(ParseJson(client.Get("/v4/profile")->body));
  client.Delete("/_sim/faults");
  running.Fault(R"({"nth":1,"huge":3000000})");
  CHECK(client.Get("/v4/profile")->body.size() == 3'000'002);
  client.Delete("/_sim/faults");
  running.Fault(R"({"nth":1,"drip_ms":1})");
  CHECK(ParseJson(client.Get("/v4/regions/us-sea")->body));
}

TEST_CASE("garbage gets an error or the end of the connection, and the server goes on") {
  Running running;
  const std::string bytes = GENERATE(
      std::string("\x16\x03\x01\x02\x00\x01\x00", 7), std::string("GET\r\n\r\n"),
      std::string("FOO / HTTP/1.1\r\n\r\n"), std::string("GET /v4/profile HTTP/9.9\r\n\r\n"),
      "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n",
      std::string(
          "POST /v4/profile/tokens HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n"),
      std::string("POST /v4/profile/tokens HTTP/1.1\r\nContent-Length: -1\r\n\r\n{}"),
      std::string("POST /v4/profile/tokens HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
      std::string("POST /v4/profile/tokens HTTP/1.1\r\nContent-Length: 10\r\n\r\n{"));
  CAPTURE(bytes.substr(0, 80));
  const std::string answer = running.Exchange(bytes);
  CHECK((answer.empty() || answer.starts_with("HTTP/1.1 4")));
  auto client = running.Client();
  CHECK(client.Get("/v4/profile")->status == 200);
}

TEST_CASE("random bytes do no harm") {
  Running running;
  const auto seed = GENERATE(range(0U, 20U));
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::string bytes =
      seed % 2 == 0 ? "POST /v4/profile/tokens HTTP/1.1\r\nContent-Length: 200\r\n\r\n" : "";
  for (int i = 0; i < 300; ++i) bytes += static_cast<char>(random() & 0xFFU);
  running.Exchange(bytes);
  CHECK(running.Client().Get("/v4/profile")->status == 200);
}

TEST_CASE("many clients at once lose and double nothing") {
  Running running;
  constexpr int kClients = 24;
  constexpr int kEach = 10;
  std::atomic<int> good{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kClients; ++t) {
      threads.emplace_back([&, t] {
        auto client = running.Client();
        for (int i = 0; i < kEach; ++i) {
          const std::string body = R"({"label":"t)" + std::to_string(t * kEach + i) + "\"}";
          const auto made = client.Post("/v4/profile/tokens", body, "application/json");
          if (made && made->status == 200) ++good;
        }
      });
    }
  }
  CHECK(good == kClients * kEach);
  const auto list = running.Client().Get("/v4/profile/tokens?page_size=500");
  const Json parsed = Json::parse(list->body);
  std::set<std::string> labels;
  for (const Json& token : parsed["data"]) labels.insert(token["label"].get<std::string>());
  CHECK(labels.size() == kClients * kEach + 1);
}

TEST_CASE("stopping ends answers that wait") {
  Options options = OneToken();
  options.latency_ms = 60'000;
  Running running(options);
  std::jthread waiting([&] { running.Client().Get("/v4/profile"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const auto begin = std::chrono::steady_clock::now();
  running.server().Stop();
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
}

}  // namespace
}  // namespace tkn::simulator
