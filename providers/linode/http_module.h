#pragma once

#include <cstddef>

// The border between the program and libtkn_http.so. Only plain data and abstract classes cross it,
// no exception and no allocation that the other side frees: the two may have been linked with
// different C++ libraries.
namespace tkn::linode {

inline constexpr int kHttpModuleVersion = 2;

struct ModuleRequest {
  const char* method;
  const char* url;
  const char* const* header_lines;  // "Name: value"
  std::size_t header_count;
  const char* body;  // nullptr: none
  std::size_t body_size;
  const char* ca_path;  // nullptr: the system's roots
  long connect_timeout_ms;
  long timeout_ms;
  // A kept connection may turn out to be dead, and then libcurl sends the request again by itself.
  // That must not happen to a request that makes something: its body goes out once.
  bool once;
};

// Receives an answer. False ends the transfer.
class ModuleSink {
 public:
  virtual bool OnHeaderLine(const char* data, std::size_t size) noexcept = 0;
  virtual bool OnBody(const char* data, std::size_t size) noexcept = 0;
  virtual bool ShouldStop() noexcept = 0;  // asked at least once a second

 protected:
  ~ModuleSink() = default;
};

enum class ModuleOutcome : int { kAnswered, kNotSent, kLost, kStopped };

struct ModuleResult {
  ModuleOutcome outcome;
  int status;
  char message[256];
};

class HttpModule {
 public:
  virtual ModuleResult Perform(const ModuleRequest& request, ModuleSink& sink) noexcept = 0;

 protected:
  ~HttpModule() = default;
};

// HttpModule*(int version); see engine/module/late_module.h.
inline constexpr char kHttpModuleSymbol[] = "tkn_http_module";

}  // namespace tkn::linode
