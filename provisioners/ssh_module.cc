#include "provisioners/ssh_module.h"

#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "provisioners/dial.h"

namespace tkn::provisioners {
namespace {

using Clock = std::chrono::steady_clock;

struct FreeSession {
  void operator()(ssh_session session) const {
    ssh_disconnect(session);
    ssh_free(session);
  }
};
struct FreeKey {
  void operator()(ssh_key key) const { ssh_key_free(key); }
};
struct FreeChannel {
  void operator()(ssh_channel channel) const { ssh_channel_free(channel); }
};
using Session = std::unique_ptr<ssh_session_struct, FreeSession>;
using Key = std::unique_ptr<ssh_key_struct, FreeKey>;
using Channel = std::unique_ptr<ssh_channel_struct, FreeChannel>;

void Fail(SshOutcome& outcome, const std::string& message, bool hopeless = false) {
  outcome.ok = false;
  outcome.hopeless = hopeless;
  std::snprintf(outcome.message, sizeof outcome.message, "%s", message.c_str());
}

// "ssh-ed25519 AAAA... comment", or with a host name in front, as in known_hosts.
Key ParsePublicKey(std::string_view line) {
  std::string words[3];
  int count = 0;
  for (std::size_t i = 0; i < line.size() && count < 3;) {
    const std::size_t begin = line.find_first_not_of(" \t\r\n", i);
    if (begin == std::string_view::npos) break;
    i = std::min(line.find_first_of(" \t\r\n", begin), line.size());
    words[count++] = line.substr(begin, i - begin);
  }
  for (int i = 0; i + 1 < count; ++i) {
    const ssh_keytypes_e type = ssh_key_type_from_name(words[i].c_str());
    if (type == SSH_KEYTYPE_UNKNOWN) continue;
    ssh_key key = nullptr;
    if (ssh_pki_import_pubkey_base64(words[i + 1].c_str(), type, &key) == SSH_OK) return Key(key);
  }
  return nullptr;
}

bool CheckHostKey(ssh_session session, const SshLogin& login, SshOutcome& outcome) {
  if (*login.host_key == 0) return true;
  const Key wanted = ParsePublicKey(login.host_key);
  if (!wanted) {
    Fail(outcome, "the host_key given is no public key", true);
    return false;
  }
  ssh_key raw = nullptr;
  if (ssh_get_server_publickey(session, &raw) != SSH_OK) {
    Fail(outcome, "the host shows no key");
    return false;
  }
  const Key shown(raw);
  if (ssh_key_cmp(shown.get(), wanted.get(), SSH_KEY_CMP_PUBLIC) == 0) return true;
  Fail(outcome,
       std::string("the host key of ") + login.host +
           " is not the host_key given: this may be another machine, or somebody in between",
       true);
  return false;
}

Key ImportPrivateKey(const SshLogin& login, SshOutcome& outcome) {
  ssh_key raw = nullptr;
  if (ssh_pki_import_privkey_base64(login.private_key, nullptr, nullptr, nullptr, &raw) != SSH_OK) {
    Fail(outcome, "the private_key can't be read: it must be PEM without a passphrase", true);
    return nullptr;
  }
  Key key(raw);
  if (*login.certificate == 0) return key;
  const Key certificate = [&] {
    std::string_view line = login.certificate;
    const std::size_t space = line.find(' ');
    ssh_key parsed = nullptr;
    if (space != std::string_view::npos) {
      const std::string type(line.substr(0, space));
      line.remove_prefix(space + 1);
      const std::string body(line.substr(0, line.find_first_of(" \r\n")));
      ssh_pki_import_cert_base64(body.c_str(), ssh_key_type_from_name(type.c_str()), &parsed);
    }
    return Key(parsed);
  }();
  if (!certificate || ssh_pki_copy_cert_to_privkey(certificate.get(), key.get()) != SSH_OK) {
    Fail(outcome, "the certificate can't be read, or does not belong to the private_key", true);
    return nullptr;
  }
  return key;
}

int AnswerWithPassword(ssh_session session, const char* password) {
  int state = ssh_userauth_kbdint(session, nullptr, nullptr);
  for (int rounds = 0; state == SSH_AUTH_INFO && rounds < 10; ++rounds) {
    const int prompts = ssh_userauth_kbdint_getnprompts(session);
    for (int i = 0; i < prompts; ++i)
      ssh_userauth_kbdint_setanswer(session, static_cast<unsigned>(i), password);
    state = ssh_userauth_kbdint(session, nullptr, nullptr);
  }
  return state;
}

bool Authenticate(ssh_session session, const SshLogin& login, const SshTarget& target,
                  SshOutcome& outcome) {
  std::string tried;
  if (*login.private_key) {
    const Key key = ImportPrivateKey(login, outcome);
    if (!key) return false;
    if (ssh_userauth_publickey(session, nullptr, key.get()) == SSH_AUTH_SUCCESS) return true;
    tried += " private_key";
  }
  if (*login.password) {
    if (ssh_userauth_password(session, nullptr, login.password) == SSH_AUTH_SUCCESS) return true;
    if (AnswerWithPassword(session, login.password) == SSH_AUTH_SUCCESS) return true;
    tried += " password";
  }
  if (target.agent) {
    if (*target.agent_identity)
      ssh_options_set(session, SSH_OPTIONS_IDENTITY, target.agent_identity);
    if (ssh_userauth_agent(session, nullptr) == SSH_AUTH_SUCCESS) return true;
    tried += " agent";
  }
  if (tried.empty() && ssh_userauth_none(session, nullptr) == SSH_AUTH_SUCCESS) return true;
  Fail(outcome, std::string("the host does not let ") + login.user + " in" +
                    (tried.empty() ? "; neither private_key nor password nor agent was given"
                                   : "; tried:" + tried));
  return false;
}

// `socket` -1: connects by itself.
Session Open(const SshLogin& login, const SshTarget& target, int socket, SshSink& sink,
             SshOutcome& outcome) {
  const auto is_cancelled = [&sink] { return sink.IsCancelled(); };
  if (socket < 0) {
    std::string error;
    socket = Dial(login.host, login.port, std::chrono::duration<double>(target.timeout_seconds),
                  is_cancelled, error);
    if (socket < 0) {
      Fail(outcome, error);
      return nullptr;
    }
  }
  Session session(ssh_new());
  if (!session) {
    close(socket);
    Fail(outcome, "out of memory");
    return nullptr;
  }
  const bool ignore_files = false;  // neither ~/.ssh/config nor known_hosts has a say here
  const long timeout = std::max(1L, static_cast<long>(target.timeout_seconds));
  ssh_options_set(session.get(), SSH_OPTIONS_PROCESS_CONFIG, &ignore_files);
  ssh_options_set(session.get(), SSH_OPTIONS_HOST, login.host);
  ssh_options_set(session.get(), SSH_OPTIONS_PORT, &login.port);
  ssh_options_set(session.get(), SSH_OPTIONS_USER, login.user);
  ssh_options_set(session.get(), SSH_OPTIONS_TIMEOUT, &timeout);
  ssh_options_set(session.get(), SSH_OPTIONS_FD, &socket);
  const Breaker breaker(socket, std::chrono::milliseconds(0), is_cancelled);
  if (ssh_connect(session.get()) != SSH_OK) {
    Fail(outcome, ssh_get_error(session.get()));
    return nullptr;
  }
  if (!CheckHostKey(session.get(), login, outcome) ||
      !Authenticate(session.get(), login, target, outcome))
    return nullptr;
  return session;
}

// Carries bytes between a channel through the bastion and the socket that the inner session talks
// to. The bastion's session belongs to this thread while it runs.
class Tunnel {
 public:
  Tunnel(Session bastion, Channel channel, int socket)
      : bastion_(std::move(bastion)),
        channel_(std::move(channel)),
        socket_(socket),
        thread_([this] { Pump(); }) {}
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;
  ~Tunnel() {
    stop_ = true;
    thread_.join();
    close(socket_);
    channel_.reset();
  }

