#include "cli/commands/usage.h"

#include "engine/render/style.h"

namespace tkn::cli {
namespace {

void AppendRow(std::string_view name, std::size_t width, std::string_view synopsis,
               std::string& out) {
  out.append("  ").append(name).append(width - name.size() + 2, ' ').append(synopsis).append("\n");
}

void AppendGroup(std::string_view title, Command::Group group, std::string& out) {
  out.append("\n").append(title).append(":\n");
  for (const Command& command : Commands()) {
    if (command.group == group) AppendRow(command.name, 12, command.synopsis, out);
  }
}

}  // namespace

std::string OverallUsage() {
  std::string out =
      "Usage: tkn [global options] <subcommand> [args]\n\n"
      "The commands of Terraform, under the same names and with the same flags.\n"
      "`tkn plan` in a directory with .tf files is all it takes: there is nothing to\n"
      "download, and `init` is optional.\n";
  AppendGroup("Main commands", Command::Group::kMain, out);
  AppendGroup("All other commands", Command::Group::kOther, out);
  out +=
      "  state         Look into the state, and mend it (tkn state -help)\n"
      "  workspace     Several states for one configuration (tkn workspace -help)\n";
  out +=
      "\nGlobal options (before the subcommand):\n"
      "  -chdir=DIR    Work in DIR instead of the current directory.\n"
      "  -help         Show this, or the help of the subcommand that follows.\n"
      "  -version      The same as the subcommand \"version\".\n";
  return out;
}

std::string GroupUsage(std::string_view group) {
  std::string rows;
  const std::string prefix = std::string(group) + " ";
  for (const Command& command : Commands()) {
    if (!command.name.starts_with(prefix)) continue;
    rows += "  ";
    AppendRow(command.name.substr(prefix.size()), 16, command.synopsis, rows);
  }
  if (rows.empty()) return {};
  return "Usage: tkn [global options] " + std::string(group) +
         " <subcommand> [options] [args]\n\nSubcommands:\n" + rows;
}

std::string CommandUsage(const Command& command) {
  std::string_view help = command.help;
  while (help.starts_with('\n')) help.remove_prefix(1);
  return "Usage: tkn [global options] " + std::string(help);
}

}  // namespace tkn::cli
