// An SSH server that asks for a password, which sshd could do only of an account of this machine.
//
//   ssh-password-server PORT_FILE HOST_KEY USER PASSWORD METHOD [REFUSALS]
//
// METHOD is "password" or "keyboard-interactive": the only one that is offered. The first REFUSALS
// logins are refused, right or not. Commands are run by /bin/sh as the caller. Listens on a free
// port of 127.0.0.1, written to PORT_FILE; ends with its parent.

#include <libssh/libssh.h>
#include <libssh/server.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>

namespace {

struct Rules {
  std::string user, password;
  bool interactive = false;
  bool refuses = false;
};

// What libssh marks as deprecated is here the only way to see a password without callbacks.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
std::string PasswordIn(ssh_message message) {
  const char* password = ssh_message_auth_password(message);
  return password != nullptr ? password : "";
}
#pragma GCC diagnostic pop

// Whether the login is accepted by this message, which is answered.
bool AnswerLogin(ssh_session session, ssh_message message, const Rules& rules, bool& known) {
  const int methods = rules.interactive ? SSH_AUTH_METHOD_INTERACTIVE : SSH_AUTH_METHOD_PASSWORD;
  const bool is_login = ssh_message_type(message) == SSH_REQUEST_AUTH;
  // The answers of a dialogue do not say again whose they are.
  const char* const user = is_login ? ssh_message_auth_user(message) : nullptr;
  if (user != nullptr) known = rules.user == user;
  bool right = false;
  if (is_login && !rules.interactive && ssh_message_subtype(message) == SSH_AUTH_METHOD_PASSWORD) {
    right = PasswordIn(message) == rules.password;
  } else if (is_login && rules.interactive &&
             ssh_message_subtype(message) == SSH_AUTH_METHOD_INTERACTIVE) {
    if (ssh_message_auth_kbdint_is_response(message) == 0) {
      const char* prompts[] = {"Password: "};
      char echo[] = {0};
      ssh_message_auth_interactive_request(message, "Login", "", 1, prompts, echo);
      return false;
    }
    const char* answer = ssh_userauth_kbdint_getanswer(session, 0);
    right = answer != nullptr && rules.password == answer;
  }
  if (known && right && !rules.refuses) {
    ssh_message_auth_reply_success(message, 0);
    return true;
  }
  ssh_message_auth_set_methods(message, methods);
  ssh_message_reply_default(message);
  return false;
}

// Runs one command: its input first, then its output, as few programs need it otherwise.
void Run(ssh_channel channel, const std::string& command) {
  std::FILE* input = std::tmpfile();
  std::FILE* output = std::tmpfile();
  if (input == nullptr || output == nullptr) return;
  char buffer[16384];
  for (int got = 0; (got = ssh_channel_read(channel, buffer, sizeof buffer, 0)) > 0;) {
    if (std::fwrite(buffer, 1, static_cast<std::size_t>(got), input) == 0) return;
  }
  std::rewind(input);
  const pid_t child = fork();
  if (child == 0) {
    dup2(fileno(input), 0);
    dup2(fileno(output), 1);
    dup2(fileno(output), 2);
    execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  std::rewind(output);
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, output)) {
    ssh_channel_write(channel, buffer, static_cast<std::uint32_t>(got));
  }
  ssh_channel_request_send_exit_status(channel, WIFEXITED(status) ? WEXITSTATUS(status) : 255);
  ssh_channel_send_eof(channel);
  ssh_channel_close(channel);
  std::fclose(input);
  std::fclose(output);
}

void Serve(ssh_session session, const Rules& rules) {
  if (ssh_handle_key_exchange(session) != SSH_OK) return;
  bool let_in = false, known = false;
  ssh_channel channel = nullptr;
  while (ssh_message message = ssh_message_get(session)) {
    std::string command;
    if (!let_in) {
      let_in = AnswerLogin(session, message, rules, known);
    } else if (ssh_message_type(message) == SSH_REQUEST_CHANNEL_OPEN &&
               ssh_message_subtype(message) == SSH_CHANNEL_SESSION) {
      channel = ssh_message_channel_request_open_reply_accept(message);
    } else if (ssh_message_type(message) == SSH_REQUEST_CHANNEL && channel != nullptr &&
               ssh_message_subtype(message) == SSH_CHANNEL_REQUEST_EXEC) {
      command = ssh_message_channel_request_command(message);
      ssh_message_channel_request_reply_success(message);
    } else {
      ssh_message_reply_default(message);
    }
    ssh_message_free(message);
    if (!command.empty()) Run(channel, command);
  }
}

int Listen(std::string& port) {
  const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const plain = reinterpret_cast<sockaddr*>(&address);
  if (made < 0 || bind(made, plain, sizeof address) != 0 || listen(made, 16) != 0 ||
      getsockname(made, plain, &size) != 0) {
    return -1;
  }
  port = std::to_string(ntohs(address.sin_port));
  return made;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) {
    std::cerr << "ssh-password-server PORT_FILE HOST_KEY USER PASSWORD METHOD [REFUSALS]\n";
    return 2;
  }
  Rules rules{.user = argv[3],
              .password = argv[4],
              .interactive = std::strcmp(argv[5], "keyboard-interactive") == 0};
  int refusals = argc > 6 ? std::atoi(argv[6]) : 0;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGCHLD, SIG_IGN);
  std::string port;
  const int listening = Listen(port);
  if (listening < 0 || ssh_init() != SSH_OK) return 1;
  const std::string draft = std::string(argv[1]) + ".new";
  std::ofstream(draft) << port;
  if (std::rename(draft.c_str(), argv[1]) != 0) return 1;
  while (true) {
    const int connection = accept(listening, nullptr, nullptr);
    if (connection < 0) continue;
    rules.refuses = refusals-- > 0;
    if (fork() != 0) {
      close(connection);
      continue;
    }
    signal(SIGCHLD, SIG_DFL);
    const ssh_bind bind = ssh_bind_new();
    const ssh_session session = ssh_new();
    ssh_bind_options_set(bind, SSH_BIND_OPTIONS_HOSTKEY, argv[2]);
    if (ssh_bind_accept_fd(bind, session, connection) == SSH_OK) Serve(session, rules);
    ssh_disconnect(session);
    _exit(0);
  }
}
