#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "providers/provider.h"

namespace tkn::linode {

// What an answer may hold at most. The longest real answers (all instance types, all images) are
// under 1 MB.
inline constexpr std::size_t kMaxBodyBytes = std::size_t{16} << 20;
inline constexpr std::size_t kMaxHeaderBytes = std::size_t{64} << 10;  // all header lines together
inline constexpr std::chrono::seconds kConnectTimeout{30};
inline constexpr std::chrono::seconds kRequestTimeout{120};  // one request, connecting included

struct HttpHeader {
  std::string name;
  std::string value;
};

struct HttpRequest {
  std::string method;
  std::string url;
  std::vector<HttpHeader> headers{};
  std::string body{};
  std::string ca_path{};  // PEM file that replaces the system's roots; empty: the system's
  std::chrono::milliseconds timeout = kRequestTimeout;
  const providers::Cancellation* cancel = nullptr;
  const providers::Cancellation* stop = nullptr;  // a second reason to end; either may be null
};

struct HttpResponse {
  int status = 0;
  std::vector<HttpHeader> headers{};
  std::string body{};
  // Names are compared without case; the first of several. nullptr: absent.
  const std::string* FindHeader(std::string_view name) const;
};

enum class Delivery {
  kAnswered,  // `response` is whole
  kNotSent,   // the server cannot have seen the request: no address, no connection, no TLS, refused
              // input
  kLost,  // sent, perhaps in part, and no whole answer came back: what became of it is not known
  kCancelled,  // told to stop; as kLost for what the server may have done
};

struct HttpResult {
  Delivery delivery = Delivery::kAnswered;
  std::string message{};  // why, unless answered; no secrets
  HttpResponse response{};
};

// Carries one request there and its answer back: TLS verified, no redirects followed, only http and
// https, nothing repeated. Any thread may call; never throws. Proxies as in http_proxy,
// https_proxy, no_proxy.
class HttpTransport {
 public:
  virtual ~HttpTransport() = default;
  virtual HttpResult Send(const HttpRequest& request) = 0;
  // A request is going to be sent soon: what takes time and asks nobody may be done until then, in
  // the background.
  virtual void Prepare() {}
};

// Why `request` must not be sent (a line break in a header, a URL of another kind); empty: it may.
std::string CheckRequest(const HttpRequest& request);

// The transport over libcurl. The library lies in a module that is loaded with the first request,
// since linking it costs 8 ms at every start of the program. Paths are tried in turn.
std::shared_ptr<HttpTransport> MakeModuleTransport(std::vector<std::string> module_paths);

}  // namespace tkn::linode
