#include "cli/terminal/terminal.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace tkn::cli {
namespace {

void WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(fd, text.data(), text.size());
    if (n < 0) {
      if (errno == EINTR) continue;
      return;
    }
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostPending = 1 << 20;
// After so many writes, each sooner after the one before than that, what comes is written together.
constexpr int kBurstLength = 8;
constexpr auto kBurst = std::chrono::milliseconds(2);
constexpr auto kSilence = std::chrono::milliseconds(100);
constexpr std::string_view kEraseLine = "\r\x1b[K";

bool IsSet(const char* name) {
  const char* value = std::getenv(name);
  return value && *value;
}

// Without echo for as long as it lives.
class SilentInput {
 public:
  explicit SilentInput(bool wanted) : active_(wanted && tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!active_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSANOW, &silent);
  }
  SilentInput(const SilentInput&) = delete;
  SilentInput& operator=(const SilentInput&) = delete;
  ~SilentInput() {
    if (active_) tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }

 private:
  termios before_{};
  bool active_;
};

}  // namespace

Terminal::Terminal()
    : input_is_terminal_(isatty(STDIN_FILENO) == 1),
      output_is_terminal_(isatty(STDOUT_FILENO) == 1) {
  const char* term = std::getenv("TERM");
  const bool dumb = term && std::string_view(term) == "dumb";
  style_.color = (output_is_terminal_ && !dumb) || IsSet("CLICOLOR_FORCE");
  if (IsSet("NO_COLOR")) style_.color = false;
  can_show_activity_ = output_is_terminal_ && !dumb && !IsSet("TF_IN_AUTOMATION");
  winsize size{};
  if (output_is_terminal_ && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    style_.columns = size.ws_col;
  }
}

Terminal::~Terminal() {
  {
    const auto lock = Quiet();
    over_ = true;
    activity_changed_.notify_all();
    burst_.notify_all();
  }
  if (ticker_.joinable()) ticker_.join();
  if (burst_writer_.joinable()) burst_writer_.join();
}

void Terminal::DisableColor() { style_.color = false; }

void Terminal::Out(std::string_view text) {
  std::unique_lock lock(mutex_);
  written_.wait(lock, [&] { return !writing_ || pending_.size() < kMostPending; });
  if (text.empty()) return;
  const bool was_empty = pending_.empty();
  pending_ += EraseActivity();
  pending_ += text;
  at_line_start_ = text.ends_with('\n');
  const auto now = Clock::now();
  if (can_show_activity_) last_output_ = now;
  if (writing_) return;
  writes_in_a_row_ = now - last_write_ < kBurst ? writes_in_a_row_ + 1 : 0;
  if (writes_in_a_row_ < kBurstLength || pending_.size() >= kMostPending || !HasBurstWriter())
    return WritePending(lock);
  if (was_empty) burst_.notify_one();
}

bool Terminal::HasBurstWriter() {
  if (burst_writer_.joinable()) return true;
  try {
    burst_writer_ = std::thread([this] { WriteBursts(); });
  } catch (const std::system_error&) {
    return false;
  }
  return true;
}

void Terminal::WritePending(std::unique_lock<std::mutex>& lock) {
  writing_ = true;
  std::string taken;
  while (!pending_.empty()) {
    taken.clear();
    taken.swap(pending_);
    lock.unlock();
    WriteAll(STDOUT_FILENO, taken);
    lock.lock();
    if (taken.size() >= kMostPending) written_.notify_all();
    // In a burst, what came meanwhile has its time.
    if (burst_writer_.joinable() && pending_.size() < kMostPending) break;
  }
  writing_ = false;
  last_write_ = Clock::now();
  written_.notify_all();
  if (!pending_.empty()) burst_.notify_one();
}

void Terminal::WriteBursts() {
  std::unique_lock lock(mutex_);
  while (!over_) {
    if (pending_.empty() || writing_) {
      burst_.wait(lock);
    } else if (Clock::now() - last_write_ < kBurst) {
      burst_.wait_until(lock, last_write_ + kBurst);
    } else {
      WritePending(lock);
    }
  }
}

