#include "engine/lang/functions/files.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "engine/lang/functions/base64.h"
#include "engine/lang/functions/entry.h"

namespace tkn::lang {

namespace fs = std::filesystem;

std::string ExpandHome(std::string_view path) {
  if (path != "~" && !path.starts_with("~/")) return std::string(path);
  const char* home = std::getenv("HOME");
  return (home ? home : "") + std::string(path.substr(1));
}

namespace {

// What a file function reads at most.
constexpr std::uintmax_t kMaxFileBytes = 256u << 20;

// As Go's filepath.Clean: no empty, "." or needless ".." parts.
std::string Clean(std::string_view path) {
  if (path.empty()) return ".";
  const bool rooted = path.front() == '/';
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (part != ".." || !rooted) {
      parts.push_back(part);
    }
  }
  std::string out = rooted ? "/" : "";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i) out += '/';
    out += parts[i];
  }
  return out.empty() ? "." : out;
}

std::string Located(std::string_view given, const CallContext& context) {
  std::string path = ExpandHome(given);
  if (!path.starts_with('/')) path = context.scope.base_directory() + "/" + path;
  return Clean(path);
}

FunctionResult ReadText(Arguments a, Type, const CallContext& context) {
  auto bytes = ReadWholeFile(a[0].AsString(), context);
  if (auto* error = std::get_if<FunctionError>(&bytes)) return *error;
  std::string& text = std::get<std::string>(bytes);
  if (!IsUtf8(text)) {
    return CallError(
        Shown(Located(a[0].AsString(), context), context) +
        " is not text in UTF-8. Read it with filebase64, or take a digest of it: filesha256");
  }
  return Value::String(text);
}

FunctionResult ReadBase64(Arguments a, Type, const CallContext& context) {
  auto bytes = ReadWholeFile(a[0].AsString(), context);
  if (auto* error = std::get_if<FunctionError>(&bytes)) return *error;
  return Value::String(ToBase64(std::get<std::string>(bytes)));
}

FunctionResult FileExists(Arguments a, Type, const CallContext& context) {
  std::error_code error;
  const std::string path = Located(a[0].AsString(), context);
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found && error != std::errc::not_a_directory)
    return Value::Bool(false);
  if (!fs::exists(status)) return CallError("failed to stat " + Shown(path, context));
  if (fs::is_directory(status)) {
    return CallError(Shown(path, context) + " is a directory, not a file");
  }
  if (!fs::is_regular_file(status))
    return CallError(Shown(path, context) + " is not a regular file");
  return Value::Bool(true);
}

// --- fileset: * ? [] {} and **

bool MatchSegment(std::string_view pattern, std::string_view text);

