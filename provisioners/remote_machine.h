#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "provisioners/connection.h"
#include "provisioners/provisioner.h"

namespace tkn::provisioners {

class SshSession;

// A machine that somebody logged in to. Not for sharing between threads.
class RemoteMachine {
 public:
  // Tries until it works, the connection's timeout is over, or the request is cancelled: a machine
  // that boots does not answer yet. Says so in lines of output, as Terraform does. nullptr: the
  // error is in `diags`.
  static std::unique_ptr<RemoteMachine> Connect(const Connection& connection,
                                                const Request& request, const char* summary,
                                                Diagnostics& diags);
  ~RemoteMachine();

  struct Result {
    std::string error{};  // the command could not be run to its end; "": it ended
    int exit_status = 0;
  };
  // Runs a command for the login's shell. `input` gives what it reads, up to `size` bytes a call, 0
  // at the end.
  using Input = std::function<std::size_t(char* data, std::size_t size)>;
  // What it prints, on standard output or error.
  using Output = std::function<void(bool is_error, std::string_view bytes)>;
  Result Run(const std::string& command, const Input& input, const Output& output);

  // Writes a file from `input`. It exists with `mode`, empty, before anything is written into it.
  // Returns an error or "".
  std::string Upload(const std::string& path, const std::string& mode, const Input& input);

 private:
  RemoteMachine(SshSession* session, std::function<bool()> is_cancelled)
      : session_(session), is_cancelled_(std::move(is_cancelled)) {}
  SshSession* session_;
  std::function<bool()> is_cancelled_;
};

// Gives the bytes of a text.
RemoteMachine::Input TextInput(std::string_view text);

// As one word for a POSIX shell.
std::string ShellQuote(std::string_view text);

}  // namespace tkn::provisioners
