#include "tests/simulator/http_server.h"

#include <sys/socket.h>

#include <condition_variable>
#include <stdexcept>
#include <thread>

#include "tests/simulator/connection.h"
#include "tests/simulator/headers.h"

namespace tkn::simulator {
namespace {

constexpr int64_t kIdleMs = 30'000;      // how long a connection is kept without a request
constexpr size_t kMostBody = 8U << 20U;  // longer request bodies are answered with 413
constexpr int kBacklog = 1024;

// The connection, and the target as it was sent, of the request that this thread is at.
thread_local Connection* current_connection = nullptr;
thread_local std::string current_target;

void PrepareRequest(httplib::Request& request) {
  current_target = request.target;
  // One route for everything: the library would match its decoded path against a regular
  // expression, and `linode%2Fdebian12` is one segment for us.
  request.path = "/";
  request.ranges.clear();
  // The library waits for the end of the connection otherwise.
  if (!request.has_header("Content-Length") && !request.has_header("Transfer-Encoding")) {
    request.set_header("Content-Length", "0");
  }
}

std::string HeadOf(const Answer& answer, size_t length) {
  std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " Simulated\r\n";
  for (const auto& [name, value] : answer.headers)
    head.append(name).append(": ").append(value).append("\r\n");
  head += "Content-Length: " + std::to_string(length) + "\r\nConnection: close\r\n\r\n";
  return head;
}

}  // namespace

class HttpServer::Implementation : public httplib::Server {
 public:
  Implementation(Api& api, int port, size_t threads) : api_(api) {
    new_task_queue = [threads] { return new httplib::ThreadPool(threads); };
    set_tcp_nodelay(true);
    set_payload_max_length(kMostBody);
    set_keep_alive_max_count(1'000'000);  // what the Keep-Alive header says
    set_keep_alive_timeout(kIdleMs / 1000);
    const Handler handler = [this](const httplib::Request& request, httplib::Response& response) {
      Serve(request, response);
    };
    Get("/", handler).Post("/", handler).Put("/", handler).Patch("/", handler);
    Delete("/", handler).Options("/", handler);
    // What the library refuses by itself (a broken request line, too long a body) looks like the
    // API's errors.
    set_error_handler([](const httplib::Request&, httplib::Response& response) {
      if (!response.body.empty()) return;
      response.set_content(ToText(ErrorBody({{"The request could not be read"}})),
                           "application/json");
    });
    set_exception_handler(
        [](const httplib::Request&, httplib::Response& response, const std::exception_ptr&) {
          response.status = 500;
          response.set_content(ToText(ErrorBody({{"Internal error of the simulator"}})),
                               "application/json");
        });
    port_ =
        port == 0 ? bind_to_any_port("127.0.0.1") : (bind_to_port("127.0.0.1", port) ? port : -1);
    if (port_ <= 0) throw std::runtime_error("cannot listen on port " + std::to_string(port));
    // The library asks for a backlog of 5, so that a burst of connections would stall for a second.
    if (::listen(svr_sock_, kBacklog) != 0) throw std::runtime_error("cannot listen");
    thread_ = std::jthread([this] { listen_after_bind(); });
    while (!is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  ~Implementation() override { End(); }

  void End() {
    const std::lock_guard ending(end_mutex_);
    if (!thread_.joinable()) return;
    {
      const std::lock_guard lock(sleep_mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    stop();
    thread_.join();
  }

  [[nodiscard]] int port() const { return port_; }

 private:
  bool process_and_close_socket(socket_t socket) override {
    Connection connection(socket, stopping_);
    current_connection = &connection;
    bool closed = false;
    bool good = true;
    while (good && !closed && !connection.broken() && connection.AwaitRequest(kIdleMs)) {
      good = process_request(connection, /*close_connection=*/false, closed, PrepareRequest);
    }
    current_connection = nullptr;
    connection.Close();
    return good;
  }

  void Sleep(int64_t ms) {
    std::unique_lock lock(sleep_mutex_);
    wake_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return stopping_.load(); });
  }

  void Serve(const httplib::Request& from, httplib::Response& to) {
    Request request = ParseTarget(from.method, current_target);
    for (const auto& [name, value] : from.headers) request.headers.emplace_back(name, value);
    request.body = from.body;
    const Answer answer = api_.Handle(request, [this](int64_t ms) { Sleep(ms); });
    const Fault& fault = answer.fault;
    if (fault.cut || fault.reset) {
      current_connection->Break(fault.reset);
    } else if (fault.truncate >= 0 || fault.huge > 0 || fault.drip_ms > 0) {
      SendBroken(answer);
    }
    to.status = answer.status;
    std::string type = "application/json";
    for (const auto& [name, value] : answer.headers) {
      if (name == "Content-Type") {
        type = value;
      } else {
        to.set_header(name, value);
      }
    }
    to.set_content(answer.body, type);
  }

  // Answers that the library could not be made to write, straight onto the connection.
  void SendBroken(const Answer& answer) {
    const Fault& fault = answer.fault;
    Connection& connection = *current_connection;
    if (fault.huge > 0) {
      const std::string block(65'536, 'a');
      bool good = connection.WriteAll(HeadOf(answer, static_cast<size_t>(fault.huge) + 2) + "\"");
      for (int64_t left = fault.huge; good && left > 0; left -= 65'536) {
        good = connection.WriteAll(std::string_view(block).substr(
            0, static_cast<size_t>(std::min<int64_t>(left, 65'536))));
      }
      if (good) connection.WriteAll("\"");
    } else if (fault.truncate >= 0) {
      connection.WriteAll(HeadOf(answer, answer.body.size()) +
                          answer.body.substr(0, static_cast<size_t>(fault.truncate)));
    } else {
      bool good = connection.WriteAll(HeadOf(answer, answer.body.size()));
      for (size_t i = 0; good && i < answer.body.size() && !stopping_; ++i) {
        Sleep(fault.drip_ms);
        good = connection.WriteAll(std::string_view(answer.body).substr(i, 1));
      }
    }
    connection.Break(/*reset=*/false);
  }

  Api& api_;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  std::mutex sleep_mutex_;
  std::condition_variable wake_;
  std::mutex end_mutex_;
  std::jthread thread_;
};

HttpServer::HttpServer(Api& api, int port, size_t threads)
    : implementation_(std::make_unique<Implementation>(api, port, threads)) {}
HttpServer::~HttpServer() = default;
int HttpServer::port() const { return implementation_->port(); }
void HttpServer::Stop() { implementation_->End(); }

}  // namespace tkn::simulator
