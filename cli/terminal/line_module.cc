#include "cli/terminal/line_module.h"

#include <histedit.h>

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <string>
#include <string_view>

namespace tkn::cli {
namespace {

constexpr int kRememberedLines = 1000;

class EditedLine final : public LineModule {
 public:
  EditedLine() {
    setlocale(LC_CTYPE, "");
    history_ = history_init();
    HistEvent event;
    history(history_, &event, H_SETSIZE, kRememberedLines);
    history(history_, &event, H_SETUNIQUE, 1);
    editor_ = el_init("tkn", stdin, stdout, stderr);
    el_set(editor_, EL_CLIENTDATA, this);
    el_set(editor_, EL_PROMPT, &EditedLine::Prompt);
    el_set(editor_, EL_EDITOR, "emacs");
    el_set(editor_, EL_HIST, history, history_);
    // Ctrl-C is a key: it gives up the line, and must not end the program with the terminal still
    // raw.
    el_set(editor_, EL_SETTY, "-d", "-isig", nullptr);
    el_set(editor_, EL_ADDFN, "tkn-complete", "Complete the name", &EditedLine::OnComplete);
    el_set(editor_, EL_ADDFN, "tkn-interrupt", "Give up the line", &EditedLine::OnInterrupt);
    el_set(editor_, EL_BIND, "^I", "tkn-complete", nullptr);
    el_set(editor_, EL_BIND, "^C", "tkn-interrupt", nullptr);
    el_set(editor_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  }

  void SetCompleter(LineCompleter* completer) noexcept override { completer_ = completer; }

  LineOutcome Read(const char* prompt, const char** line, std::size_t* size) noexcept override {
    prompt_ = prompt;
    given_up_ = false;
    left_by_key_ = false;
    int count = 0;
    // libedit shows the prompt first and makes the terminal raw afterwards: a Ctrl-C in between
    // would be a signal.
    el_set(editor_, EL_PREP_TERM, 1);
    const char* const text = el_gets(editor_, &count);
    if (given_up_) return LineOutcome::kGivenUp;
    if (text == nullptr || count <= 0) {
      if (!left_by_key_) std::fputs("\n", stdout);
      std::fflush(stdout);
      return LineOutcome::kEnd;
    }
    std::string_view read(text, static_cast<std::size_t>(count));
    while (read.ends_with('\n') || read.ends_with('\r')) read.remove_suffix(1);
    *line = read.data();
    *size = read.size();
    return LineOutcome::kLine;
  }

  void Remember(const char* line) noexcept override {
    HistEvent event;
    history(history_, &event, H_ENTER, line);
  }

 private:
  static EditedLine* Of(EditLine* editor) {
    void* self = nullptr;
    el_get(editor, EL_CLIENTDATA, &self);
    return static_cast<EditedLine*>(self);
  }
  static char* Prompt(EditLine* editor) {
    return const_cast<char*>(Of(editor)->prompt_);  // libedit does not write to it
  }

  static unsigned char OnInterrupt(EditLine* editor, int /*key*/) {
    const LineInfo* const info = el_line(editor);
    Of(editor)->left_by_key_ = true;
    Of(editor)->given_up_ = info->lastchar != info->buffer;
    std::fputs("^C\n", stdout);
    return CC_EOF;
  }

  static unsigned char OnComplete(EditLine* editor, int /*key*/) { return Of(editor)->Complete(); }

  unsigned char Complete() {
    if (completer_ == nullptr) return CC_ERROR;
    const LineInfo* const info = el_line(editor_);
    const std::size_t size = static_cast<std::size_t>(info->cursor - info->buffer);
    const std::size_t typed = completer_->Complete(info->buffer, size);
    const std::size_t count = completer_->Count();
    if (count == 0) return CC_ERROR;
    std::string_view common = completer_->Candidate(0);
    for (std::size_t i = 1; i < count; ++i) {
      const std::string_view other = completer_->Candidate(i);
      const auto differ = std::ranges::mismatch(common, other);
      common = common.substr(0, static_cast<std::size_t>(differ.in1 - common.begin()));
    }
    if (common.size() > typed) {
      el_insertstr(editor_, std::string(common.substr(typed)).c_str());
      return CC_REFRESH;
    }
    if (count == 1) return CC_REFRESH;
    List(count);
    return CC_REDISPLAY;
  }

  void List(std::size_t count) {
    std::size_t widest = 0;
    for (std::size_t i = 0; i < count; ++i) {
      widest = std::max(widest, std::string_view(completer_->Candidate(i)).size());
    }
    const std::size_t columns = std::max<std::size_t>(1, 80 / (widest + 2));
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view name = completer_->Candidate(i);
      out += i % columns == 0 ? "\n" : "";
      out.append(name).append(widest + 2 - name.size(), ' ');
    }
    out += '\n';
    std::fputs(out.c_str(), stdout);
  }

  EditLine* editor_ = nullptr;
  History* history_ = nullptr;
  LineCompleter* completer_ = nullptr;
  const char* prompt_ = "";
  bool left_by_key_ = false;  // by Ctrl-C
  bool given_up_ = false;     // and there was something in the line
};

}  // namespace
}  // namespace tkn::cli

extern "C" __attribute__((visibility("default"))) tkn::cli::LineModule* tkn_line_module(
    int version) {
  if (version != tkn::cli::kLineModuleVersion) return nullptr;
  static auto* const module = new tkn::cli::EditedLine;
  return module;
}
