#include "tests/engine/validation.h"

#include <algorithm>

#include "engine/config/load.h"
#include "engine/config/validate.h"
#include "engine/plan/schemas.h"
#include "providers/builtin/builtin.h"
#include "provisioners/local_exec.h"

namespace tkn::config {

std::vector<std::string> Validate(std::string text, const std::string& name) {
  providers::Registry providers;
  providers.Add(providers::kBuiltinProviderSource, "", [] {
    return providers::MakeBuiltinProvider(
        [](const auto&, Diagnostics&) { return std::optional<std::vector<Value::Entry>>(); });
  });
  provisioners::Registry provisioners;
  provisioners.Add("local-exec", provisioners::MakeLocalExec());
  const plan::Schemas schemas(providers, provisioners);
  SourceMap sources;
  Diagnostics diags;
  const auto reader = SourcesInMemory({{name, std::move(text)}});
  const auto tree = LoadModuleTree(".", sources, {.reader = reader.get()}, diags);
  if (tree && !diags.HasErrors()) ValidateTree(*tree, schemas, diags);
  std::vector<std::string> found;
  for (const Diagnostic& diagnostic : diags) {
    std::string line =
        (diagnostic.severity == Severity::kError ? "E: " : "W: ") + diagnostic.summary;
    if (const SourceFile* file = sources.Find(diagnostic.subject.file)) {
      const SourcePosition at = file->PositionOf(diagnostic.subject.begin);
      line += " @" + std::to_string(at.line) + ":" + std::to_string(at.column);
    }
    found.push_back(std::move(line));
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace tkn::config
