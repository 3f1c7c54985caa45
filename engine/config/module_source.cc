#include "engine/config/module_source.h"

#include <algorithm>
#include <vector>

namespace tkn::config {
namespace {

bool IsRegistryWord(std::string_view word) {
  return !word.empty() && word.front() != '-' && word.back() != '-' &&
         std::ranges::all_of(word, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

}  // namespace

SourceKind KindOfSource(std::string_view source) {
  if (source.empty()) return SourceKind::kInvalid;
  if (source.starts_with("./") || source.starts_with("../") || source == "." || source == "..") {
    return source == "." || source == ".." ? SourceKind::kInvalid : SourceKind::kLocal;
  }
  if (source.front() == '/') return SourceKind::kAbsolute;
  if (source.find("::") != std::string_view::npos || source.find("://") != std::string_view::npos ||
      source.starts_with("git@") || source.starts_with("github.com/") ||
      source.starts_with("bitbucket.org/")) {
    return SourceKind::kRemote;
  }
  std::string_view package = source;
  if (const std::size_t sub = package.find("//"); sub != std::string_view::npos)
    package = package.substr(0, sub);
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t slash = package.find('/');
    words.push_back(package.substr(0, slash));
    if (slash == std::string_view::npos) break;
    package.remove_prefix(slash + 1);
  }
  if (words.size() == 4 && words[0].find('.') != std::string_view::npos) words.erase(words.begin());
  if (words.size() == 3 && std::ranges::all_of(words, IsRegistryWord)) return SourceKind::kRegistry;
  if (source.find(".amazonaws.com/") != std::string_view::npos) return SourceKind::kRemote;
  return SourceKind::kInvalid;
}

}  // namespace tkn::config
