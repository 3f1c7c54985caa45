#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/render/diagnostic_view.h"
#include "parser/diagnostic.h"

namespace tkn::render {

// The object that `validate -json` and the streams of -json call a diagnostic, format version 1.0.
nlohmann::ordered_json DiagnosticJson(const Diagnostic& diagnostic, ContextFinder& contexts);

}  // namespace tkn::render