// "[a-z]": `pattern` begins behind the bracket and is moved behind the closing one.
bool MatchClass(std::string_view& pattern, char c) {
  bool negated = false;
  if (!pattern.empty() && (pattern[0] == '^' || pattern[0] == '!'))
    negated = true, pattern.remove_prefix(1);
  bool found = false;
  for (bool first = true; !pattern.empty() && (first || pattern[0] != ']'); first = false) {
    const auto take = [&] {
      if (pattern[0] == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
      const char at = pattern[0];
      pattern.remove_prefix(1);
      return at;
    };
    const char low = take();
    char high = low;
    if (pattern.size() > 1 && pattern[0] == '-' && pattern[1] != ']') {
      pattern.remove_prefix(1);
      high = take();
    }
    found = found || (low <= c && c <= high);
  }
  if (!pattern.empty()) pattern.remove_prefix(1);
  return found != negated;
}

bool MatchSegment(std::string_view pattern, std::string_view text) {
  while (!pattern.empty()) {
    const char p = pattern[0];
    if (p == '*') {
      while (!pattern.empty() && pattern[0] == '*') pattern.remove_prefix(1);
      if (pattern.empty()) return true;
      for (std::size_t i = 0; i <= text.size(); ++i) {
        if (MatchSegment(pattern, text.substr(i))) return true;
      }
      return false;
    }
    if (text.empty()) return false;
    pattern.remove_prefix(1);
    if (p == '[') {
      if (!MatchClass(pattern, text[0])) return false;
    } else if (p == '?') {
      // One character, however many bytes it has.
      while (text.size() > 1 && (static_cast<unsigned char>(text[1]) & 0xC0) == 0x80)
        text.remove_prefix(1);
    } else {
      const char wanted = p == '\\' && !pattern.empty() ? pattern[0] : p;
      if (p == '\\' && !pattern.empty()) pattern.remove_prefix(1);
      if (wanted != text[0]) return false;
    }
    text.remove_prefix(1);
  }
  return text.empty();
}

bool MatchPath(std::string_view pattern, std::string_view path) {
  const std::size_t end = std::min(pattern.find('/'), pattern.size());
  const std::string_view segment = pattern.substr(0, end);
  const bool last = end == pattern.size();
  if (segment == "**") {
    if (last) return true;
    const std::string_view rest = pattern.substr(end + 1);
    for (std::string_view at = path;;) {
      if (MatchPath(rest, at)) return true;
      const std::size_t slash = at.find('/');
      if (slash == std::string_view::npos) return false;
      at.remove_prefix(slash + 1);
    }
  }
  const std::size_t slash = std::min(path.find('/'), path.size());
  if (!MatchSegment(segment, path.substr(0, slash))) return false;
  if (last || slash == path.size()) return last && slash == path.size();
  return MatchPath(pattern.substr(end + 1), path.substr(slash + 1));
}

// {a,b} written out. nullopt: a brace is open, or there are too many.
bool ExpandBraces(const std::string& pattern, std::vector<std::string>& out) {
  if (out.size() > 1000) return false;
  const std::size_t open = pattern.find('{');
  if (open == std::string::npos) {
    out.push_back(pattern);
    return true;
  }
  int depth = 0;
  std::vector<std::size_t> commas = {open};
  for (std::size_t i = open; i < pattern.size(); ++i) {
    if (pattern[i] == '{') ++depth;
    if (pattern[i] == ',' && depth == 1) commas.push_back(i);
    if (pattern[i] != '}' || --depth > 0) continue;
    commas.push_back(i);
    for (std::size_t k = 0; k + 1 < commas.size(); ++k) {
      if (!ExpandBraces(pattern.substr(0, open) +
                            pattern.substr(commas[k] + 1, commas[k + 1] - commas[k] - 1) +
                            pattern.substr(i + 1),
                        out))
        return false;
    }
    return true;
  }
  return false;
}

bool HasOpenBracket(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (pattern[i] == '[') {
      const std::size_t close = pattern.find(']', i + 2);
      if (close == std::string_view::npos) return true;
      i = close;
    }
  }
  return false;
}

// Adds what an absolute pattern matches, relative to `base`. False: there is too much.
bool FindFiles(const std::string& pattern, const std::string& base, std::set<std::string>& found) {
  const auto add = [&](const std::string& path) {
    std::error_code ignored;
    if (fs::is_regular_file(path, ignored))
      found.insert(fs::path(path).lexically_relative(base).generic_string());
  };
  // The directories before the first part with something to match need not be searched.
  const std::size_t special = pattern.find_first_of("*?[\\");
  if (special == std::string::npos) {
    add(pattern);
    return true;
  }
  const std::size_t slash = pattern.rfind('/', special);
  const bool is_here = slash == std::string::npos;
  const std::string top = is_here ? "." : slash == 0 ? "/" : pattern.substr(0, slash);
  const std::string_view rest = std::string_view(pattern).substr(is_here ? 0 : slash + 1);
  const bool is_deep = rest.find("**") != std::string_view::npos;
  const auto depth = std::count(rest.begin(), rest.end(), '/');
  const auto options = fs::directory_options::skip_permission_denied |
                       fs::directory_options::follow_directory_symlink;
  std::error_code error;
  for (auto it = fs::recursive_directory_iterator(top, options, error);
       !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (it.depth() >= (is_deep ? 100 : depth)) it.disable_recursion_pending();
    const std::string path = it->path().generic_string();
    if (MatchPath(rest, std::string_view(path).substr(top == "/" ? 1 : top.size() + 1))) add(path);
    if (found.size() > kMaxElements) return false;
  }
  return true;
}

