#include "cli/terminal/line_editor.h"

#include "cli/terminal/line_module.h"
#include "engine/module/late_module.h"

namespace tkn::cli {

class LineEditor::ModuleCompleter final : public LineCompleter {
 public:
  explicit ModuleCompleter(Completer completer) : completer_(std::move(completer)) {}

  std::size_t Complete(const char* text, std::size_t size) noexcept override {
    try {
      completion_ = completer_({text, size});
    } catch (const std::exception&) {
      completion_ = {};  // a Tab that finds nothing is no error
    }
    return completion_.typed;
  }
  std::size_t Count() noexcept override { return completion_.words.size(); }
  const char* Candidate(std::size_t index) noexcept override {
    return completion_.words[index].c_str();
  }

 private:
  Completer completer_;
  Completion completion_;
};

LineEditor::LineEditor(Terminal& terminal, Completer completer)
    : terminal_(terminal), completer_(std::make_unique<ModuleCompleter>(std::move(completer))) {
  std::string problem;  // not worth a word: lines can be typed without it
  module_ = LoadModule<LineModule>(ModulePaths("libtkn_line.so"), kLineModuleSymbol,
                                   kLineModuleVersion, problem);
  if (module_ != nullptr) module_->SetCompleter(completer_.get());
}

LineEditor::~LineEditor() {
  if (module_ != nullptr) module_->SetCompleter(nullptr);
}

LineEditor::Outcome LineEditor::Read(const char* prompt, std::string& line) {
  if (module_ == nullptr) {
    auto answer = terminal_.Ask(prompt);
    if (!answer) return Outcome::kEnd;
    line = std::move(*answer);
    return Outcome::kLine;
  }
  const char* text = nullptr;
  std::size_t size = 0;
  terminal_.Flush();  // the module writes by itself
  switch (module_->Read(prompt, &text, &size)) {
    case LineOutcome::kEnd:
      return Outcome::kEnd;
    case LineOutcome::kGivenUp:
      return Outcome::kGivenUp;
    case LineOutcome::kLine:
      break;
  }
  line.assign(text, size);
  if (line.find_first_not_of(" \t") != std::string::npos) module_->Remember(line.c_str());
  return Outcome::kLine;
}

}  // namespace tkn::cli
