#include "cli/arguments.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "cli/command.h"

namespace tkn::cli {
namespace {

// Whether some command's name begins with `word` and goes on, as "state".
bool IsGroup(std::string_view word) {
  return std::ranges::any_of(Commands(), [&](const Command& command) {
    return command.name.size() > word.size() && command.name.starts_with(word) &&
           command.name[word.size()] == ' ';
  });
}

}  // namespace

CommandLine ParseCommandLine(const std::vector<std::string>& arguments) {
  CommandLine line;
  std::size_t i = 0;
  for (; i < arguments.size() && arguments[i].starts_with('-'); ++i) {
    const std::string& word = arguments[i];
    if (word == "-help" || word == "--help" || word == "-h") {
      line.help = true;
    } else if (word == "-version" || word == "--version" || word == "-v") {
      line.version = true;
    } else if (word.starts_with("-chdir=")) {
      line.directory = word.substr(7);
    } else {
      line.unknown_global = true;
    }
  }
  if (i < arguments.size() && arguments[i] == "help") {
    line.help = true;
    ++i;
  }
  if (i == arguments.size()) return line;
  line.command = arguments[i++];
  if (i < arguments.size() && IsGroup(line.command) &&
      FindCommand(line.command + " " + arguments[i])) {
    line.command += " " + arguments[i++];
  }
  line.words.assign(arguments.begin() + static_cast<std::ptrdiff_t>(i), arguments.end());
  line.help = line.help || std::ranges::any_of(line.words, [](const std::string& word) {
                return word == "-help" || word == "--help" || word == "-h";
              });
  return line;
}

std::optional<std::vector<std::string>> SplitShellWords(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == '\'') {
      if (c == '\'')
        quote = 0;
      else
        word += c;
    } else if (c == '\\' && i + 1 < text.size()) {
      word += text[++i];
      in_word = true;
    } else if (quote == '"') {
      if (c == '"')
        quote = 0;
      else
        word += c;
    } else if (c == '"' || c == '\'') {
      quote = c;
      in_word = true;
    } else if (c == ' ' || c == '\t' || c == '\n') {
      if (in_word) words.push_back(std::exchange(word, {}));
      in_word = false;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (quote) return std::nullopt;
  if (in_word) words.push_back(std::move(word));
  return words;
}

std::string AddEnvironmentArguments(CommandLine& line) {
  std::string specific = "TF_CLI_ARGS_" + line.command;
  std::ranges::replace(specific, ' ', '_');
  std::ranges::replace(specific, '-', '_');
  for (const std::string& name : {std::string("TF_CLI_ARGS"), specific}) {
    const char* value = std::getenv(name.c_str());
    if (!value) continue;
    auto words = SplitShellWords(value);
    if (!words) return "Error parsing extra CLI args from " + name + ": a quote is not closed.";
    line.words.insert(line.words.begin(), words->begin(), words->end());
  }
  return {};
}

}  // namespace tkn::cli
