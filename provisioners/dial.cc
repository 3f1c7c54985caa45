#include "provisioners/dial.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace tkn::provisioners {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kLook{100};  // so often is looked whether to go on

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

// A resolution under way. Kept by the thread that does it as well, since that can't be ended.
struct Lookup {
  std::mutex mutex;
  std::condition_variable changed;
  bool done = false;
  Addresses found{};
  int code = 0;

  void Run(const std::string& host, const std::string& port, int flags) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags;
    addrinfo* list = nullptr;
    const int result = getaddrinfo(host.c_str(), port.c_str(), &hints, &list);
    {
      const std::lock_guard lock(mutex);
      if (result == 0) found.reset(list);
      code = result;
      done = true;
    }
    changed.notify_all();
  }
};

Addresses Resolve(const std::string& host, const std::string& port, Clock::time_point end,
                  const std::function<bool()>& is_cancelled, std::string& error) {
  const auto lookup = std::make_shared<Lookup>();
  lookup->Run(host, port, AI_NUMERICHOST);  // asks nobody
  if (lookup->code != 0) {
    lookup->done = false;
    std::thread([lookup, host, port] { lookup->Run(host, port, 0); }).detach();
  }
  std::unique_lock lock(lookup->mutex);
  while (!lookup->done && !is_cancelled() && Clock::now() < end) {
    lookup->changed.wait_for(lock, kLook);
  }
  if (!lookup->done) {
    error = "the name \"" + host + "\" was not resolved in time";
    return nullptr;
  }
  if (lookup->code != 0) {
    error = "the name \"" + host + "\" can't be resolved: " + gai_strerror(lookup->code);
    return nullptr;
  }
  return std::move(lookup->found);
}

// 0, or what errno says.
int WaitUntilConnected(int socket, Clock::time_point end,
                       const std::function<bool()>& is_cancelled) {
  while (true) {
    pollfd wait{socket, POLLOUT, 0};
    const int ready = poll(&wait, 1, static_cast<int>(kLook.count()));
    if (ready > 0) break;
    if (ready < 0 && errno != EINTR) return errno;
    if (is_cancelled()) return ECANCELED;
    if (Clock::now() >= end) return ETIMEDOUT;
  }
  int code = 0;
  socklen_t size = sizeof code;
  return getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &size) == 0 ? code : errno;
}

}  // namespace

int Dial(const char* host, int port, std::chrono::duration<double> timeout,
         const std::function<bool()>& is_cancelled, std::string& error) {
  const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(timeout);
  const Addresses addresses = Resolve(host, std::to_string(port), end, is_cancelled, error);
  for (const addrinfo* address = addresses.get(); address != nullptr; address = address->ai_next) {
    const int made =
        socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int code = made < 0 ? errno : 0;
    if (code == 0 && connect(made, address->ai_addr, address->ai_addrlen) != 0) {
      code = errno == EINPROGRESS ? WaitUntilConnected(made, end, is_cancelled) : errno;
    }
    if (code == 0) {
      const int no_delay = 1;  // commands are small, and each waits for its answer
      setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &no_delay, sizeof no_delay);
      return made;
    }
    error = std::string("no connection to ") + host + ": " + std::strerror(code);
    if (made >= 0) close(made);
    if (is_cancelled()) break;
  }
  return -1;
}

Breaker::Breaker(int socket, std::chrono::milliseconds grace, std::function<bool()> is_cancelled)
    : socket_(socket),
      grace_(grace),
      is_cancelled_(std::move(is_cancelled)),
      thread_([this] { Watch(); }) {}

Breaker::~Breaker() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Breaker::Watch() {
  std::unique_lock lock(mutex_);
  while (!over_ && !is_cancelled_()) changed_.wait_for(lock, kLook);
  if (!over_ && !changed_.wait_for(lock, grace_, [this] { return over_; })) {
    shutdown(socket_, SHUT_RDWR);
  }
}

}  // namespace tkn::provisioners
