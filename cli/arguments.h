#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tkn::cli {

// What stands before and after the subcommand.
struct CommandLine {
  std::string directory;  // of -chdir, "" without
  bool help = false;
  bool version = false;
  bool unknown_global = false;  // a flag before the subcommand that is none of ours
  std::string command;          // "plan", "state list"; "" if none was given
  std::vector<std::string> words;
};

CommandLine ParseCommandLine(const std::vector<std::string>& arguments);

// Splits as a shell would (quotes and backslashes, nothing else); nullopt when a quote is not
// closed.
std::optional<std::vector<std::string>> SplitShellWords(std::string_view text);

// Puts the words of TF_CLI_ARGS_<command> and TF_CLI_ARGS in front of the others. On error returns
// the message.
std::string AddEnvironmentArguments(CommandLine& line);

}  // namespace tkn::cli
