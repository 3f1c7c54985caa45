#include "engine/lang/scope.h"

#include <fmt/format.h>

#include "engine/lang/function.h"
#include "parser/suggest.h"

namespace tkn::lang {

Scope::Resolved ValueScope::Resolve(const parser::Traversal& traversal, Diagnostics& diags) const {
  for (auto it = names_.rbegin(); it != names_.rend(); ++it) {
    if (it->first == traversal.root) return {it->second, 0};
  }
  Diagnostic diagnostic;
  diagnostic.subject = traversal.root_range;
  if (names_.empty()) {
    diagnostic.summary = "Variables not allowed";
    diagnostic.detail = "Nothing can be referred to here: the value must be written out.";
  } else {
    std::vector<std::string> names;
    for (const auto& [name, value] : names_) names.push_back(name);
    diagnostic.summary = "Unknown variable";
    diagnostic.detail = fmt::format("There is no variable named \"{}\".{}", traversal.root,
                                    DidYouMean(traversal.root, names));
  }
  diags.Add(std::move(diagnostic));
  return {Value::Dynamic(), traversal.steps.size()};
}

const Scope& EmptyScope() {
  static const ValueScope scope(StandardFunctions(), ".");
  return scope;
}

}  // namespace tkn::lang
