#pragma once

#include <memory>

#include "tests/simulator/api.h"

namespace tkn::simulator {

// Serves an Api over HTTP/1.1 on 127.0.0.1, each open connection with a thread of its own up to the
// limit.
class HttpServer {
 public:
  // Listens when constructed; throws std::runtime_error when the port cannot be had.
  HttpServer(Api& api, int port, size_t threads);
  ~HttpServer();  // stops
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] int port() const;
  // Ends waiting answers and open connections, and returns when all are done. Any thread, any
  // number of times.
  void Stop();

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace tkn::simulator
