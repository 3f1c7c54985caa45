#pragma once

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

  // Written through at once. A reader that went away is not an error of ours.
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

  std::mutex mutex_;
  render::TextStyle style_;
  bool input_is_terminal_ = false;
  bool output_is_terminal_ = false;
  std::string input_;           // read
  std::size_t handed_out_ = 0;  // of it, from the front
  bool input_ended_ = false;
};

}  // namespace tkn::cli
