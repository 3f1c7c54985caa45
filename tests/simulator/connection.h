#pragma once

#include <httplib.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace tkn::simulator {

// A connection as the HTTP library reads and writes it, with what the library does not offer: to
// break it in the middle of an answer. Used by one thread; `stopping` may be set by another and
// ends every wait.
class Connection : public httplib::Stream {
 public:
  Connection(int socket, const std::atomic<bool>& stopping)
      : socket_(socket), stopping_(stopping) {}

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* into, size_t size) override;
  ssize_t write(const char* from, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

  // Waits for the next request; false when the peer is gone or nothing came in `ms`.
  bool AwaitRequest(int64_t ms);
  bool WriteAll(std::string_view text);
  // From now on nothing is sent any more; with `reset` the peer sees a reset and no orderly end.
  void Break(bool reset);
  [[nodiscard]] bool broken() const { return broken_; }
  void Close();

 private:
  bool Await(short events, int64_t ms) const;

  int socket_;
  const std::atomic<bool>& stopping_;
  bool broken_ = false;
  std::string buffer_;
  size_t at_ = 0;
};

}  // namespace tkn::simulator
