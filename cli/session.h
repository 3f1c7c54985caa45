#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "cli/flags.h"
#include "cli/terminal/terminal.h"
#include "parser/diagnostic.h"
#include "parser/source.h"
#include "providers/provider.h"

namespace tkn::cli {

// One run of the program: where it prints, what it has read, what it was built with.
class Session {
 public:
  Session();

  Terminal& terminal() { return terminal_; }
  const render::TextStyle& style() const { return terminal_.style(); }
  SourceMap& sources() { return sources_; }
  const providers::Registry& registry() const { return registry_; }
  const Command& command() const { return *command_; }
  void set_command(const Command& command) { command_ = &command; }

  // Prints warnings to standard output and errors to standard error, sorted. `compact`: warnings by
  // summary only, unless there are errors too.
  void Show(Diagnostics diags, bool compact = false);
  // Shows and turns into an exit code: 1 with errors, else 0.
  int Finish(Diagnostics diags, bool compact = false);

  // Parses the flags of a command, which gets -no-color too. False: the error was shown (exit code
  // 1). At most `most_arguments` arguments; `too_many` is the detail when there are more.
  [[nodiscard]] bool ParseFlags(FlagSet& flags, const std::vector<std::string>& words,
                                std::vector<std::string>& arguments, std::size_t most_arguments = 0,
                                std::string_view too_many = {});

  // The same in two steps, for commands that may have to say it as JSON: what is wrong goes to
  // `diags`.
  [[nodiscard]] bool ReadFlags(FlagSet& flags, const std::vector<std::string>& words,
                               std::vector<std::string>& arguments, std::size_t most_arguments,
                               std::string_view too_many, Diagnostics& diags);
  void ShowUsage(Diagnostics diags);
  // For commands that tell what is wrong with their words as a plain line, which is no diagnostic.
  struct ArgumentCount {
    std::size_t least = 0;
    std::size_t most = 0;
    std::string_view complaint = "Too many command line arguments. Did you mean to use -chdir?";
  };
  static constexpr std::size_t kAnyNumber = static_cast<std::size_t>(-1);
  [[nodiscard]] bool ParseWords(FlagSet& flags, const std::vector<std::string>& words,
                                std::vector<std::string>& arguments, const ArgumentCount& count);

  // TF_DATA_DIR, or ".terraform".
  std::string DataDirectory() const;
  // TF_WORKSPACE, or what `workspace select` wrote, or "default".
  std::string Workspace() const;

 private:
  void PointToHelp();

  Terminal terminal_;
  SourceMap sources_;
  providers::Registry registry_;
  const Command* command_ = nullptr;
};

}  // namespace tkn::cli
