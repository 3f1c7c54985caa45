#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/terminal/terminal.h"

namespace tkn::cli {

class LineModule;

// Lines that a person types: edited, with those before at hand, and names completed by Tab. Where
// the module behind it is missing, plain lines. For one thread.
class LineEditor {
 public:
  struct Completion {
    std::size_t typed = 0;             // bytes before the cursor that belong to the word
    std::vector<std::string> words{};  // what it may become
  };
  using Completer = std::function<Completion(std::string_view before_cursor)>;

  LineEditor(Terminal& terminal, Completer completer);
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;
  ~LineEditor();

  // kGivenUp: Ctrl-C with something typed.
  enum class Outcome { kLine, kGivenUp, kEnd };
  // `line` gets no line end. What is typed is remembered until the process ends, and nowhere else.
  Outcome Read(const char* prompt, std::string& line);

 private:
  class ModuleCompleter;

  Terminal& terminal_;
  std::unique_ptr<ModuleCompleter> completer_;
  LineModule* module_ = nullptr;
};

}  // namespace tkn::cli
