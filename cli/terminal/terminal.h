#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "engine/render/style.h"

namespace tkn::cli {

// Standard input, output and error of this process. Any thread may print: one call's text comes out
// in one piece.
class Terminal {
 public:
  Terminal();

  // -no-color, NO_COLOR: for good.
  void DisableColor();
  const render::TextStyle& style() const { return style_; }
  bool input_is_terminal() const { return input_is_terminal_; }
  bool output_is_terminal() const { return output_is_terminal_; }

  // Written through at once, by this call or by another thread's that is writing already: nobody
  // waits for a slow reader but who writes to it, until there is a megabyte to write. A reader that
  // went away is not an error of ours.
  void Out(std::string_view text);
  void Error(std::string_view text);

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

  // Waits until nobody writes.
  std::unique_lock<std::mutex> Quiet();

  std::mutex mutex_;
  std::condition_variable written_;
  std::string pending_;  // for standard output, guarded by mutex_
  bool writing_ = false;
  render::TextStyle style_;
  bool input_is_terminal_ = false;
  bool output_is_terminal_ = false;
  std::string input_;           // read
  std::size_t handed_out_ = 0;  // of it, from the front
  bool input_ended_ = false;
};

}  // namespace tkn::cli
