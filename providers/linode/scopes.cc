#include "providers/linode/scopes.h"

#include <algorithm>
#include <array>

#include "parser/suggest.h"

namespace tkn::linode {
namespace {

std::vector<std::string_view> SortedParts(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t space = text.find(' ');
    parts.push_back(text.substr(0, space));
    if (space == std::string_view::npos) break;
    text.remove_prefix(space + 1);
  }
  std::sort(parts.begin(), parts.end());
  return parts;
}

const std::vector<std::string>& Names() {
  static const std::vector<std::string> kNames = {"account",
                                                  "child_account",
                                                  "databases",
                                                  "domains",
                                                  "events",
                                                  "firewall",
                                                  "images",
                                                  "ips",
                                                  "linodes",
                                                  "lke",
                                                  "longview",
                                                  "monitor",
                                                  "nodebalancers",
                                                  "object_storage",
                                                  "stackscripts",
                                                  "volumes",
                                                  "vpc"};
  return kNames;
}

// Of tokens made long ago: names that are folded into account now, and other levels.
constexpr std::array<std::string_view, 5> kOldNames = {"tokens", "users", "clients", "tickets",
                                                       "managed"};
constexpr std::array<std::string_view, 4> kOldLevels = {"view", "create", "modify", "delete"};

template <typename List>
bool Holds(const List& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

std::string Problem(const std::string& word) {
  const std::vector<std::string> levels = {"read_only", "read_write"};
  const std::size_t colon = word.find(':');
  const std::string name = word.substr(0, colon);
  const std::string level = colon == std::string::npos ? "" : word.substr(colon + 1);
  const bool good_name = Holds(Names(), name) || Holds(kOldNames, name);
  const bool good_level = Holds(levels, level) || Holds(kOldLevels, level) || level == "*";
  if (word == "*" || (good_name && good_level)) return "";
  std::string meant_name = good_name ? name : Suggest(name, Names());
  // Singular and plural are mixed up most: firewall and vpc have none, linodes and domains do.
  if (meant_name.empty() && Holds(Names(), name + "s")) meant_name = name + "s";
  std::string meant_level = good_level ? level : Suggest(level, levels);
  if (meant_level.empty())
    meant_level = level.find("rite") == std::string::npos ? levels[0] : levels[1];
  std::string problem = "\"" + word + "\" is no scope that is known here";
  if (colon == std::string::npos)
    problem += ": a scope is a name, a colon, and read_only or read_write";
  problem += ".";
  if (!meant_name.empty()) {
    problem += " Did you mean \"" + meant_name + ":" + meant_level + "\"?";
  } else {
    problem += " Known names are:";
    for (const std::string& known : Names()) {
      problem += (&known == &Names().front() ? " " : ", ") + known;
    }
    problem += ".";
  }
  return problem;
}

}  // namespace

std::vector<std::string> ScopeWords(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(" ,");
    if (end != 0) words.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return words;
}

std::vector<std::string> ScopeProblems(std::string_view text) {
  std::vector<std::string> problems;
  for (const std::string& word : ScopeWords(text)) {
    if (std::string problem = Problem(word); !problem.empty())
      problems.push_back(std::move(problem));
  }
  return problems;
}

std::vector<std::string> ScopesBeyond(std::string_view wanted, std::string_view held) {
  const std::vector<std::string> have = ScopeWords(held);
  std::vector<std::string> beyond;
  for (const std::string& word : ScopeWords(wanted)) {
    const std::string name = word.substr(0, word.find(':'));
    const bool granted = Holds(have, "*") || Holds(have, word) || Holds(have, name + ":*") ||
                         (word.ends_with(":read_only") && Holds(have, name + ":read_write"));
    if (!granted) beyond.push_back(word);
  }
  return beyond;
}

bool SameScopes(std::string_view a, std::string_view b) {
  if (a == "*" || b == "*") return a == b;
  return SortedParts(a) == SortedParts(b);
}

}  // namespace tkn::linode
