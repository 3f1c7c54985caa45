#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "providers/linode/transport.h"

// How the transport uses its connections, seen from the other end.
namespace tkn::linode {
namespace {

// Reads one request at a time and answers as `answers` says: the n-th request that arrives gets an
// answer unless its number is in `dropped`; then its connection is closed when it was read.
class Server {
 public:
  explicit Server(std::set<int> dropped) : dropped_(std::move(dropped)) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    REQUIRE(bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(listen(listener_, 8) == 0);
    REQUIRE(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/";
    thread_ = std::thread([this] { Serve(); });
  }
  ~Server() {
    ending_ = true;
    thread_.join();
    close(listener_);
  }
  const std::string& url() const { return url_; }
  int connections() const { return connections_; }
  int requests() const { return requests_; }

 private:
  bool Readable(int fd) {
    pollfd wanted{fd, POLLIN, 0};
    while (!ending_) {
      if (poll(&wanted, 1, 20) > 0) return true;
    }
    return false;
  }

  void Serve() {
    std::vector<std::thread> talks;
    while (Readable(listener_)) {
      ++connections_;
      talks.emplace_back([this, connection = accept(listener_, nullptr, nullptr)] {
        while (Readable(connection) && ReadRequest(connection) && !dropped_.contains(++requests_)) {
          const std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
          if (send(connection, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) break;
        }
        close(connection);
      });
    }
    for (std::thread& talk : talks) talk.join();
  }

  // False at the end of the connection.
  static bool ReadRequest(int connection) {
    std::string text;
    std::size_t wanted = std::string::npos;
    while (text.size() < wanted) {
      char buffer[1024];
      const ssize_t count = recv(connection, buffer, sizeof(buffer), 0);
      if (count <= 0) return false;
      text.append(buffer, static_cast<std::size_t>(count));
      const std::size_t end = text.find("\r\n\r\n");
      if (end == std::string::npos) continue;
      constexpr std::string_view kLength = "Content-Length: ";
      const std::size_t length = text.find(kLength);
      wanted = end + 4 + (length < end ? std::stoul(text.substr(length + kLength.size())) : 0);
    }
    return true;
  }

  std::set<int> dropped_;
  int listener_ = -1;
  std::string url_;
  std::atomic<bool> ending_ = false;
  std::atomic<int> connections_ = 0;
  std::atomic<int> requests_ = 0;
  std::thread thread_;
};

HttpResult Send(HttpTransport& transport, const std::string& method, const Server& server,
                const std::string& body) {
  return transport.Send({.method = method, .url = server.url(), .body = body});
}

TEST_CASE("requests of all kinds go over one kept connection") {
  Server server({});
  const auto transport = MakeModuleTransport({TKN_HTTP_MODULE});
  for (const char* method : {"POST", "GET", "POST", "PUT", "POST", "DELETE"}) {
    INFO(method);
    const bool has_body = std::string_view(method).starts_with("P");
    const HttpResult result = Send(*transport, method, server, has_body ? R"({"a": 1})" : "");
    INFO(result.message);
    CHECK(result.delivery == Delivery::kAnswered);
    CHECK(result.response.body == "{}");
  }
  CHECK(server.connections() == 1);
  CHECK(server.requests() == 6);
}

TEST_CASE("each worker keeps one connection") {
  Server server({});
  const auto transport = MakeModuleTransport({TKN_HTTP_MODULE});
  transport->Prepare();  // twice is no harm
  transport->Prepare();
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < 4; ++i) {
      workers.emplace_back([&] {
        for (int k = 0; k < 10; ++k) {
          const char* method = k % 2 == 0 ? "POST" : "GET";
          const HttpResult result =
              Send(*transport, method, server, k % 2 == 0 ? R"({"a": 1})" : "");
          if (result.delivery != Delivery::kAnswered) return;
        }
      });
    }
  }
  CHECK(server.requests() == 40);
  CHECK(server.connections() <= 4);
}

TEST_CASE("a POST goes out once, also when the kept connection breaks under it") {
  Server server({2});
  const auto transport = MakeModuleTransport({TKN_HTTP_MODULE});
  CHECK(Send(*transport, "GET", server, "").delivery == Delivery::kAnswered);
  CHECK(Send(*transport, "POST", server, R"({"a": 1})").delivery == Delivery::kLost);
  CHECK(server.requests() == 2);
}

TEST_CASE("a POST without a body has a connection of its own") {
  Server server({2});
  const auto transport = MakeModuleTransport({TKN_HTTP_MODULE});
  CHECK(Send(*transport, "GET", server, "").delivery == Delivery::kAnswered);
  CHECK(Send(*transport, "POST", server, "").delivery == Delivery::kLost);
  CHECK(server.requests() == 2);
}

TEST_CASE("a GET whose kept connection breaks is asked for again") {
  Server server({2});
  const auto transport = MakeModuleTransport({TKN_HTTP_MODULE});
  CHECK(Send(*transport, "GET", server, "").delivery == Delivery::kAnswered);
  CHECK(Send(*transport, "GET", server, "").delivery == Delivery::kAnswered);
  CHECK(server.requests() == 3);
  CHECK(server.connections() == 2);
}

}  // namespace
}  // namespace tkn::linode
