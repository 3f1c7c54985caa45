#include "provisioners/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstring>

extern char** environ;

namespace tkn::provisioners {
namespace {

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> Environment(const ChildProcess& child) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('='));
    bool replaced = false;
    for (const auto& [own, value] : child.environment) replaced = replaced || own == name;
    if (!replaced) all.emplace_back(text);
  }
  for (const auto& [name, value] : child.environment) all.push_back(name + "=" + value);
  return all;
}

// In the child, between fork and exec: only calls that are safe there.
[[noreturn]] void BecomeChild(const char* directory, char* const* arguments,
                              char* const* environment, int output, int report) {
  setpgid(0, 0);
  const int null =
      open("/dev/null", O_RDONLY);  // NOLINT(android-cloexec-open): becomes standard input
  if (null >= 0) dup2(null, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  signal(SIGPIPE, SIG_DFL);
  int error = 0;
  if (*directory != 0 && chdir(directory) != 0) {
    error = -errno;  // told apart from a program that can't be run
  } else {
    execvpe(arguments[0], arguments, environment);
    error = errno;
  }
  [[maybe_unused]] const ssize_t n = write(report, &error, sizeof error);
  _exit(127);
}

std::string Describe(int status) {
  if (WIFEXITED(status)) {
    return WEXITSTATUS(status) == 0 ? "" : "exit status " + std::to_string(WEXITSTATUS(status));
  }
  std::string name = strsignal(WTERMSIG(status));
  name[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(name[0])));
  return "signal: " + name;
}

class Pipe {
 public:
  Pipe() {
    if (pipe2(ends_, O_CLOEXEC) != 0) ends_[0] = ends_[1] = -1;
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    CloseWriteEnd();
    if (ends_[0] >= 0) close(ends_[0]);
  }
  bool ok() const { return ends_[0] >= 0; }
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void CloseWriteEnd() {
    if (ends_[1] >= 0) close(std::exchange(ends_[1], -1));
  }

 private:
  int ends_[2];
};

}  // namespace

ChildResult RunChild(const ChildProcess& child, const std::function<void(std::string_view)>& output,
                     const std::function<bool()>& is_cancelled) {
  Pipe printed;
  Pipe report;  // errno of a failed exec; closed by a successful one
  if (!printed.ok() || !report.ok()) return {std::string("no pipe: ") + std::strerror(errno)};
  std::vector<std::string> arguments = child.arguments;
  std::vector<std::string> environment = Environment(child);
  const std::vector<char*> argument_pointers = Pointers(arguments);
  const std::vector<char*> environment_pointers = Pointers(environment);
  const pid_t pid = fork();
  if (pid < 0) return {std::string("fork: ") + std::strerror(errno)};
  if (pid == 0) {
    BecomeChild(child.working_directory.c_str(), argument_pointers.data(),
                environment_pointers.data(), printed.write_end(), report.write_end());
  }
  setpgid(pid, pid);  // either of the two comes first
  printed.CloseWriteEnd();
  report.CloseWriteEnd();
  int exec_error = 0;
  ssize_t n = 0;
  do {
    n = read(report.read_end(), &exec_error, sizeof exec_error);
  } while (n < 0 && errno == EINTR);
  const bool started = n != static_cast<ssize_t>(sizeof exec_error);

  ChildResult result;
  int status = 0;
  bool ended = false;
  // The output may outlive the program, in the hands of something that it left behind: then it is
  // not waited for.
  for (int quiet_rounds = 0; started;) {
    pollfd wait{printed.read_end(), POLLIN, 0};
    const int ready = poll(&wait, 1, 100);
    if (ready > 0) {
      char buffer[8192];
      const ssize_t got = read(printed.read_end(), buffer, sizeof buffer);
      if (got > 0) {
        output({buffer, static_cast<std::size_t>(got)});
        continue;
      }
      if (got == 0) break;
    }
    if (is_cancelled && is_cancelled() && !result.cancelled) {
      result.cancelled = true;
      kill(-pid, SIGKILL);
    }
    if (!ended) ended = waitpid(pid, &status, WNOHANG) == pid;
    if (ended && ++quiet_rounds > 10) break;
  }
  while (!ended) ended = waitpid(pid, &status, 0) == pid || errno != EINTR;
  if (started) {
    result.error = Describe(status);
  } else {
    result.error = (exec_error < 0 ? child.working_directory : child.arguments.front()) + ": " +
                   std::strerror(std::abs(exec_error));
  }
  if (result.cancelled) result.error = "interrupted";
  return result;
}

}  // namespace tkn::provisioners
