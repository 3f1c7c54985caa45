#include "cli/commands/init_from_module.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "engine/config/module_source.h"
#include "engine/value/json.h"

namespace tkn::cli {
namespace {

namespace fs = std::filesystem;

bool IsHidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

// All of `from` to a path that is not there yet. Throws filesystem_error.
void CopyTree(const fs::path& from, const fs::path& to) {
  if (fs::is_symlink(from)) return fs::copy_symlink(from, to);
  if (!fs::is_directory(from)) return fs::copy(from, to);
  fs::create_directory(to);
  for (const fs::directory_entry& entry : fs::directory_iterator(from)) {
    if (!IsHidden(entry.path())) CopyTree(entry.path(), to / entry.path().filename());
  }
}

bool LiesWithin(const fs::path& inner, const fs::path& outer) {
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

// Why nothing can be copied from there; empty: it can.
std::string Objection(const std::string& source) {
  const config::SourceKind kind = config::KindOfSource(source);
  if (kind != config::SourceKind::kLocal && kind != config::SourceKind::kAbsolute) {
    return JsonQuote(source) +
           " is not a directory on this machine, and tkn does not download modules. Fetch it first "
           "and give its path: ./module, ../module or /path/to/module.";
  }
  std::error_code error;
  if (!fs::is_directory(source, error))
    return JsonQuote(source) + " is not a directory, or cannot be read.";
  if (LiesWithin(fs::canonical(".", error), fs::canonical(source, error)))
    return "The working directory lies in " + JsonQuote(source) +
           ", so the copy would contain itself. Run this somewhere else.";
  return {};
}

}  // namespace

bool CopyModuleHere(const std::string& source, Diagnostics& diags) {
  std::error_code error;
  const bool is_empty = fs::is_empty(".", error);
  if (!is_empty || error) {
    diags.Add({.summary = "The working directory already contains files",
               .detail =
                   "-from-module copies a module into an empty directory, and this one is not "
                   "empty. Leave the option out to initialise the configuration that is "
                   "here, or run it in a new directory."});
    return false;
  }
  if (std::string objection = Objection(source); !objection.empty()) {
    diags.Add({.summary = "Failed to download module", .detail = std::move(objection)});
    return false;
  }
  std::vector<fs::path> made;
  try {
    for (const fs::directory_entry& entry : fs::directory_iterator(source)) {
      if (IsHidden(entry.path())) continue;
      made.push_back(entry.path().filename());
      CopyTree(entry.path(), made.back());
    }
    return true;
  } catch (const fs::filesystem_error& failure) {
    diags.Add({.summary = "Failed to copy module",
               .detail = "Copying " + JsonQuote(source) + " failed at " +
                         JsonQuote(failure.path1().string()) + ": " + failure.code().message() +
                         ". What had been copied was removed again."});
  }
  for (const fs::path& path : made) fs::remove_all(path, error);
  return false;
}

}  // namespace tkn::cli