 private:
  void Pump() {
    char buffer[16384];
    while (!stop_) {
      const int got = ssh_channel_read_nonblocking(channel_.get(), buffer, sizeof buffer, 0);
      if (got < 0 || (got == 0 && ssh_channel_is_eof(channel_.get()))) break;
      if (got > 0 && !WriteSocket(buffer, static_cast<std::size_t>(got))) break;
      pollfd wait{socket_, POLLIN, 0};
      if (poll(&wait, 1, got > 0 ? 0 : 5) <= 0) continue;
      const ssize_t n = read(socket_, buffer, sizeof buffer);
      if (n <= 0) break;
      if (ssh_channel_write(channel_.get(), buffer, static_cast<std::uint32_t>(n)) != n) break;
    }
    shutdown(socket_, SHUT_RDWR);
  }
  bool WriteSocket(const char* data, std::size_t size) const {
    while (size > 0) {
      const ssize_t n = send(socket_, data, size, MSG_NOSIGNAL);
      if (n <= 0) return false;
      data += n;
      size -= static_cast<std::size_t>(n);
    }
    return true;
  }

  Session bastion_;
  Channel channel_;
  int socket_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

class LibsshSession final : public SshSession {
 public:
  // The session goes before the tunnel that it talks through.
  LibsshSession(std::unique_ptr<Tunnel> tunnel, Session session)
      : tunnel_(std::move(tunnel)), session_(std::move(session)) {}

  SshOutcome Run(const char* command, SshSink& sink) noexcept override {
    SshOutcome outcome{};
    try {
      outcome = RunBreakable(command, sink);
    } catch (const std::exception& e) {
      Fail(outcome, e.what());
    }
    if (!outcome.ok && sink.IsCancelled()) Fail(outcome, "interrupted", true);
    return outcome;
  }

  void Close() noexcept override { delete this; }