std::unique_lock<std::mutex> Terminal::Quiet() {
  std::unique_lock lock(mutex_);
  while (writing_ || !pending_.empty()) {
    if (writing_) {
      written_.wait(lock);
    } else {
      WritePending(lock);
    }
  }
  return lock;
}

void Terminal::Error(std::string_view text) {
  const auto lock = Quiet();
  WriteAll(STDOUT_FILENO, EraseActivity());
  WriteAll(STDERR_FILENO, text);
}

Terminal::Activity::Activity(Terminal& terminal, std::string_view what) : terminal_(terminal) {
  if (terminal.can_show_activity_) before_ = terminal.SetActivity(std::string(what));
}

Terminal::Activity::~Activity() {
  if (terminal_.can_show_activity_) (void)terminal_.SetActivity(std::move(before_));
}

std::string Terminal::SetActivity(std::string what) {
  const auto lock = Quiet();
  WriteAll(STDOUT_FILENO, EraseActivity());
  activity_.swap(what);
  activity_began_ = last_output_ = Clock::now();
  if (!ticker_.joinable()) ticker_ = std::thread([this] { ShowActivity(); });
  activity_changed_.notify_all();
  return what;
}

std::string_view Terminal::EraseActivity() {
  if (shown_activity_.empty()) return {};
  shown_activity_.clear();
  return kEraseLine;
}

void Terminal::ShowActivity() {
  std::unique_lock lock(mutex_);
  while (!over_) {
    if (activity_.empty()) {
      activity_changed_.wait(lock);
      continue;
    }
    activity_changed_.wait_for(lock, kSilence);
    const auto now = Clock::now();
    if (over_ || activity_.empty() || writing_ || !pending_.empty() || !at_line_start_ ||
        now - last_output_ < kSilence)
      continue;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now - activity_began_).count();
    std::string line = activity_ + "...";
    if (seconds > 0) line += " " + std::to_string(seconds) + "s";
    if (line == shown_activity_) continue;
    WriteAll(STDOUT_FILENO, std::string(kEraseLine) + line);
    shown_activity_ = std::move(line);
  }
}

Terminal::Reading Terminal::ReadMore() {
  if (input_ended_) return Reading::kEnd;
  if (handed_out_ > 0) input_.erase(0, std::exchange(handed_out_, 0));
  char buffer[1 << 16];
  const ssize_t n = read(STDIN_FILENO, buffer, sizeof buffer);
  if (n < 0 && errno == EINTR) return Reading::kInterrupted;
  if (n <= 0) {
    input_ended_ = true;
    return Reading::kEnd;
  }
  input_.append(buffer, static_cast<std::size_t>(n));
  return Reading::kMore;
}

std::optional<std::string> Terminal::ReadLine() {
  std::size_t searched = handed_out_;
  while (true) {
    if (const std::size_t end = input_.find('\n', searched); end != std::string::npos) {
      std::string line = input_.substr(handed_out_, end - handed_out_);
      handed_out_ = end + 1;
      if (line.ends_with('\r')) line.pop_back();
      return line;
    }
    searched = input_.size() - handed_out_;
    switch (ReadMore()) {
      case Reading::kMore:
        break;
      case Reading::kInterrupted:
        return std::nullopt;  // by a signal: whoever asks looks at what it was
      case Reading::kEnd:
        std::string rest = input_.substr(std::exchange(handed_out_, input_.size()));
        if (rest.empty()) return std::nullopt;
        return rest;
    }
  }
}

std::string Terminal::ReadAll() {
  while (ReadMore() != Reading::kEnd) {
  }
  std::string all = input_.substr(handed_out_);
  input_.clear();
  handed_out_ = 0;
  return all;
}

std::optional<std::string> Terminal::Ask(std::string_view prompt, bool secret) {
  Out(prompt);
  Flush();
  const SilentInput silent(secret && input_is_terminal_);
  auto line = ReadLine();
  if (secret && input_is_terminal_) Out("\n");
  return line;
}

}  // namespace tkn::cli
