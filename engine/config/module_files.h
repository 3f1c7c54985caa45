#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/config/load.h"

namespace tkn::config {

struct ModuleFiles {
  std::vector<std::string> primary{};    // sorted names, without directory
  std::vector<std::string> overrides{};  // override.tf, *_override.tf
};

// Which of these files are configuration: *.tf and *.tf.json that are neither hidden nor backups of
// an editor.
ModuleFiles SelectFiles(std::vector<std::string> names);

// "a/./b/../c" -> "a/c"; "" -> ".".
std::string CleanPath(std::string_view path);
std::string JoinPath(std::string_view directory, std::string_view name);

}  // namespace tkn::config