FunctionResult FileSet(Arguments a, Type, const CallContext& context) {
  const std::string base = Located(a[0].AsString(), context);
  const std::string given(a[1].AsString());
  std::vector<std::string> patterns;
  if (HasOpenBracket(given) || !ExpandBraces(given, patterns)) {
    return CallError("failed to glob pattern " + Shown(given, context) +
                     ": syntax error in pattern");
  }
  std::set<std::string> found;
  for (const std::string& pattern : patterns) {
    if (!FindFiles(Clean(base + "/" + pattern), base, found))
      return CallError("there are too many files");
  }
  std::vector<Value> paths;
  for (const std::string& path : found) paths.push_back(Value::String(path));
  return Value::Set(Type::String(), std::move(paths));
}

// --- paths

FunctionResult AbsPath(Arguments a, Type, const CallContext&) {
  std::error_code error;
  const std::string path(a[0].AsString());
  return Value::String(
      Clean(path.starts_with('/') ? path : fs::current_path(error).string() + "/" + path));
}

FunctionResult PathExpand(Arguments a, Type, const CallContext&) {
  const std::string_view path = a[0].AsString();
  if (path.starts_with('~') && path != "~" && !path.starts_with("~/")) {
    return CallError(
        "only one's own home directory can be expanded: ~ must be followed by a slash");
  }
  return Value::String(path.starts_with('~') ? Clean(ExpandHome(path)) : std::string(path));
}

FunctionResult DirName(Arguments a, Type, const CallContext&) {
  const std::string_view path = a[0].AsString();
  const std::size_t slash = path.rfind('/');
  return Value::String(slash == std::string_view::npos ? "." : Clean(path.substr(0, slash + 1)));
}

FunctionResult BaseName(Arguments a, Type, const CallContext&) {
  std::string_view path = a[0].AsString();
  if (path.empty()) return Value::String(".");
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  if (path == "/") return Value::String("/");
  return Value::String(path.substr(path.rfind('/') + 1));
}

}  // namespace

std::variant<std::string, FunctionError> ReadWholeFile(std::string_view given,
                                                       const CallContext& context) {
  const std::string path = Located(given, context);
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) {
    return ArgumentError(0, "no file exists at " + Shown(path, context) +
                                ". It is read before anything is planned, so it can't be one that "
                                "this configuration makes: "
                                "take what that holds from an attribute of the resource instead");
  }
  if (fs::is_directory(status))
    return ArgumentError(0, "failed to read " + Shown(path, context) + ": it is a directory");
  if (fs::is_regular_file(status) && fs::file_size(path, error) > kMaxFileBytes) {
    return ArgumentError(0, Shown(path, context) + " is too large");
  }
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file) return ArgumentError(0, "failed to read " + Shown(path, context));
  return bytes;
}

void AddFileFunctions(FunctionTable& table) {
  const Parameter path = TextParameter("path", "The file.");
  table.Add({.name = "file",
             .description = "The text in a file.",
             .parameters = {path},
             .result = Type::String(),
             .body = ReadText});
  table.Add({.name = "filebase64",
             .description = "The content of a file, in Base64.",
             .parameters = {path},
             .result = Type::String(),
             .body = ReadBase64});
  table.Add({.name = "fileexists",
             .description = "Whether there is a file.",
             .parameters = {path},
             .result = Type::Bool(),
             .body = FileExists});
  table.Add(
      {.name = "fileset",
       .description = "The files below a directory whose paths match a pattern.",
       .parameters = {TextParameter("path", "The directory."),
                      TextParameter("pattern", "*, ?, [a-z], {a,b}, and ** for any directories.")},
       .result = Type::Set(Type::String()),
       .body = FileSet});
  table.Add({.name = "abspath",
             .description = "A path, made absolute.",
             .parameters = {path},
             .result = Type::String(),
             .body = AbsPath});
  table.Add({.name = "dirname",
             .description = "A path without its last part.",
             .parameters = {path},
             .result = Type::String(),
             .body = DirName});
  table.Add({.name = "basename",
             .description = "The last part of a path.",
             .parameters = {path},
             .result = Type::String(),
             .body = BaseName});
  table.Add({.name = "pathexpand",
             .description = "A path with the home directory for a leading ~.",
             .parameters = {path},
             .result = Type::String(),
             .body = PathExpand});
}

}  // namespace tkn::lang
