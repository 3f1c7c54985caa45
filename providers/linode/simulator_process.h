#pragma once

#include <sys/types.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/value/value.h"
#include "providers/linode/linode_provider.h"
#include "providers/linode/transport.h"

// For tests: the bundled simulator as a process of its own, and a configured provider that talks to
// it over HTTP.
namespace tkn::linode::testing {

class SimulatorProcess {
 public:
  explicit SimulatorProcess(std::vector<std::string> flags = {});
  ~SimulatorProcess();
  SimulatorProcess(const SimulatorProcess&) = delete;
  SimulatorProcess& operator=(const SimulatorProcess&) = delete;

  const std::string& url() const { return url_; }
  const std::string& token() const { return token_; }
  std::shared_ptr<HttpTransport> transport() const { return transport_; }

  void Fault(const std::string& json);
  void ClearFaults();
  void AdvanceClock(std::int64_t milliseconds);
  // How many requests "POST /profile/tokens" there were.
  int Count(const std::string& request);
  // Objects of a collection, e.g. "/profile/tokens"; the token in use left out.
  std::vector<Value> Objects(const std::string& path);
  void Change(const std::string& path, const std::string& body_json);

  // Configured with short delays, and what else `arguments` say.
  std::unique_ptr<providers::Provider> MakeProvider(std::map<std::string, Value> arguments = {});

 private:
  Value Control(const std::string& method, const std::string& path, const std::string& body = "");

  pid_t pid_ = -1;
  std::string directory_;
  std::string url_;
  const std::string token_ = "simulator-token";
  std::shared_ptr<HttpTransport> transport_;
  providers::Registry::Factory factory_;
};

}  // namespace tkn::linode::testing
