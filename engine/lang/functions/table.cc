#include <algorithm>
#include <stdexcept>

#include "engine/lang/functions/entry.h"

namespace tkn::lang {

void FunctionTable::Add(Function function) {
  const std::string_view name = function.name;
  if (!functions_.try_emplace(name, std::move(function)).second) {
    throw std::logic_error("function added twice: " + std::string(name));
  }
}

const Function* FunctionTable::Find(std::string_view name) const {
  constexpr std::string_view kCore = "core::";
  if (name.starts_with(kCore)) name.remove_prefix(kCore.size());
  const auto it = functions_.find(name);
  return it == functions_.end() ? nullptr : &it->second;
}

std::vector<std::string> FunctionTable::Names() const {
  std::vector<std::string> names;
  names.reserve(functions_.size());
  for (const auto& [name, function] : functions_) names.emplace_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

const FunctionTable& StandardFunctions() {
  static const FunctionTable* const table = [] {
    auto* all = new FunctionTable;
    all->Reserve(128);
    AddStringFunctions(*all);
    AddFormatFunctions(*all);
    AddRegexFunctions(*all);
    AddNumberFunctions(*all);
    AddListFunctions(*all);
    AddListPartFunctions(*all);
    AddMapFunctions(*all);
    AddSetFunctions(*all);
    AddLogicFunctions(*all);
    AddConversionFunctions(*all);
    AddEncodingFunctions(*all);
    AddTextEncodingFunctions(*all);
    AddCsvFunctions(*all);
    AddYamlFunctions(*all);
    AddHashFunctions(*all);
    AddSecretFunctions(*all);
    AddFileFunctions(*all);
    AddTemplateFunctions(*all);
    AddTimeFunctions(*all);
    AddAddressFunctions(*all);
    return all;
  }();
  return *table;
}

}  // namespace tkn::lang
