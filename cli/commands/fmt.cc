#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "cli/commands/commands.h"
#include "cli/text_diff.h"
#include "engine/config/load.h"
#include "parser/format/format.h"
#include "parser/parse.h"

namespace tkn::cli {

const char* const kFmtHelp = R"(
fmt [options] [PATH...]

  Rewrites configuration files (.tf, .tfvars) in the usual layout and lists
  those that changed. A PATH is a file or a directory; "-" formats standard
  input to standard output.

Options:
  -check                 Change nothing; exit with 3 if something would change.
  -diff                  Show what changes.
  -list=false            Don't list the files.
  -recursive             Subdirectories, too.
  -write=false           Don't write the files.
)";

namespace {

namespace fs = std::filesystem;

struct Options {
  bool list = true;
  bool write = true;
  bool diff = false;
  bool check = false;
  bool recursive = false;
};

bool IsConfiguration(const std::string& name) {
  return name.ends_with(".tf") || name.ends_with(".tfvars") || name.ends_with(".tftest.hcl");
}

class Formatter {
 public:
  Formatter(Session& session, const Options& options) : session_(session), options_(options) {}

  void Path(const std::string& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) {
      diags_.Add({.summary = "No file or directory at " + path,
                  .detail = "Name a file that exists, or a directory."});
    } else if (fs::is_directory(status)) {
      Directory(path);
    } else if (IsConfiguration(path)) {
      File(path);
    } else {
      diags_.Add(
          {.summary = "Only .tf, .tfvars, and .tftest.hcl files can be processed with tkn fmt",
           .detail = "\"" + path + "\" has another ending."});
    }
  }

  void StandardInput() { Text("<stdin>", session_.terminal().ReadAll(), true); }

  Diagnostics& diags() { return diags_; }
  bool changed() const { return changed_; }

 private:
  void Directory(const std::string& path) {
    std::error_code error;
    std::vector<fs::path> entries;
    for (const auto& entry : fs::directory_iterator(path, error)) entries.push_back(entry.path());
    if (error) {
      diags_.Add(
          {.summary = "Cannot read directory", .detail = "\"" + path + "\": " + error.message()});
      return;
    }
    std::sort(entries.begin(), entries.end());
    for (const fs::path& entry : entries) {
      const std::string name = entry.filename().string();
      if (name.starts_with('.')) continue;
      const std::string shown =
          (path == "." ? entry.filename() : entry).lexically_normal().string();
      if (fs::is_directory(entry, error)) {
        if (options_.recursive) Directory(shown);
      } else if (IsConfiguration(name) && !name.ends_with('~')) {
        File(shown);
      }
    }
  }

  void File(const std::string& path) {
    std::string error;
    auto text = config::FileSystem().Read(path, &error);
    if (!text) {
      diags_.Add({.summary = "Failed to read file", .detail = "\"" + path + "\": " + error});
      return;
    }
    Text(path, *std::move(text), false);
  }

  void Text(const std::string& name, std::string given, bool is_input) {
    Diagnostics more;
    const FileId id = session_.sources().Add(name, std::move(given));
    const std::string_view text = session_.sources().Find(id)->text();
    parser::File parsed = parser::ParseFile(session_.sources(), id, more);
    const bool broken = more.HasErrors();
    diags_.Append(std::move(more));
    if (broken) return;
    std::string formatted = parser::Format(text, std::move(parsed));
    if (is_input && !formatted.ends_with('\n')) formatted += '\n';
    Terminal& terminal = session_.terminal();
    const bool differs = formatted != text;
    changed_ = changed_ || differs;
    if (differs) {
      if (options_.list && !is_input) terminal.Out(name + "\n");
      if (options_.write && !is_input && !Write(name, formatted)) return;
      if (options_.diff) terminal.Out(UnifiedDiff(text, formatted, "old/" + name, "new/" + name));
    }
    if (is_input && !options_.check && !options_.diff) terminal.Out(formatted);
  }

  bool Write(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (!file)
      diags_.Add({.summary = "Failed to write file",
                  .detail = "\"" + path + "\": " + std::strerror(errno)});
    return static_cast<bool>(file);
  }

  Session& session_;
  const Options& options_;
  Diagnostics diags_;
  bool changed_ = false;
};

}  // namespace

int RunFmt(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  Options options;
  flags.Bool("list", &options.list);
  flags.Bool("write", &options.write);
  flags.Bool("diff", &options.diff);
  flags.Bool("check", &options.check);
  flags.Bool("recursive", &options.recursive);
  std::vector<std::string> paths;
  if (!session.ParseWords(flags, words, paths, {.most = Session::kAnyNumber})) return 1;
  if (options.check) options.write = false;
  Formatter formatter(session, options);
  if (paths.empty()) paths.push_back(".");
  if (paths == std::vector<std::string>{"-"}) {
    formatter.StandardInput();
  } else {
    for (const std::string& path : paths) formatter.Path(path);
  }
  const bool failed = formatter.diags().HasErrors();
  session.Show(std::move(formatter.diags()));
  if (failed) return 2;
  return options.check && formatter.changed() ? 3 : 0;
}

}  // namespace tkn::cli
