#include "engine/lang/functions/regex.h"

#include <re2/re2.h>

#include <memory>
#include <utility>
#include <vector>

#include "engine/lang/functions/entry.h"
#include "engine/value/per_thread.h"

namespace tkn::lang {

namespace {

constexpr int kMaxProgramBytes = 64 << 20;

std::size_t RuneLength(std::string_view text, std::size_t at) {
  std::size_t n = 1;
  while (at + n < text.size() && (static_cast<unsigned char>(text[at + n]) & 0xC0) == 0x80) ++n;
  return n;
}

// RE2 of Debian 12 knows only (?P<name>...); Go takes (?<name>...) too.
std::string WithNamedGroups(std::string_view pattern) {
  std::string out;
  bool in_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size()) {
      if (pattern[i + 1] == 'Q') {
        const std::size_t end = pattern.find("\\E", i + 2);
        const std::size_t stop = end == std::string_view::npos ? pattern.size() : end + 2;
        out.append(pattern.substr(i, stop - i));
        i = stop - 1;
        continue;
      }
      out += c;
      out += pattern[++i];
      continue;
    }
    if (c == '[') in_class = true;
    if (c == ']') in_class = false;
    out += c;
    if (!in_class && c == '(' && pattern.substr(i).starts_with("(?<")) {
      out += "?P<";
      i += 2;
    }
  }
  return out;
}

struct Pattern {
  std::string text;
  std::unique_ptr<RE2> regex;
  std::vector<std::string> names;  // of groups 1 to n, "" where a group has none
};

// Patterns are compiled once for the many calls of a loop.
struct RecentPatterns {
  std::vector<std::shared_ptr<const Pattern>> patterns;
};

std::shared_ptr<const Pattern> Compile(std::string_view text) {
  constexpr std::size_t kKept = 16;
  auto& recent = PerThread<RecentPatterns>()->patterns;
  for (std::size_t i = recent.size(); i-- > 0;) {
    if (recent[i]->text == text) return recent[i];
  }
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxProgramBytes);
  auto pattern = std::make_shared<Pattern>();
  pattern->text = text;
  pattern->regex = std::make_unique<RE2>(WithNamedGroups(text), options);
  if (pattern->regex->ok()) {
    pattern->names.resize(static_cast<std::size_t>(pattern->regex->NumberOfCapturingGroups()));
    for (const auto& [group, name] : pattern->regex->CapturingGroupNames()) {
      pattern->names[static_cast<std::size_t>(group - 1)] = name;
    }
  }
  if (recent.size() == kKept) recent.erase(recent.begin());
  recent.push_back(pattern);
  return pattern;
}

using Match = std::vector<re2::StringPiece>;  // the whole and the groups

bool FindMatch(const Pattern& pattern, std::string_view text, std::size_t from, Match& match) {
  match.resize(pattern.names.size() + 1);
  return pattern.regex->Match({text.data(), text.size()}, from, text.size(), RE2::UNANCHORED,
                              match.data(), static_cast<int>(match.size()));
}

// Calls `f` for each match, from left to right; an empty match directly behind another is none.
template <typename F>
void ForEachMatch(const Pattern& pattern, std::string_view text, const F& f) {
  if (text.data() == nullptr) text = "";
  std::size_t from = 0;
  std::size_t previous_end = std::string_view::npos;
  Match match;
  while (from <= text.size() && FindMatch(pattern, text, from, match)) {
    const auto begin = static_cast<std::size_t>(match[0].data() - text.data());
    const std::size_t end = begin + match[0].size();
    const bool empty = begin == end;
    if (!empty || begin != previous_end) {
      if (!f(match, begin, end)) return;
    }
    previous_end = end;
    from = empty ? end + (end < text.size() ? RuneLength(text, end) : 1) : end;
  }
}

FunctionError BadPattern(const Pattern& pattern) {
  return ArgumentError(
      0, fmt::format("the regular expression is not valid: {}", pattern.regex->error()));
}

FunctionType ResultType(const Value& given) {
  if (!given.IsKnown()) return Type::Dynamic();
  const auto pattern = Compile(given.AsString());
  if (!pattern->regex->ok()) {
    // What is wrong would show a part of the pattern, which may be sensitive.
    return ArgumentError(0, "the regular expression is not valid");
  }
  if (pattern->names.empty()) return Type::String();
  std::size_t named = 0;
  for (const std::string& name : pattern->names) named += name.empty() ? 0 : 1;
  if (named == 0) {
    return Type::Tuple(std::vector<Type>(pattern->names.size(), Type::String()));
  }
  if (named != pattern->names.size()) {
    return ArgumentError(0, "either all groups of a regular expression have names, or none");
  }
  std::vector<ObjectAttribute> attributes;
  for (const std::string& name : pattern->names) attributes.push_back({name, Type::String()});
  return Type::Object(std::move(attributes));
}

