#pragma once

#include <cstddef>

// The border between the program and libtkn_ssh.so, which alone links libssh. Only plain data and
// abstract classes cross it, no exception and no allocation that the other side frees.
namespace tkn::provisioners {

inline constexpr int kSshModuleVersion = 2;

// As Login and Connection in connection.h; "" where nothing was given.
struct SshLogin {
  const char* host;
  int port;
  const char* user;
  const char* password;
  const char* private_key;
  const char* certificate;
  const char* host_key;
};

struct SshTarget {
  SshLogin login;
  const SshLogin* bastion;  // nullptr: none
  bool agent;
  const char* agent_identity;
  double timeout_seconds;  // of this attempt
};

// What a transfer or command asks and tells its caller.
class SshSink {
 public:
  virtual void OnOutput(bool is_error, const char* data, std::size_t size) noexcept = 0;
  // Up to `size` bytes for standard input of the command; 0 at the end.
  virtual std::size_t NextInput(char* data, std::size_t size) noexcept = 0;
  virtual bool IsCancelled() noexcept = 0;

 protected:
  ~SshSink() = default;
};

struct SshOutcome {
  bool ok;        // connected; or: the command ran and its exit status is known
  bool hopeless;  // trying again can't help: the host key is wrong, the key can't be read
  int exit_status;
  char message[512];
};

class SshSession {
 public:
  // Feeds the sink's input to the command, then closes it, and reads until the end.
  virtual SshOutcome Run(const char* command, SshSink& sink) noexcept = 0;
  virtual void Close() noexcept = 0;  // ends the session and this object

 protected:
  ~SshSession() = default;
};

class SshModule {
 public:
  // nullptr on failure; `outcome` says why.
  virtual SshSession* Connect(const SshTarget& target, SshSink& sink,
                              SshOutcome& outcome) noexcept = 0;

 protected:
  ~SshModule() = default;
};

inline constexpr char kSshModuleSymbol[] = "tkn_ssh_module";

}  // namespace tkn::provisioners
