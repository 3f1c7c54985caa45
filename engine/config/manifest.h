#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/config/load.h"

namespace tkn::config {

// .terraform/modules/modules.json: where modules that came from elsewhere lie. Empty where there is
// none.
class ModuleManifest {
 public:
  static ModuleManifest Load(const std::string& data_directory, const SourceReader& reader,
                             Diagnostics& diags);
  // The directory of a call, by the names of the calls that lead to it: "a.b". nullptr: not
  // installed.
  const std::string* Find(const std::string& key) const;

 private:
  std::unordered_map<std::string, std::string> directories_;
};

}  // namespace tkn::config
