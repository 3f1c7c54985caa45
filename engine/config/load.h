#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/config/config.h"

namespace tkn::config {

// Where sources are read from; the file system, or what a plan file carries.
class SourceReader {
 public:
  virtual ~SourceReader() = default;
  // Names (without directory) of the files in a directory; nullopt: there is no such directory.
  virtual std::optional<std::vector<std::string>> List(const std::string& directory) const = 0;
  virtual std::optional<std::string> Read(const std::string& path, std::string* error) const = 0;
};
const SourceReader& FileSystem();
// Sources by their path, as ModuleTree::files() named them.
std::unique_ptr<SourceReader> SourcesInMemory(
    std::vector<std::pair<std::string, std::string>> files);

struct LoadOptions {
  const SourceReader* reader = &FileSystem();
  // .terraform (or TF_DATA_DIR), whose modules/modules.json is honoured.
  std::string data_directory = ".terraform";
  // What is wrong with the directory of a module is told as by who fetches modules, not as by who
  // misses them; and a module for another version of Terraform has no other errors.
  bool is_install = false;
};

// Reads the configuration in `directory` and all modules it calls; merges override files, checks
// everything that needs no schemas, resolves references and providers. With errors in `diags` the
// tree holds what could be read; evaluate nothing then. nullopt: there is no directory, or nothing
// in it could be read.
[[nodiscard]] std::optional<ModuleTree> LoadModuleTree(const std::string& directory,
                                                       SourceMap& sources,
                                                       const LoadOptions& options,
                                                       Diagnostics& diags);

// Whether there is any configuration file in the directory.
[[nodiscard]] bool HasConfiguration(const std::string& directory,
                                    const SourceReader& reader = FileSystem());

}  // namespace tkn::config
