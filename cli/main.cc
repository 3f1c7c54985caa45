// Dispatch: finds the command that was asked for and hands over.

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/commands/usage.h"
#include "cli/session.h"
#include "parser/large_pages.h"
#include "parser/suggest.h"

namespace tkn::cli {
namespace {

// The words that may stand where a command is named, "" in front, or behind the word of a group.
std::vector<std::string> WordsBehind(const std::string& group) {
  const std::string prefix = group.empty() ? "" : group + " ";
  std::vector<std::string> words;
  for (const Command& command : Commands()) {
    if (!command.name.starts_with(prefix)) continue;
    const std::string_view rest = command.name.substr(prefix.size());
    words.emplace_back(rest.substr(0, rest.find(' ')));
  }
  if (group.empty()) words.emplace_back("help");
  return words;
}

int UnknownCommand(Session& session, const std::string& name) {
  session.terminal().Error("tkn has no command named \"" + name + "\"." +
                           DidYouMean(name, WordsBehind("")) +
                           "\n\nTo see all of tkn's commands, run:\n  tkn -help\n\n");
  return 1;
}

// A group's word alone, or with something behind it that is none of its subcommands.
int Group(Session& session, const CommandLine& line, const std::string& usage) {
  if (!line.words.empty() && !line.words.front().starts_with('-')) {
    const std::string& word = line.words.front();
    session.terminal().Error("tkn " + line.command + " has no subcommand named \"" + word + "\"." +
                             DidYouMean(word, WordsBehind(line.command)) + "\n\n");
  }
  session.terminal().Out(usage);
  return line.help && line.words.size() <= 1 ? 0 : 1;
}

int Run(const std::vector<std::string>& arguments) {
  CommandLine line = ParseCommandLine(arguments);
  Session session;
  Terminal& terminal = session.terminal();
  if (!line.directory.empty() && chdir(line.directory.c_str()) != 0) {
    terminal.Error("Error handling -chdir option: cannot change to \"" + line.directory +
                   "\": " + std::strerror(errno) + "\n");
    return 1;
  }
  if (line.version) line.command = "version";
  if (line.command.empty()) {
    terminal.Out(OverallUsage());
    return line.help ? 0 : 127;
  }
  const Command* command = FindCommand(line.command);
  if (!command) {
    if (const std::string usage = GroupUsage(line.command); !usage.empty()) {
      return Group(session, line, usage);
    }
    return UnknownCommand(session, line.command);
  }
  if (line.unknown_global) {
    terminal.Error(
        "Invalid flags before the subcommand. Flags of the subcommand go behind it.\n\n");
    terminal.Out(CommandUsage(*command));
    return 1;
  }
  if (line.help) {
    terminal.Out(CommandUsage(*command));
    return 0;
  }
  if (const std::string error = AddEnvironmentArguments(line); !error.empty()) {
    terminal.Error(error + "\n");
    return 1;
  }
  session.set_command(*command);
  return command->run(session, line.words);
}

}  // namespace
}  // namespace tkn::cli

int main(int argc, char** argv) {
  tkn::PreferLargePagesForHeap();
  signal(SIGPIPE, SIG_IGN);  // a closed pipe or socket is an error of that call, not our end
  try {
    const int code = tkn::cli::Run(std::vector<std::string>(argv + 1, argv + argc));
#if !defined(TKN_ADDRESS_SANITIZER)  // which looks for leaks at the end
    // All is written and closed. What would follow is tidying up in the libraries of libcurl: 5 ms.
    _exit(code);
#else
    return code;
#endif
  } catch (const std::exception& e) {
    const std::string text =
        "\ntkn has a bug, or the machine ran out of something: " + std::string(e.what()) +
        "\nThe state holds everything that had finished. Please report what you did.\n";
    [[maybe_unused]] const ssize_t n = write(STDERR_FILENO, text.data(), text.size());
    return 1;
  }
}
