#include "provisioners/remote_machine.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>

#include "engine/module/late_module.h"
#include "provisioners/ssh_module.h"

namespace tkn::provisioners {
namespace {

using Clock = std::chrono::steady_clock;

SshModule* Module(std::string& problem) {
  static std::once_flag once;
  static SshModule* module = nullptr;
  static std::string why;
  std::call_once(once, [] {
    module = LoadModule<SshModule>(ModulePaths("libtkn_ssh.so"), kSshModuleSymbol,
                                   kSshModuleVersion, why);
    if (module == nullptr) why = "the module libtkn_ssh.so can't be used: " + why;
  });
  problem = why;
  return module;
}

class Sink final : public SshSink {
 public:
  Sink(const RemoteMachine::Input& input, const RemoteMachine::Output& output,
       const std::function<bool()>& cancelled)
      : input_(input), output_(output), cancelled_(cancelled) {}
  void OnOutput(bool is_error, const char* data, std::size_t size) noexcept override {
    if (output_) output_(is_error, {data, size});
  }
  std::size_t NextInput(char* data, std::size_t size) noexcept override {
    return input_ ? input_(data, size) : 0;
  }
  bool IsCancelled() noexcept override { return cancelled_ && cancelled_(); }

 private:
  const RemoteMachine::Input& input_;
  const RemoteMachine::Output& output_;
  const std::function<bool()>& cancelled_;
};

SshLogin Plain(const Login& login) {
  return {login.host.c_str(),        login.port,
          login.user.c_str(),        login.password.c_str(),
          login.private_key.c_str(), login.certificate.c_str(),
          login.host_key.c_str()};
}

const char* YesNo(bool value) { return value ? "true" : "false"; }

void Announce(const Connection& connection, const Request& request) {
  const auto describe = [&](const Login& login, const std::string& prefix) {
    request.output("  " + prefix + "Host: " + login.host);
    request.output("  " + prefix + "User: " + login.user);
    request.output("  " + prefix + "Password: " + YesNo(!login.password.empty()));
    request.output("  " + prefix + "Private key: " + YesNo(!login.private_key.empty()));
    request.output("  " + prefix + "Certificate: " + YesNo(!login.certificate.empty()));
  };
  request.output("Connecting to remote host via SSH...");
  describe(connection.target, "");
  request.output(std::string("  SSH Agent: ") + YesNo(connection.agent));
  request.output(std::string("  Checking Host Key: ") + YesNo(!connection.target.host_key.empty()));
  request.output("  Target Platform: unix");
  if (!connection.bastion) return;
  request.output("Using configured bastion host...");
  describe(*connection.bastion, "");
  request.output(std::string("  Checking Host Key: ") +
                 YesNo(!connection.bastion->host_key.empty()));
}

// Whoever waits looks up often enough to be stopped within a second.
void Sleep(double seconds, const std::function<bool()>& is_cancelled) {
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  while (Clock::now() < end && !(is_cancelled && is_cancelled()))
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

}  // namespace

std::unique_ptr<RemoteMachine> RemoteMachine::Connect(const Connection& connection,
                                                      const Request& request, const char* summary,
                                                      Diagnostics& diags) {
  std::string problem;
  SshModule* module = Module(problem);
  if (!module) {
    diags.Add({.summary = summary, .detail = problem});
    return nullptr;
  }
  const Input no_input;
  const RemoteMachine::Output no_output;
  Sink sink(no_input, no_output, request.is_cancelled);
  const SshLogin bastion = connection.bastion ? Plain(*connection.bastion) : SshLogin{};
  const auto end = Clock::now() + std::chrono::duration<double>(connection.timeout_seconds);
  double pause = 0.25;
  SshOutcome outcome{};
  while (true) {
    Announce(connection, request);
    const double left = std::chrono::duration<double>(end - Clock::now()).count();
    const SshTarget target{.login = Plain(connection.target),
                           .bastion = connection.bastion ? &bastion : nullptr,
                           .agent = connection.agent,
                           .agent_identity = connection.agent_identity.c_str(),
                           .timeout_seconds = std::clamp(left, 1.0, 20.0)};
    if (SshSession* session = module->Connect(target, sink, outcome)) {
      request.output("Connected!");
      return std::unique_ptr<RemoteMachine>(new RemoteMachine(session, request.is_cancelled));
    }
    if (outcome.hopeless || sink.IsCancelled() ||
        Clock::now() + std::chrono::duration<double>(pause) >= end)
      break;
    Sleep(pause, request.is_cancelled);
    pause = std::min(pause * 2, 10.0);
  }
  std::string detail = sink.IsCancelled() ? "interrupted" : std::string(outcome.message);
  if (!outcome.hopeless && !sink.IsCancelled()) {
    detail = "timeout - last error: " + detail +
             ". The machine was tried for as long as the connection's timeout says.";
  }
  diags.Add({.summary = summary, .detail = std::move(detail)});
  return nullptr;
}

RemoteMachine::~RemoteMachine() { session_->Close(); }

RemoteMachine::Result RemoteMachine::Run(const std::string& command, const Input& input,
                                         const Output& output) {
  Sink sink(input, output, is_cancelled_);
  const SshOutcome outcome = session_->Run(command.c_str(), sink);
  return outcome.ok ? Result{{}, outcome.exit_status} : Result{outcome.message, -1};
}

std::string RemoteMachine::Upload(const std::string& path, const std::string& mode,
                                  const Input& input) {
  const std::string quoted = ShellQuote(path);
  // Nobody else may read it at any moment: it is made without rights for others, then gets its
  // mode, then its content.
  const std::string command = "umask 077 && rm -f " + quoted + " && : > " + quoted + " && chmod " +
                              mode + " " + quoted + " && cat > " + quoted;
  std::string said;
  const Result result = Run(command, input, [&](bool, std::string_view bytes) {
    if (said.size() < 1024) said.append(bytes.substr(0, 1024 - said.size()));
  });
  if (!result.error.empty()) return result.error;
  if (result.exit_status == 0) return {};
  while (said.ends_with('\n')) said.pop_back();
  return "\"" + path + "\" could not be written on the machine: " +
         (said.empty() ? "exit status " + std::to_string(result.exit_status) : said);
}

RemoteMachine::Input TextInput(std::string_view text) {
  return [text](char* data, std::size_t size) mutable {
    const std::size_t n = std::min(size, text.size());
    std::memcpy(data, text.data(), n);
    text.remove_prefix(n);
    return n;
  };
}

std::string ShellQuote(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

}  // namespace tkn::provisioners
