#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tkn::simulator {

// What the command line says. Documented in README.md.
struct Options {
  int port = 0;
  std::string port_file;
  std::vector<std::pair<std::string, std::string>> tokens;  // secret, scopes
  int64_t latency_ms = 0;
  int64_t boot_ms = 1000;  // from creation to `running`
  int64_t busy_ms = 0;     // how long a Linode refuses actions after it has reached its status
  std::string ssh_address = "127.0.0.1";  // or "auto": another 127.x.y.z for each Linode
  std::string log;
  std::string state;
  // Requests a minute for each token and endpoint; 0: no limit; -1: the limits that were recorded.
  int64_t rate_limit = 0;
  std::vector<std::string> faults;  // JSON, as for POST /_sim/faults
  std::optional<int64_t> now_ms;
  size_t threads = 128;  // one for each connection that is open
};

// Empty, with `error` filled in, when the command line is wrong; `help` asks for the usage text.
std::optional<Options> ParseOptions(const std::vector<std::string>& args, std::string& error,
                                    bool& help);
std::string Usage();

}  // namespace tkn::simulator
