#include "cli/terminal/signals.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <future>
#include <memory>
#include <system_error>

#include "engine/graph/crew.h"

namespace tkn::cli {
namespace {

// The handler may only write to a pipe; a thread reads it. -1: no watch lives.
std::atomic<int> pipe_to_write{-1};

void Handle(int) {
  const int saved = errno;
  const char byte = 'i';
  if (const int fd = pipe_to_write.load(); fd >= 0) {
    [[maybe_unused]] const ssize_t n = write(fd, &byte, 1);
  }
  errno = saved;
}

}  // namespace

struct InterruptWatch::State {
  int read_end = -1;
  int write_end = -1;
  struct sigaction old_int {};
  struct sigaction old_term {};
  std::function<void(int)> on_interrupt;
  std::future<void> ended;

  void Run() {
    int count = 0;
    char byte = 0;
    while (true) {
      const ssize_t n = read(read_end, &byte, 1);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0 || byte != 'i') return;
      on_interrupt(++count);
    }
  }
};

InterruptWatch::InterruptWatch(std::function<void(int count)> on_interrupt) : state_(new State) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    delete state_;
    throw std::system_error(errno, std::generic_category(), "pipe");
  }
  state_->read_end = ends[0];
  state_->write_end = ends[1];
  state_->on_interrupt = std::move(on_interrupt);
  pipe_to_write = ends[1];
  auto ended = std::make_shared<std::promise<void>>();
  state_->ended = ended->get_future();
  graph::Crew::Get().Run([state = state_, ended = std::move(ended)] {
    state->Run();
    ended->set_value();
  });
  struct sigaction action {};
  action.sa_handler = Handle;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &state_->old_int);  // no SA_RESTART: a prompt that waits must notice
  sigaction(SIGTERM, &action, &state_->old_term);
}

InterruptWatch::~InterruptWatch() {
  sigaction(SIGINT, &state_->old_int, nullptr);
  sigaction(SIGTERM, &state_->old_term, nullptr);
  pipe_to_write = -1;
  const char stop = 's';
  [[maybe_unused]] const ssize_t n = write(state_->write_end, &stop, 1);
  state_->ended.wait();
  close(state_->read_end);
  close(state_->write_end);
  delete state_;
}

}  // namespace tkn::cli
