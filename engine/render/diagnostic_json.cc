#include "engine/render/diagnostic_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/render/diagnostic_view.h"
#include "engine/render/function_json.h"

namespace tkn::render {
namespace {

nlohmann::ordered_json PositionJson(const SourcePosition& position) {
  return {{"line", position.line}, {"column", position.column}, {"byte", position.byte}};
}

}  // namespace

nlohmann::ordered_json DiagnosticJson(const Diagnostic& diagnostic, ContextFinder& contexts) {
  nlohmann::ordered_json out;
  out["severity"] = diagnostic.severity == Severity::kError ? "error" : "warning";
  out["summary"] = diagnostic.summary;
  out["detail"] = diagnostic.detail;
  if (!diagnostic.address.empty()) out["address"] = diagnostic.address;
  const DiagnosticView view = LookUp(diagnostic, contexts);
  if (view.filename.empty()) return out;
  out["range"] = {{"filename", view.filename},
                  {"start", PositionJson(view.start)},
                  {"end", PositionJson(view.end)}};
  if (!view.snippet) return out;

  nlohmann::ordered_json snippet;
  if (view.snippet->context.empty()) {
    snippet["context"] = nullptr;
  } else {
    snippet["context"] = view.snippet->context;
  }
  snippet["code"] = view.snippet->code;
  snippet["start_line"] = view.snippet->start_line;
  snippet["highlight_start_offset"] = view.snippet->highlight_start;
  snippet["highlight_end_offset"] = view.snippet->highlight_end;
  snippet["values"] = nlohmann::ordered_json::array();
  std::vector<ShownValue> values = diagnostic.values;
  std::sort(values.begin(), values.end(),
            [](const ShownValue& a, const ShownValue& b) { return a.traversal < b.traversal; });
  for (const ShownValue& shown : values) {
    snippet["values"].push_back({{"traversal", shown.traversal}, {"statement", shown.statement}});
  }
  if (!diagnostic.function_name.empty()) {
    nlohmann::ordered_json& call = snippet["function_call"];
    call["called_as"] = diagnostic.function_name;
    if (diagnostic.function_signature) {
      call["signature"] = nlohmann::ordered_json::parse(SignatureJson(diagnostic.function_name));
    }
  }
  out["snippet"] = std::move(snippet);
  return out;
}

}  // namespace tkn::render
