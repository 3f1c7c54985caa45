#pragma once

#include <string>
#include <vector>

// Modules are shared libraries of our own that are loaded when they are first needed: each hides a
// library that would cost milliseconds at every start. Any thread may call; nothing is ever
// unloaded.
namespace tkn {

// Where a module may lie, in the order to try: beside the program, one folder up (tests), in
// ../lib/tkn.
std::vector<std::string> ModulePaths(const std::string& file);

// The address of `symbol` in the first of `paths` that exists and loads; nullptr with the reason in
// `problem`.
void* FindModuleSymbol(const std::vector<std::string>& paths, const char* symbol,
                       std::string& problem);

// What the module's factory gives; it lives as long as the process. nullptr with the reason in
// `problem`.
template <typename Module>
Module* LoadModule(const std::vector<std::string>& paths, const char* symbol, int version,
                   std::string& problem) {
  using Factory = Module* (*)(int version);
  const auto factory = reinterpret_cast<Factory>(FindModuleSymbol(paths, symbol, problem));
  if (factory == nullptr) return nullptr;
  Module* const module = factory(version);
  if (module == nullptr) problem = "it belongs to another version of the program";
  return module;
}

}  // namespace tkn
