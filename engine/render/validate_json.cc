#include <nlohmann/json.hpp>

#include "engine/render/diagnostic_json.h"
#include "engine/render/diagnostic_view.h"
#include "engine/render/document_json.h"

namespace tkn::render {

std::string ValidateJson(const Diagnostics& diags, const SourceMap& sources) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  int errors = 0;
  ContextFinder contexts(sources);
  for (const Diagnostic& diagnostic : diags) {
    if (diagnostic.severity == Severity::kError) ++errors;
    list.push_back(DiagnosticJson(diagnostic, contexts));
  }
  nlohmann::ordered_json out;
  out["format_version"] = "1.0";
  out["valid"] = errors == 0;
  out["error_count"] = errors;
  out["warning_count"] = static_cast<int>(diags.size()) - errors;
  out["diagnostics"] = std::move(list);
  return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace tkn::render
