#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tkn::cli {

class Session;

// One entry of the command table (commands/table.cc). `name` may be two words: "state list".
struct Command {
  enum class Group { kMain, kOther, kOwn, kSub };
  std::string_view name;
  Group group;
  std::string_view synopsis;
  std::string_view help;  // what `tkn NAME -help` prints
  int (*run)(Session& session, const std::vector<std::string>& words);
};

std::span<const Command> Commands();
const Command* FindCommand(std::string_view name);

}  // namespace tkn::cli
