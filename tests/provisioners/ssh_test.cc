#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "provisioners/file.h"
#include "provisioners/remote_exec.h"
#include "tests/provisioners/test_run.h"

// Over a real OpenSSH server on this machine: started by tests/sshd/with-sshd.sh, whose variables
// say where it is.
namespace tkn::provisioners::testing {
namespace {

namespace fs = std::filesystem;

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void WriteFile(const fs::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

int Shell(const std::string& command) { return std::system(command.c_str()); }

unsigned ModeOf(const fs::path& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 ? status.st_mode & 0777u : 0;
}

// A directory for one test.
struct Place {
  Place() {
    char name[] = "/tmp/tkn-ssh-XXXXXX";
    path = mkdtemp(name);
  }
  ~Place() { fs::remove_all(path); }
  fs::path path;
};

Arguments Connection(const Arguments& more = {}) {
  Arguments arguments = {
      {"host", Text(Environment("TKN_SSH_HOST"))},
      {"port", Value::Number(std::int64_t{std::stol(Environment("TKN_SSH_PORT"))})},
      {"user", Text(Environment("TKN_SSH_USER"))},
      {"agent", Value::Bool(false)},
      {"timeout", Text("20s")},
      {"private_key", Text(ReadFile(Environment("TKN_SSH_KEY")))}};
  for (const auto& [name, value] : more) arguments.insert_or_assign(name, value);
  return arguments;
}

Outcome Exec(const std::vector<std::string>& commands, const Arguments& connection = Connection(),
             const Options& options = {}) {
  static const auto provisioner = MakeRemoteExec();
  return Run(*provisioner, {{"inline", TextList(commands)}}, connection, options);
}

Outcome Send(const Arguments& config, const Options& options = {}) {
  static const auto provisioner = MakeFile();
  return Run(*provisioner, config, Connection(), options);
}

// Whether some line has the text; what connecting says stands before what the script prints.
bool Said(const Outcome& outcome, std::string_view text) {
  return outcome.Text().find(text) != std::string::npos;
}

TEST_CASE("commands run in one script, and print line by line") {
  const Outcome outcome = Exec({"A=1", "echo a$A; echo b >&2", "printf end"});
  CHECK(outcome.Problem().empty());
  CHECK(Said(outcome, "a1\n"));
  CHECK(Said(outcome, "b\n"));
  CHECK(std::count(outcome.lines.begin(), outcome.lines.end(), "end") == 1);
}

TEST_CASE("a script's exit status is told, and what follows is not run") {
  Place place;
  const Outcome outcome = Exec({"set -e", "false", "touch " + (place.path / "no").string()});
  CHECK(outcome.Problem().starts_with(
      "remote-exec provisioner error: error executing \"/tmp/terraform_"));
  CHECK(outcome.Problem().ends_with("Process exited with status 1"));
  CHECK_FALSE(fs::exists(place.path / "no"));
  CHECK(Exec({"exit 42"}).Problem().ends_with("status 42"));
}

TEST_CASE("scripts from files run one after the other, with their interpreter") {
  Place place;
  WriteFile(place.path / "1.sh", "#!/bin/bash\necho first $BASH_VERSION | cut -c1-7\n");
  WriteFile(place.path / "2.sh", "#!/bin/sh\necho second\n");
  const auto provisioner = MakeRemoteExec();
  const Outcome outcome =
      Run(*provisioner, {{"scripts", TextList({place.path / "1.sh", place.path / "2.sh"})}},
          Connection());
  CHECK(outcome.Problem().empty());
  CHECK(outcome.Text().find("first") < outcome.Text().find("second"));
  CHECK(Run(*provisioner, {{"script", Text((place.path / "none").string())}}, Connection())
            .Problem()
            .find("Failed to open script") != std::string::npos);
}

TEST_CASE("keys of each kind let in; others are told why not") {
  Place place;
  // The server's file of keys lies beside the user's key.
  const fs::path authorized =
      fs::path(Environment("TKN_SSH_KEY")).parent_path() / "authorized_keys";
  for (const std::string kind : {"ed25519", "rsa", "ecdsa"}) {
    CAPTURE(kind);
    const std::string key = place.path / kind;
    REQUIRE(Shell("ssh-keygen -q -t " + kind + " -N '' -f " + key) == 0);
    const Arguments connection =
        Connection({{"private_key", Text(ReadFile(key))}, {"timeout", Text("3s")}});
    CHECK(Exec({"true"}, connection).Problem().find("does not let") != std::string::npos);
    REQUIRE(Shell("cat " + key + ".pub >> " + authorized.string()) == 0);
    CHECK(Exec({"echo in"}, connection).Problem().empty());
  }
  const std::string locked = place.path / "locked";
  REQUIRE(Shell("ssh-keygen -q -t ed25519 -N secret-phrase -f " + locked) == 0);
  const Outcome outcome = Exec({"true"}, Connection({{"private_key", Text(ReadFile(locked))}}));
  CHECK(outcome.Problem().find("passphrase") != std::string::npos);
  CHECK(outcome.seconds < 3);  // trying again would not help
  CHECK(Exec({"true"}, Connection({{"private_key", Text("nonsense")}}))
            .Problem()
            .find("private_key") != std::string::npos);
}

// The server that asks for a password, while it lives.
class PasswordServer {
 public:
  PasswordServer(const std::string& user, const std::string& password, const std::string& method,
                 int refusals = 0) {
    const std::string key = place_.path / "host_key";
    const std::string port = place_.path / "port";
    REQUIRE(Shell("ssh-keygen -q -t ed25519 -N '' -f " + key) == 0);
    host_key = ReadFile(key + ".pub");
    pid_ = fork();
    if (pid_ == 0) {
      const std::string refused = std::to_string(refusals);
      execl(TKN_SSH_PASSWORD_SERVER, "ssh-password-server", port.c_str(), key.c_str(), user.c_str(),
            password.c_str(), method.c_str(), refused.c_str(), nullptr);
      _exit(127);
    }
    for (int i = 0; i < 200 && !fs::exists(port); ++i) usleep(50'000);
    REQUIRE(fs::exists(port));
    connection = {{"host", Text("127.0.0.1")},
                  {"port", Value::Number(std::int64_t{std::stol(ReadFile(port))})},
                  {"user", Text(user)},
                  {"agent", Value::Bool(false)},
                  {"timeout", Text("20s")}};
  }
  ~PasswordServer() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  PasswordServer(const PasswordServer&) = delete;
  PasswordServer& operator=(const PasswordServer&) = delete;

  Arguments With(const Arguments& more) const {
    Arguments all = connection;
    for (const auto& [name, value] : more) all.insert_or_assign(name, value);
    return all;
  }

  std::string host_key;
  Arguments connection;

 private:
  Place place_;
  pid_t pid_ = 0;
};

TEST_CASE("a password lets in, asked for at once or by a dialogue; a wrong one does not") {
  const std::string method = GENERATE("password", "keyboard-interactive");
  const PasswordServer server("deploy", "p4ss 'word\"", method);
  const Arguments right = server.With({{"password", Text("p4ss 'word\"")}});
  const Outcome outcome = Exec({"echo let in; exit 7"}, right);
  CHECK(Said(outcome, "let in\n"));
  CHECK(outcome.Problem().ends_with("status 7"));
  CHECK_FALSE(Said(outcome, "p4ss"));
  const Outcome wrong =
      Exec({"true"}, server.With({{"password", Text("guess")}, {"timeout", Text("1s")}}));
  CHECK(wrong.Problem().find("the host does not let deploy in; tried: password") !=
        std::string::npos);
  CHECK(wrong.Problem().find("guess") == std::string::npos);
}

TEST_CASE("a password reaches a machine behind a bastion that takes it, too") {
  const PasswordServer server("deploy", "one", "password");
  // This bastion is the real sshd, which wants the key.
  Arguments through = server.With({{"password", Text("one")}});
  through.insert({{"bastion_host", Text(Environment("TKN_SSH_HOST"))},
                  {"bastion_port", Connection().at("port")},
                  {"bastion_user", Connection().at("user")},
                  {"bastion_private_key", Connection().at("private_key")}});
  const Outcome outcome = Exec({"echo behind"}, through);
  CHECK(outcome.Problem().empty());
  CHECK(Said(outcome, "behind"));
}

TEST_CASE("a machine that lets nobody in yet, since it is being set up, is tried again") {
  const PasswordServer server("deploy", "one", "password", /*refusals=*/2);
  const Outcome outcome = Exec({"echo in the end"}, server.With({{"password", Text("one")}}));
  CHECK(outcome.Problem().empty());
  CHECK(Said(outcome, "in the end"));
  CHECK(std::count(outcome.lines.begin(), outcome.lines.end(),
                   "Connecting to remote host via SSH...") == 3);
}

TEST_CASE("a host key that nobody gave is taken; one that was and has changed is not") {
  const PasswordServer first("deploy", "one", "password");
  const PasswordServer second("deploy", "one", "password");
  const Arguments password = {{"password", Text("one")}};
  CHECK(Exec({"true"}, first.With(password)).Problem().empty());
  Arguments pinned = first.With(password);
  pinned.insert({"host_key", Text(first.host_key)});
  CHECK(Exec({"true"}, pinned).Problem().empty());
  // The machine was made anew, or is another one: the password is not sent to it.
  pinned.insert_or_assign("port", second.connection.at("port"));
  const Outcome changed = Exec({"true"}, pinned);
  CHECK(changed.Problem().find("this may be another machine") != std::string::npos);
  CHECK(changed.seconds < 3);
}

TEST_CASE("a key with a passphrase lets in through an agent that has opened it") {
  Place place;
  const std::string key = place.path / "locked";
  const std::string socket = place.path / "agent";
  REQUIRE(Shell("ssh-keygen -q -t ed25519 -N secret-phrase -f " + key) == 0);
  const fs::path authorized =
      fs::path(Environment("TKN_SSH_KEY")).parent_path() / "authorized_keys";
  REQUIRE(Shell("cat " + key + ".pub >> " + authorized.string()) == 0);
  WriteFile(place.path / "ask", "#!/bin/sh\necho secret-phrase\n");
  fs::permissions(place.path / "ask", fs::perms::owner_all);
  REQUIRE(Shell("ssh-agent -a " + socket + " >" + (place.path / "env").string()) == 0);
  setenv("SSH_AUTH_SOCK", socket.c_str(), 1);
  CHECK(Shell("DISPLAY=:0 SSH_ASKPASS_REQUIRE=force SSH_ASKPASS=" + (place.path / "ask").string() +
              " ssh-add -q " + key + " 2>/dev/null") == 0);
  const Outcome outcome = Exec(
      {"echo opened"},
      Connection({{"private_key", Value::Null(Type::String())}, {"agent", Value::Bool(true)}}));
  unsetenv("SSH_AUTH_SOCK");
  CHECK(Shell(". " + (place.path / "env").string() + " >/dev/null; kill $SSH_AGENT_PID") == 0);
  CHECK(outcome.Problem().empty());
  CHECK(Said(outcome, "opened"));
}

TEST_CASE("an agent lets in") {
  Place place;
  const std::string socket = place.path / "agent";
  REQUIRE(Shell("ssh-agent -a " + socket + " >" + (place.path / "env").string()) == 0);
  setenv("SSH_AUTH_SOCK", socket.c_str(), 1);
  REQUIRE(Shell("ssh-add -q " + Environment("TKN_SSH_KEY") + " 2>/dev/null") == 0);
  const Outcome outcome = Exec(
      {"echo by agent"},
      Connection({{"private_key", Value::Null(Type::String())}, {"agent", Value::Bool(true)}}));
  unsetenv("SSH_AUTH_SOCK");
  CHECK(Shell(". " + (place.path / "env").string() + " >/dev/null; kill $SSH_AGENT_PID") == 0);
  CHECK(outcome.Problem().empty());
  CHECK(Said(outcome, "by agent"));
}

TEST_CASE("the host key given must be the host's") {
  CHECK(Exec({"true"}, Connection({{"host_key", Text(Environment("TKN_SSH_HOST_KEY"))}}))
            .Problem()
            .empty());
  const Outcome other =
      Exec({"true"}, Connection({{"host_key", Text(ReadFile(Environment("TKN_SSH_PUBLIC_KEY")))}}));
  CHECK(other.Problem().find("is not the host_key given") != std::string::npos);
  CHECK(other.seconds < 3);
  CHECK(Exec({"true"}, Connection({{"host_key", Text("garbage")}})).Problem().find("host_key") !=
        std::string::npos);
}

TEST_CASE("through a bastion") {
  const Arguments bastion = {{"bastion_host", Text(Environment("TKN_SSH_HOST"))},
                             {"bastion_port", Connection().at("port")}};
  const Outcome outcome = Exec({"echo behind; echo $SSH_CONNECTION"}, Connection(bastion));
  CHECK(outcome.Problem().empty());
  CHECK(Said(outcome, "behind"));
  const auto provisioner = MakeFile();
  Place place;
  WriteFile(place.path / "in", std::string(5'000'000, 'x'));
  CHECK(Run(*provisioner,
            {{"source", Text((place.path / "in").string())},
             {"destination", Text((place.path / "out").string())}},
            Connection(bastion))
            .Problem()
            .empty());
  CHECK(ReadFile(place.path / "out") == ReadFile(place.path / "in"));
  const Outcome wrong = Exec({"true"}, Connection({{"bastion_host", Text("127.0.0.1")},
                                                   {"bastion_port", Value::Number(std::int64_t{1})},
                                                   {"timeout", Text("1s")}}));
  CHECK(wrong.Problem().find("bastion") != std::string::npos);
}

TEST_CASE("nobody there: tried until the timeout is over") {
  const Outcome outcome = Exec(
      {"true"}, Connection({{"port", Value::Number(std::int64_t{1})}, {"timeout", Text("2s")}}));
  CHECK(outcome.Problem().find("timeout") != std::string::npos);
  CHECK(outcome.seconds >= 1.5);
  CHECK(outcome.seconds < 6);
}

TEST_CASE("a machine that answers late is waited for") {
  // Connections to another port are passed on from a second later.
  const std::string port = std::to_string(32000 + getpid() % 500);
  REQUIRE(Shell("(sleep 1; exec ssh -F none -N -i " + Environment("TKN_SSH_KEY") +
                " -o BatchMode=yes -o StrictHostKeyChecking=no" +
                " -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -L " + port + ":127.0.0.1:" +
                Environment("TKN_SSH_PORT") + " -p " + Environment("TKN_SSH_PORT") + " " +
                Environment("TKN_SSH_USER") + "@127.0.0.1) & echo $! >/tmp/tkn-late-" + port) == 0);
  const Outcome outcome =
      Exec({"echo at last"}, Connection({{"port", Value::Number(std::int64_t{std::stol(port)})}}));
  CHECK(Shell("kill $(cat /tmp/tkn-late-" + port + "); rm /tmp/tkn-late-" + port) == 0);
  CHECK(outcome.Problem().empty());
  CHECK(Said(outcome, "at last"));
  CHECK(outcome.seconds > 0.9);
}

TEST_CASE("cancelling ends a script within a second") {
  const Outcome outcome = Exec({"sleep 60"}, Connection(), {.cancel_after_seconds = 0.5});
  CHECK(outcome.diags.HasErrors());
  CHECK(outcome.seconds < 1.7);
  const Outcome waiting = Exec({"true"}, Connection({{"port", Value::Number(std::int64_t{1})}}),
                               {.cancel_after_seconds = 0.5});
  CHECK(waiting.diags.HasErrors());
  CHECK(waiting.seconds < 2);
}

// Takes connections, and says nothing.
struct SilentServer {
  SilentServer() {
    socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(bind(socket, plain, sizeof address) == 0);
    REQUIRE(listen(socket, 16) == 0);
    REQUIRE(getsockname(socket, plain, &size) == 0);
    port = Value::Number(std::int64_t{ntohs(address.sin_port)});
  }
  ~SilentServer() { close(socket); }
  int socket;
  Value port{};
};

TEST_CASE("a machine that takes the connection and says nothing is given up in time") {
  const SilentServer silent;
  const Outcome outcome =
      Exec({"true"}, Connection({{"port", silent.port}, {"timeout", Text("2s")}}));
  CHECK(outcome.Problem().find("timeout") != std::string::npos);
  CHECK(outcome.seconds < 6);
}

TEST_CASE("cancelling ends what waits for the network within a second, whatever it waits for") {
  const Options soon{.cancel_after_seconds = 0.3};
  const SilentServer silent;
  SECTION("a machine that says nothing") {
    const Outcome outcome = Exec({"true"}, Connection({{"port", silent.port}}), soon);
    CHECK(outcome.Problem().ends_with("interrupted"));
    CHECK(outcome.seconds < 1.3);
  }
  SECTION("a bastion that says nothing") {
    const Outcome outcome = Exec(
        {"true"}, Connection({{"bastion_host", Text("127.0.0.1")}, {"bastion_port", silent.port}}),
        soon);
    CHECK(outcome.Problem().ends_with("interrupted"));
    CHECK(outcome.seconds < 1.3);
  }
  SECTION("a machine behind a bastion that says nothing") {
    const Outcome outcome = Exec({"true"},
                                 Connection({{"port", silent.port},
                                             {"bastion_host", Text(Environment("TKN_SSH_HOST"))},
                                             {"bastion_port", Connection().at("port")}}),
                                 soon);
    CHECK(outcome.Problem().ends_with("interrupted"));
    CHECK(outcome.seconds < 1.3);
  }
  SECTION("a machine that stands still in the middle of a script") {
    Place place;
    const std::string pid = place.path / "pid";
    const Outcome outcome = Exec({"p=$PPID", "while [ \"$(cat /proc/$p/comm)\" != sshd ]; do",
                                  "  p=$(cut -d' ' -f4 /proc/$p/stat)", "done", "kill -STOP $p",
                                  "echo $p >" + pid + ".new && mv " + pid + ".new " + pid},
                                 Connection(), {.cancel_when = [&] { return fs::exists(pid); }});
    CHECK(Shell("kill -KILL $(cat " + pid + ")") == 0);
    CHECK(outcome.Problem().find("interrupted") != std::string::npos);
    CHECK(outcome.seconds - outcome.cancelled_at < 1);
  }
}

TEST_CASE("output comes line by line while the script runs") {
  const Outcome outcome = Exec({"echo first", "sleep 1", "echo second"});
  REQUIRE(outcome.Problem().empty());
  const auto at = [&](std::string_view line) {
    const auto found = std::find(outcome.lines.begin(), outcome.lines.end(), line);
    REQUIRE(found != outcome.lines.end());
    return outcome.times[static_cast<std::size_t>(found - outcome.lines.begin())];
  };
  CHECK(at("second") - at("first") > 0.8);
}

TEST_CASE("a script that was sent runs with arguments, as they are") {
  Place place;
  const std::string script = place.path / "set up.sh";
  REQUIRE(Send({{"content", Text("#!/bin/sh\nfor a; do echo \"[$a]\"; done\n")},
                {"destination", Text(script)}})
              .Problem()
              .empty());
  const Outcome outcome =
      Exec({"chmod +x '" + script + "'", "'" + script + "' one 'two words' '$HOME; ls' ''"});
  CHECK(outcome.Problem().empty());
  CHECK(Said(outcome, "[one]\n[two words]\n[$HOME; ls]\n[]\n"));
}

TEST_CASE("no script_path is taken for a command") {
  Place place;
  const std::string mark = place.path / "mark";
  for (const std::string& name :
       {"a; touch " + mark + " ;", "$(touch " + mark + ")", "`touch " + mark + "`",
        "a\ntouch " + mark, std::string("a'b\"c %RAND%")}) {
    CAPTURE(name);
    const Outcome outcome =
        Exec({"echo ran"},
             Connection({{"script_path", Text((place.path / "d").string() + "/" + name)}}));
    // Some of these are directories that don't exist; none is a command.
    CHECK_FALSE(fs::exists(mark));
    CHECK((Said(outcome, "ran") ||
           outcome.Problem().find("could not be written") != std::string::npos));
  }
}

TEST_CASE("a secret is in no process list and in no file that others can read") {
  Place place;
  const std::string secret = "t0p-s3cret-value";
  const std::string script = place.path / "s c'ript.sh";
  const Outcome outcome =
      Exec({"SECRET='" + secret + "'", "ps -eo args >" + (place.path / "ps").string(),
            "stat -c %a \"$0\" >" + (place.path / "mode").string(), "echo $SECRET >/dev/null"},
           Connection({{"script_path", Text(script)}}), {.secret = true});
  CHECK(outcome.Problem().empty());
  CHECK(ReadFile(place.path / "ps").find("sshd") != std::string::npos);
  CHECK(ReadFile(place.path / "ps").find(secret) == std::string::npos);
  CHECK(ReadFile(place.path / "mode") == "700\n");
  CHECK_FALSE(fs::exists(script));  // removed afterwards, odd name or not
  CHECK(Send({{"content", Text(secret)}, {"destination", Text((place.path / "secret").string())}},
             {.secret = true})
            .Problem()
            .empty());
  CHECK(ModeOf(place.path / "secret") == 0600);
}

TEST_CASE("files, texts and directories are sent") {
  Place place;
  const fs::path from = place.path / "from";
  const fs::path to = place.path / "to";
  fs::create_directories(from / "sub");
  fs::create_directories(to);
  std::string bytes;
  for (int i = 0; i < 3'000'000; ++i) bytes += static_cast<char>(i * 7 % 256);
  WriteFile(from / "binary", bytes);
  WriteFile(from / "empty", "");
  WriteFile(from / "sub" / "run.sh", "#!/bin/sh\n");
  fs::permissions(from / "sub" / "run.sh", fs::perms::owner_all);
  const auto send = [](const std::string& source, const std::string& destination) {
    return Send({{"source", Text(source)}, {"destination", Text(destination)}}).Problem();
  };
  CHECK(Send({{"content", Text("text é\n")}, {"destination", Text((to / "text").string())}})
            .Problem()
            .empty());
  CHECK(ReadFile(to / "text") == "text é\n");
  CHECK(send(from / "binary", to / "copy").empty());
  CHECK(ReadFile(to / "copy") == bytes);
  CHECK(send(from / "empty", to.string()).empty());  // into a directory
  CHECK(fs::exists(to / "empty"));
  CHECK(send(from.string() + "/", to / "content").empty());  // what is in it
  CHECK(ReadFile(to / "content" / "binary") == bytes);
  CHECK(ModeOf(to / "content" / "sub" / "run.sh") == 0700);
  CHECK(send(from, to / "whole").empty());  // the directory itself
  CHECK(fs::exists(to / "whole" / "from" / "sub" / "run.sh"));
  CHECK(send(place.path / "none", to / "x").find("There is no file or directory") !=
        std::string::npos);
  CHECK(send(from / "binary", "/proc/no/such").starts_with("file provisioner error"));
}

TEST_CASE("tens of megabytes are sent in little memory") {
  Place place;
  REQUIRE(Shell("head -c 40000000 /dev/urandom >" + (place.path / "big").string()) == 0);
  CHECK(Send({{"source", Text((place.path / "big").string())},
              {"destination", Text((place.path / "copy").string())}})
            .Problem()
            .empty());
  CHECK(Shell("cmp " + (place.path / "big").string() + " " + (place.path / "copy").string()) == 0);
}

}  // namespace
}  // namespace tkn::provisioners::testing
