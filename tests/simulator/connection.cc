#include "tests/simulator/connection.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace tkn::simulator {
namespace {

constexpr int64_t kSliceMs = 50;         // how soon a wait notices that the server stops
constexpr int64_t kReadWaitMs = 10'000;  // for the rest of a request that has begun
constexpr int64_t kWriteWaitMs = 10'000;

}  // namespace

bool Connection::Await(short events, int64_t ms) const {
  for (int64_t left = ms; left > 0 && !stopping_; left -= kSliceMs) {
    pollfd wanted{socket_, events, 0};
    const int ready = poll(&wanted, 1, static_cast<int>(std::min(left, kSliceMs)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
  return false;
}

bool Connection::is_readable() const { return at_ < buffer_.size() || Await(POLLIN, kReadWaitMs); }

bool Connection::is_writable() const { return !broken_ && Await(POLLOUT, kWriteWaitMs); }

bool Connection::AwaitRequest(int64_t ms) { return at_ < buffer_.size() || Await(POLLIN, ms); }

ssize_t Connection::read(char* into, size_t size) {
  if (at_ == buffer_.size()) {
    if (!Await(POLLIN, kReadWaitMs)) return -1;
    buffer_.resize(16'384);
    const ssize_t n = recv(socket_, buffer_.data(), buffer_.size(), 0);
    buffer_.resize(n > 0 ? static_cast<size_t>(n) : 0);
    at_ = 0;
    if (n <= 0) return n;
  }
  const size_t n = std::min(size, buffer_.size() - at_);
  std::memcpy(into, buffer_.data() + at_, n);
  at_ += n;
  return static_cast<ssize_t>(n);
}

ssize_t Connection::write(const char* from, size_t size) {
  if (!is_writable()) return -1;
  return send(socket_, from, size, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip = "127.0.0.1";  // it listens nowhere else
  port = 0;
}

void Connection::get_local_ip_and_port(std::string& ip, int& port) const {
  get_remote_ip_and_port(ip, port);
}

bool Connection::WriteAll(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(text.data(), text.size());
    if (n <= 0) return false;
    text.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

void Connection::Break(bool reset) {
  broken_ = true;
  if (reset) {  // takes effect at close(), which comes next
    const linger now{1, 0};
    setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  } else {
    shutdown(socket_, SHUT_RDWR);
  }
}

void Connection::Close() {
  if (!broken_) shutdown(socket_, SHUT_RDWR);
  close(socket_);
}

}  // namespace tkn::simulator
