#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

// Of libtkn_ssh.so: waiting for the network in a way that can be broken off. libssh itself looks up
// from its waiting only when its own timeout is over.
namespace tkn::provisioners {

// A TCP connection, non-blocking; -1 on failure, and `error` says why. Both the name's resolution
// and the connecting end when `is_cancelled` says so, or after `timeout`.
int Dial(const char* host, int port, std::chrono::duration<double> timeout,
         const std::function<bool()>& is_cancelled, std::string& error);

// While it lives: once `is_cancelled` has said so for `grace`, both directions of the socket are
// shut, so that whoever waits for it wakes up with an error.
class Breaker {
 public:
  Breaker(int socket, std::chrono::milliseconds grace, std::function<bool()> is_cancelled);
  ~Breaker();
  Breaker(const Breaker&) = delete;
  Breaker& operator=(const Breaker&) = delete;

 private:
  void Watch();

  const int socket_;
  const std::chrono::milliseconds grace_;
  const std::function<bool()> is_cancelled_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace tkn::provisioners
