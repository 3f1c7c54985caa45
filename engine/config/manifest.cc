#include "engine/config/manifest.h"

#include <nlohmann/json.hpp>

#include "engine/config/module_files.h"

namespace tkn::config {

ModuleManifest ModuleManifest::Load(const std::string& data_directory, const SourceReader& reader,
                                    Diagnostics& diags) {
  ModuleManifest manifest;
  const std::string path = JoinPath(data_directory, "modules/modules.json");
  std::string error;
  const auto text = reader.Read(path, &error);
  if (!text) return manifest;  // nothing was installed, which is how it mostly is
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  const auto modules = json.is_object() ? json.find("Modules") : json.end();
  if (!json.is_object() || modules == json.end() || !modules->is_array()) {
    diags.Add(
        {.severity = Severity::kWarning,
         .summary = "Failed to read module manifest",
         .detail = "The file " + path +
                   " lists the modules that were installed, but it can't be read. Remove it, and "
                   "install the modules again."});
    return manifest;
  }
  for (const auto& module : *modules) {
    if (!module.is_object()) continue;
    const auto key = module.find("Key");
    const auto directory = module.find("Dir");
    if (key == module.end() || directory == module.end() || !key->is_string() ||
        !directory->is_string())
      continue;
    manifest.directories_[key->get<std::string>()] = directory->get<std::string>();
  }
  return manifest;
}

const std::string* ModuleManifest::Find(const std::string& key) const {
  const auto found = directories_.find(key);
  return found == directories_.end() ? nullptr : &found->second;
}

}  // namespace tkn::config
