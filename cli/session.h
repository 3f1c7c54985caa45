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

  // TF_DATA_DIR, or ".terraform".
  std::string DataDirectory() const;
  // TF_WORKSPACE, or what `workspace select` wrote, or "default".
  std::string Workspace() const;

 private:
  Terminal terminal_;
  SourceMap sources_;
  providers::Registry registry_;
  const Command* command_ = nullptr;
};

}  // namespace tkn::cli
