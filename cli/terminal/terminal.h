#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "engine/render/style.h"

namespace tkn::cli {

// Standard input, output and error of this process. Any thread may print: one call's text comes out
// in one piece.
class Terminal {
 public:
  Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal();

  // -no-color, NO_COLOR: for good.
  void DisableColor();
  const render::TextStyle& style() const { return style_; }
  bool input_is_terminal() const { return input_is_terminal_; }
  bool output_is_terminal() const { return output_is_terminal_; }

  // Written through within some milliseconds: at once as a rule, and what follows fast for
  // long in fewer and larger pieces, by a thread of its own. Nobody waits for a slow reader until
  // there is a megabyte to write. A reader that went away is not an error of ours.
  void Out(std::string_view text);
  void Error(std::string_view text);
  // What was printed is written when this returns: before somebody else writes to the terminal, or
  // input is waited for.
  void Flush() { (void)Quiet(); }

  // For output that a program reads, even through a terminal.
  void DisableActivity() { can_show_activity_ = false; }
  // While it lives, a line says what is going on whenever nothing was printed for a tenth of a
  // second, and from the first second on for how long; the next output takes its place. Only on a
  // terminal that can erase a line, and not with TF_IN_AUTOMATION. One at a time: a later one takes
  // the place of an earlier one for as long as it lives.
  class Activity {
   public:
    Activity(Terminal& terminal, std::string_view what);
    ~Activity();
    Activity(const Activity&) = delete;
    Activity& operator=(const Activity&) = delete;

   private:
    Terminal& terminal_;
    std::string before_;
  };

  // Shows `prompt` and reads a line, without its end; nullopt at the end of input. `secret` turns
  // echo off.
  std::optional<std::string> Ask(std::string_view prompt, bool secret = false);
  // Reads everything that is left of standard input.
  std::string ReadAll();
  // A line of standard input, without its end.
  std::optional<std::string> ReadLine();

 private:
  enum class Reading { kMore, kEnd, kInterrupted };
  // One read() of standard input.
  Reading ReadMore();

  // Waits until nobody writes, and everything is written.
  std::unique_lock<std::mutex> Quiet();
  void WritePending(std::unique_lock<std::mutex>& lock);
  void WriteBursts();
  bool HasBurstWriter();
  // What takes the activity away, if one is shown. With the mutex held, as the next ones.
  std::string_view EraseActivity();
  std::string SetActivity(std::string what);
  void ShowActivity();

  std::mutex mutex_;
  std::condition_variable written_;
  std::string pending_;  // for standard output, guarded by mutex_
  bool writing_ = false;
  std::chrono::steady_clock::time_point last_write_;
  int writes_in_a_row_ = 0;
  std::condition_variable burst_;
  std::thread burst_writer_;  // from the first burst on

  bool can_show_activity_ = false;
  std::string activity_;  // guarded by mutex_, as what follows
  std::string shown_activity_;
  bool at_line_start_ = true;
  std::chrono::steady_clock::time_point activity_began_, last_output_;
  std::condition_variable activity_changed_;
  bool over_ = false;
  std::thread ticker_;  // from the first activity on

  render::TextStyle style_;
  bool input_is_terminal_ = false;
  bool output_is_terminal_ = false;
  std::string input_;           // read
  std::size_t handed_out_ = 0;  // of it, from the front
  bool input_ended_ = false;
};

}  // namespace tkn::cli
