#include "engine/module/late_module.h"

#include <dlfcn.h>

#include <filesystem>
#include <system_error>

namespace tkn {

std::vector<std::string> ModulePaths(const std::string& file) {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const auto here = program.parent_path();
  return {here / file, here.parent_path() / file, here.parent_path() / "lib" / "tkn" / file};
}

void* FindModuleSymbol(const std::vector<std::string>& paths, const char* symbol,
                       std::string& problem) {
  problem = "it was not found beside the program";
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) continue;
    // Never unloaded: its handles and their threads' data live until the process ends.
    void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    void* const address = library == nullptr ? nullptr : dlsym(library, symbol);
    if (address != nullptr) return address;
    const char* const why = dlerror();
    problem = why == nullptr ? path + " is not it" : why;
  }
  return nullptr;
}

}  // namespace tkn