Value ResultOf(const Pattern& pattern, const Match& match, Type type) {
  const auto text = [](const re2::StringPiece& piece) {
    return piece.data() == nullptr ? Value::Null(Type::String())
                                   : Value::String({piece.data(), piece.size()});
  };
  if (!type.IsTuple() && !type.IsObject()) return text(match[0]);
  if (type.IsTuple()) {
    std::vector<Value> groups;
    for (std::size_t i = 1; i < match.size(); ++i) groups.push_back(text(match[i]));
    return Value::Tuple(std::move(groups));
  }
  std::vector<Value::Entry> attributes;
  for (std::size_t i = 1; i < match.size(); ++i) {
    attributes.emplace_back(pattern.names[i - 1], text(match[i]));
  }
  return Value::Object(std::move(attributes));
}

FunctionResult Regex(Arguments a, Type type, const CallContext&) {
  if (type.IsDynamic()) return Value::Dynamic();
  const auto pattern = Compile(a[0].AsString());
  if (!pattern->regex->ok()) return BadPattern(*pattern);
  Match match;
  std::string_view text = a[1].AsString();
  if (text.data() == nullptr) text = "";
  if (!FindMatch(*pattern, text, 0, match)) {
    return CallError("the regular expression does not match any part of the text");
  }
  return ResultOf(*pattern, match, type);
}

FunctionResult RegexAll(Arguments a, Type type, const CallContext&) {
  const auto pattern = Compile(a[0].AsString());
  if (!pattern->regex->ok()) return BadPattern(*pattern);
  const Type element = type.element();
  std::vector<Value> found;
  ForEachMatch(*pattern, a[1].AsString(), [&](const Match& match, std::size_t, std::size_t) {
    found.push_back(ResultOf(*pattern, match, element));
    return found.size() < kMaxElements;
  });
  return Value::List(element, std::move(found));
}

bool IsNameCharacter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// One part of a replacement: text, or the group that stands there.
struct ReplacementPart {
  std::string text{};
  int group = -1;
};

std::vector<ReplacementPart> ParseReplacement(const Pattern& pattern, std::string_view given) {
  std::vector<ReplacementPart> parts;
  std::string text;
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (given[i] != '$' || i + 1 >= given.size()) {
      text += given[i];
      continue;
    }
    if (given[i + 1] == '$') {
      text += '$';
      ++i;
      continue;
    }
    const bool braces = given[i + 1] == '{';
    const std::size_t begin = i + (braces ? 2 : 1);
    std::size_t end = begin;
    while (end < given.size() && IsNameCharacter(given[end])) ++end;
    if (end == begin || (braces && (end >= given.size() || given[end] != '}'))) {
      text += '$';
      continue;
    }
    const std::string_view name = given.substr(begin, end - begin);
    i = braces ? end : end - 1;
    int group = -1;
    if (name.size() <= 8 && name.find_first_not_of("0123456789") == std::string_view::npos) {
      group = std::stoi(std::string(name));
      if (static_cast<std::size_t>(group) > pattern.names.size()) group = -1;
    } else {
      for (std::size_t g = 0; g < pattern.names.size(); ++g) {
        if (pattern.names[g] == name) group = static_cast<int>(g + 1);
      }
    }
    if (group < 0) continue;  // a group that doesn't exist is empty
    parts.push_back({std::exchange(text, {}), -1});
    parts.push_back({{}, group});
  }
  parts.push_back({std::move(text), -1});
  return parts;
}

}  // namespace

std::optional<std::string> ReplaceRegex(std::string_view text, std::string_view pattern_text,
                                        std::string_view replacement, std::size_t limit,
                                        std::string& error) {
  const auto pattern = Compile(pattern_text);
  if (!pattern->regex->ok()) {
    error = "the regular expression is not valid: " + pattern->regex->error();
    return std::nullopt;
  }
  const std::vector<ReplacementPart> parts = ParseReplacement(*pattern, replacement);
  std::string out;
  std::size_t copied = 0;
  ForEachMatch(*pattern, text, [&](const Match& match, std::size_t begin, std::size_t end) {
    out.append(text.substr(copied, begin - copied));
    for (const ReplacementPart& part : parts) {
      if (part.group < 0) {
        out += part.text;
      } else {
        const re2::StringPiece& piece = match[static_cast<std::size_t>(part.group)];
        out.append(piece.data(), piece.size());
      }
    }
    copied = end;
    return out.size() <= limit;
  });
  if (out.size() > limit) {
    error = "the result would be too long";
    return std::nullopt;
  }
  out.append(text.substr(copied));
  return out;
}

void AddRegexFunctions(FunctionTable& table) {
  const Parameter pattern = TextParameter("pattern", "A regular expression in RE2's syntax.");
  const Parameter text = TextParameter("string", "The text to search.");
  table.Add({.name = "regex",
             .description = "The first match of a regular expression: the text, or its groups.",
             .parameters = {pattern, text},
             .result_type = [](Arguments a) { return ResultType(a[0]); },
             .body = Regex});
  table.Add({.name = "regexall",
             .description = "All matches of a regular expression, as a list.",
             .parameters = {pattern, text},
             .result_type = [](Arguments a) -> FunctionType {
               FunctionType element = ResultType(a[0]);
               if (Type* type = std::get_if<Type>(&element)) return Type::List(*type);
               return element;
             },
             .body = RegexAll});
}

}  // namespace tkn::lang
