#include "engine/config/module_files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "parser/large_pages.h"

namespace tkn::config {
namespace {

// Of what is made from a file this large, ten times as much and more is going to be kept.
constexpr std::uintmax_t kLargeFile = 64 * 1024;

class FileSystemReader final : public SourceReader {
 public:
  std::optional<std::vector<std::string>> List(const std::string& directory) const override {
    std::error_code error;
    std::filesystem::directory_iterator entries(directory, error);
    if (error) return std::nullopt;
    std::vector<std::string> names;
    for (const auto& entry : entries) {
      if (!entry.is_directory(error)) names.push_back(entry.path().filename().string());
    }
    return names;
  }

  std::optional<std::string> Read(const std::string& path, std::string* error) const override {
    std::error_code status;
    if (std::filesystem::is_directory(path, status)) {
      *error = "it is a directory";
      return std::nullopt;
    }
    std::ifstream file(path, std::ios::binary);
    if (!file) {
      *error = std::strerror(errno);
      return std::nullopt;
    }
    std::error_code size_error;
    const auto size = std::filesystem::file_size(path, size_error);
    std::string text;
    if (!size_error && size > 0) {
      text.reserve(size);
      if (size >= kLargeFile) SkipToLargePageOfHeap();
      PreferLargePages(text.data(), size);
      text.resize(size);
      file.read(text.data(), static_cast<std::streamsize>(size));
      text.resize(static_cast<std::size_t>(file.gcount()));
    }
    if (size_error || size == 0 ||
        file.peek() != std::ifstream::traits_type::eof()) {  // pipes, /proc
      file.clear();
      std::ostringstream rest;
      rest << file.rdbuf();
      text += rest.str();
    }
    if (file.bad()) {
      *error = "it could not be read to its end";
      return std::nullopt;
    }
    return text;
  }
};

class MemoryReader final : public SourceReader {
 public:
  explicit MemoryReader(std::vector<std::pair<std::string, std::string>> files) {
    for (auto& [path, text] : files) files_[CleanPath(path)] = std::move(text);
  }
  std::optional<std::vector<std::string>> List(const std::string& directory) const override {
    const std::string clean = CleanPath(directory);
    std::vector<std::string> names;
    for (const auto& [path, text] : files_) {
      const std::size_t slash = path.rfind('/');
      const std::string parent = slash == std::string::npos ? "."
                                 : slash == 0               ? "/"
                                                            : path.substr(0, slash);
      if (parent == clean) names.push_back(path.substr(slash == std::string::npos ? 0 : slash + 1));
    }
    if (names.empty()) return std::nullopt;
    return names;
  }
  std::optional<std::string> Read(const std::string& path, std::string* error) const override {
    const auto found = files_.find(CleanPath(path));
    if (found != files_.end()) return found->second;
    *error = "there is no such file";
    return std::nullopt;
  }

 private:
  std::map<std::string, std::string> files_;
};

}  // namespace

const SourceReader& FileSystem() {
  static const FileSystemReader reader;
  return reader;
}

std::unique_ptr<SourceReader> SourcesInMemory(
    std::vector<std::pair<std::string, std::string>> files) {
  return std::make_unique<MemoryReader>(std::move(files));
}

ModuleFiles SelectFiles(std::vector<std::string> names) {
  std::ranges::sort(names);
  ModuleFiles files;
  for (std::string& name : names) {
    if (name.starts_with('.') || name.ends_with('~') ||
        (name.starts_with('#') && name.ends_with('#')))
      continue;
    std::string_view base = name;
    if (base.ends_with(".tf")) {
      base.remove_suffix(3);
    } else if (base.ends_with(".tf.json")) {
      base.remove_suffix(8);
    } else {
      continue;
    }
    const bool override_file = base == "override" || base.ends_with("_override");
    (override_file ? files.overrides : files.primary).push_back(std::move(name));
  }
  return files;
}

std::string CleanPath(std::string_view path) {
  std::string clean = std::filesystem::path(path).lexically_normal().string();
  while (clean.size() > 1 && clean.ends_with('/')) clean.pop_back();
  return clean.empty() ? "." : clean;
}

std::string JoinPath(std::string_view directory, std::string_view name) {
  if (directory.empty() || directory == ".") return std::string(name);
  if (directory.ends_with('/')) return std::string(directory) + std::string(name);
  return std::string(directory) + "/" + std::string(name);
}

bool HasConfiguration(const std::string& directory, const SourceReader& reader) {
  auto names = reader.List(directory);
  if (!names) return false;
  const ModuleFiles files = SelectFiles(*std::move(names));
  return !files.primary.empty() || !files.overrides.empty();
}

}  // namespace tkn::config
