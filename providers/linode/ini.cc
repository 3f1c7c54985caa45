#include "providers/linode/ini.h"

#include <cctype>

namespace tkn::linode {
namespace {

std::string_view Trim(std::string_view text) {
  static constexpr std::string_view kSpace = " \t\r\n\f\v";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

std::string_view Unquote(std::string_view text) {
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
      text.front() == text.back()) {
    return text.substr(1, text.size() - 2);
  }
  // A comment behind a value needs a space before it, so that '#' may be part of a value.
  for (const std::string_view mark : {" #", " ;", "\t#", "\t;"}) {
    if (const std::size_t at = text.find(mark); at != std::string_view::npos) {
      text = Trim(text.substr(0, at));
    }
  }
  return text;
}

}  // namespace

IniSections ParseIni(std::string_view text) {
  IniSections sections;
  std::string current = "default";
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = Trim(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (line.empty() || line[0] == '#' || line[0] == ';') continue;
    if (line.front() == '[' && line.back() == ']') {
      current = Lower(Trim(line.substr(1, line.size() - 2)));
      sections[current];
      continue;
    }
    const std::size_t equals = line.find_first_of("=:");
    if (equals == std::string_view::npos) continue;
    sections[current][Lower(Trim(line.substr(0, equals)))] = Unquote(Trim(line.substr(equals + 1)));
  }
  const auto defaults = sections.find("default");
  if (defaults != sections.end()) {
    for (auto& [name, keys] : sections) {
      if (name != "default") keys.insert(defaults->second.begin(), defaults->second.end());
    }
  }
  return sections;
}

}  // namespace tkn::linode
