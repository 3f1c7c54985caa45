#include "cli/console/names.h"

#include <algorithm>
#include <cctype>

#include "engine/lang/function.h"

namespace tkn::cli {
namespace {

bool IsNameByte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' ||
         c == ':' || c == '[' || c == ']' || c == '"' || (c & 0x80) != 0;
}

// Where the name begins that ends with the text: back over what names and constant indexes are made
// of.
std::size_t WordBegin(std::string_view text) {
  std::size_t at = text.size();
  int brackets = 0;
  while (at > 0 && IsNameByte(text[at - 1])) {
    brackets += text[at - 1] == ']' ? 1 : text[at - 1] == '[' ? -1 : 0;
    if (brackets < 0) break;  // the index itself is what is typed
    --at;
  }
  while (at < text.size() && (text[at] == '"' || text[at] == '.' || text[at] == '-')) ++at;
  return at;
}

std::string Dotted(std::initializer_list<std::string_view> parts) {
  std::string name;
  for (const std::string_view part : parts) name.append(name.empty() ? "" : ".").append(part);
  return name;
}

}  // namespace

ConsoleNames::ConsoleNames(const config::Module& root, Attributes attributes)
    : attributes_(std::move(attributes)) {
  for (const auto& variable : root.variables) names_.push_back(Dotted({"var", variable.name}));
  for (const auto& local : root.locals) names_.push_back(Dotted({"local", local.name}));
  for (const auto& call : root.module_calls) names_.push_back(Dotted({"module", call.name}));
  for (const auto& resource : root.resources) {
    names_.push_back(resource.name.ToString());
  }
  for (const char* name : {"path.cwd", "path.module", "path.root", "terraform.workspace"}) {
    names_.emplace_back(name);
  }
  for (const std::string& function : lang::StandardFunctions().Names()) {
    names_.push_back(function + "(");
  }
  std::ranges::sort(names_);
}

ConsoleNames::Completion ConsoleNames::Complete(std::string_view text) const {
  Completion result;
  const std::string_view word = text.substr(WordBegin(text));
  result.typed = word.size();
  const auto add = [&](const std::string& name) {
    const std::size_t dot = name.find('.', word.size());
    std::string up_to_dot = dot == std::string::npos ? name : name.substr(0, dot + 1);
    if (result.words.empty() || result.words.back() != up_to_dot) {
      result.words.push_back(std::move(up_to_dot));
    }
  };
  for (auto name = std::ranges::lower_bound(names_, word);
       name != names_.end() && name->starts_with(word); ++name) {
    add(*name);
  }
  const std::size_t dot = word.rfind('.');
  if (!result.words.empty() || dot == std::string_view::npos) return result;
  const std::string base(word.substr(0, dot));
  std::vector<std::string> attributes = attributes_(base);
  std::ranges::sort(attributes);
  for (const std::string& attribute : attributes) {
    if (attribute.starts_with(word.substr(dot + 1))) {
      result.words.push_back(base + "." + attribute);
    }
  }
  return result;
}

}  // namespace tkn::cli