 private:
  SshOutcome RunBreakable(const char* command, SshSink& sink) {
    // A command that can be told to end is told so; what waits all the same is broken.
    const Breaker breaker(ssh_get_fd(session_.get()), std::chrono::milliseconds(400),
                          [&sink] { return sink.IsCancelled(); });
    SshOutcome outcome{};
    const Channel channel(ssh_channel_new(session_.get()));
    if (!channel || ssh_channel_open_session(channel.get()) != SSH_OK ||
        ssh_channel_request_exec(channel.get(), command) != SSH_OK) {
      Fail(outcome, ssh_get_error(session_.get()));
      return outcome;
    }
    if (!Feed(channel.get(), sink, outcome)) return outcome;
    return ReadUntilEnd(channel.get(), sink);
  }

  bool Feed(ssh_channel channel, SshSink& sink, SshOutcome& outcome) {
    char buffer[32768];
    while (const std::size_t size = sink.NextInput(buffer, sizeof buffer)) {
      if (sink.IsCancelled()) {
        Fail(outcome, "interrupted", true);
        return false;
      }
      if (ssh_channel_write(channel, buffer, static_cast<std::uint32_t>(size)) !=
          static_cast<int>(size)) {
        Fail(outcome, ssh_get_error(session_.get()));
        return false;
      }
      Drain(channel, sink);
    }
    ssh_channel_send_eof(channel);
    return true;
  }

  // What has been said so far, so that neither side waits for the other.
  static void Drain(ssh_channel channel, SshSink& sink) {
    char buffer[8192];
    for (const int from_stderr : {0, 1}) {
      int got = 0;
      while ((got = ssh_channel_read_nonblocking(channel, buffer, sizeof buffer, from_stderr)) >
             0) {
        sink.OnOutput(from_stderr != 0, buffer, static_cast<std::size_t>(got));
      }
    }
  }

  SshOutcome ReadUntilEnd(ssh_channel channel, SshSink& sink) {
    SshOutcome outcome{};
    char buffer[8192];
    while (!ssh_channel_is_eof(channel)) {
      if (sink.IsCancelled()) {
        ssh_channel_request_send_signal(channel, "KILL");
        ssh_channel_close(channel);
        Fail(outcome, "interrupted", true);
        return outcome;
      }
      const int got = ssh_channel_read_timeout(channel, buffer, sizeof buffer, 0, 200);
      if (got > 0) sink.OnOutput(false, buffer, static_cast<std::size_t>(got));
      if (got == SSH_ERROR) {
        Fail(outcome, std::string("the connection was lost: ") + ssh_get_error(session_.get()));
        return outcome;
      }
      const int errors = ssh_channel_read_nonblocking(channel, buffer, sizeof buffer, 1);
      if (errors > 0) sink.OnOutput(true, buffer, static_cast<std::size_t>(errors));
      if (!ssh_is_connected(session_.get())) {
        Fail(outcome, "the connection was lost");
        return outcome;
      }
    }
    Drain(channel, sink);
    outcome.exit_status = ssh_channel_get_exit_status(channel);
    outcome.ok = outcome.exit_status >= 0;
    if (!outcome.ok)
      Fail(outcome,
           "the command ended without an exit status: it was killed, or the connection was lost");
    return outcome;
  }

  std::unique_ptr<Tunnel> tunnel_;
  Session session_;
};

class LibsshModule final : public SshModule {
 public:
  SshSession* Connect(const SshTarget& target, SshSink& sink,
                      SshOutcome& outcome) noexcept override {
    outcome = {};
    try {
      std::unique_ptr<Tunnel> tunnel;
      int socket = -1;
      if (target.bastion && !OpenTunnel(target, sink, tunnel, socket, outcome)) return nullptr;
      Session session = Open(target.login, target, socket, sink, outcome);
      if (!session) return nullptr;
      outcome.ok = true;
      return new LibsshSession(std::move(tunnel), std::move(session));
    } catch (const std::exception& e) {
      Fail(outcome, e.what());
      return nullptr;
    }
  }

 private:
  static bool OpenTunnel(const SshTarget& target, SshSink& sink, std::unique_ptr<Tunnel>& tunnel,
                         int& socket, SshOutcome& outcome) {
    Session bastion = Open(*target.bastion, target, -1, sink, outcome);
    if (!bastion) {
      Fail(outcome, std::string("bastion: ") + std::string(outcome.message), outcome.hopeless);
      return false;
    }
    Channel channel(ssh_channel_new(bastion.get()));
    const Breaker breaker(ssh_get_fd(bastion.get()), std::chrono::milliseconds(0),
                          [&sink] { return sink.IsCancelled(); });
    if (!channel || ssh_channel_open_forward(channel.get(), target.login.host, target.login.port,
                                             "127.0.0.1", 0) != SSH_OK) {
      Fail(outcome, std::string("bastion: no way on to the host: ") + ssh_get_error(bastion.get()));
      return false;
    }
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
      Fail(outcome, std::strerror(errno));
      return false;
    }
    tunnel = std::make_unique<Tunnel>(std::move(bastion), std::move(channel), ends[0]);
    socket = ends[1];
    return true;
  }
};

}  // namespace
}  // namespace tkn::provisioners

extern "C" __attribute__((visibility("default"))) tkn::provisioners::SshModule* tkn_ssh_module(
    int version) {
  if (version != tkn::provisioners::kSshModuleVersion) return nullptr;
  static tkn::provisioners::LibsshModule module;
  ssh_init();
  return &module;
}
