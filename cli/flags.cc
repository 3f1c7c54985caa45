#include "cli/flags.h"

#include <charconv>
#include <optional>

namespace tkn::cli {
namespace {

std::optional<bool> ParseBool(std::string_view text) {
  for (const char* yes : {"1", "t", "T", "true", "TRUE", "True"}) {
    if (text == yes) return true;
  }
  for (const char* no : {"0", "f", "F", "false", "FALSE", "False"}) {
    if (text == no) return false;
  }
  return std::nullopt;
}

// Go's duration: a sequence of numbers with units; a bare 0 needs none.
std::optional<double> ParseDuration(std::string_view text) {
  if (text == "0") return 0.0;
  double total = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || number < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    struct Unit {
      std::string_view name;
      double seconds;
    };
    bool known = false;
    for (const Unit& unit : {Unit{"ms", 1e-3}, Unit{"us", 1e-6}, Unit{"ns", 1e-9}, Unit{"h", 3600},
                             Unit{"m", 60}, Unit{"s", 1}}) {
      if (!text.starts_with(unit.name)) continue;
      total += number * unit.seconds;
      text.remove_prefix(unit.name.size());
      known = true;
      break;
    }
    if (!known) return std::nullopt;
  }
  return total;
}

}  // namespace

void FlagSet::Custom(std::string name, bool is_bool,
                     std::function<std::string(std::string_view)> set) {
  flags_.push_back({std::move(name), is_bool, std::move(set)});
}

void FlagSet::Bool(std::string name, bool* target) {
  Custom(std::move(name), true, [target](std::string_view text) -> std::string {
    const auto value = ParseBool(text);
    if (!value) return "parse error";
    *target = *value;
    return {};
  });
}

void FlagSet::String(std::string name, std::string* target) {
  Custom(std::move(name), false, [target](std::string_view text) {
    *target = text;
    return std::string();
  });
}

void FlagSet::Strings(std::string name, std::vector<std::string>* target) {
  Custom(std::move(name), false, [target](std::string_view text) {
    target->emplace_back(text);
    return std::string();
  });
}

void FlagSet::Int(std::string name, int* target) {
  Custom(std::move(name), false, [target](std::string_view text) -> std::string {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *target);
    return error == std::errc() && end == text.data() + text.size() ? "" : "parse error";
  });
}

void FlagSet::Duration(std::string name, double* seconds) {
  Custom(std::move(name), false, [seconds](std::string_view text) -> std::string {
    const auto value = ParseDuration(text);
    if (!value) return "parse error";
    *seconds = *value;
    return {};
  });
}

const FlagSet::Flag* FlagSet::Find(std::string_view name) const {
  for (const Flag& flag : flags_) {
    if (flag.name == name) return &flag;
  }
  return nullptr;
}

std::vector<std::string> FlagSet::Names() const {
  std::vector<std::string> names;
  for (const Flag& flag : flags_) names.push_back(flag.name);
  return names;
}

std::string FlagSet::Parse(const std::vector<std::string>& words,
                           std::vector<std::string>& arguments) const {
  std::size_t i = 0;
  for (; i < words.size(); ++i) {
    std::string_view word = words[i];
    if (word.size() < 2 || word[0] != '-') break;
    if (word == "--") {
      ++i;
      break;
    }
    const std::string_view whole = word;
    word.remove_prefix(word.starts_with("--") ? 2 : 1);
    if (word.empty() || word[0] == '-' || word[0] == '=')
      return "bad flag syntax: " + std::string(whole);
    const std::size_t equals = word.find('=');
    const std::string name(word.substr(0, equals));
    const Flag* flag = Find(name);
    if (!flag) return "flag provided but not defined: -" + name;
    std::string_view value = "true";
    if (equals != std::string_view::npos) {
      value = word.substr(equals + 1);
    } else if (!flag->is_bool) {
      if (++i == words.size()) return "flag needs an argument: -" + name;
      value = words[i];
    }
    if (const std::string error = flag->set(value); !error.empty()) {
      return flag->is_bool
                 ? "invalid boolean value \"" + std::string(value) + "\" for -" + name + ": " +
                       error
                 : "invalid value \"" + std::string(value) + "\" for flag -" + name + ": " + error;
    }
  }
  arguments.assign(words.begin() + static_cast<std::ptrdiff_t>(i), words.end());
  return {};
}

}  // namespace tkn::cli
