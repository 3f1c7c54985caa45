#pragma once

#include <string>

#include "engine/render/diagnostic_view.h"
#include "engine/render/style.h"
#include "parser/diagnostic.h"

namespace tkn::render {

// One diagnostic as Terraform lays it out: summary, place, source lines, values, detail; boxed
// where there is colour.
std::string DiagnosticText(const Diagnostic& diagnostic, ContextFinder& contexts,
                           const TextStyle& style);

// Only the summaries of warnings, for -compact-warnings.
std::string CompactWarnings(const Diagnostics& warnings, ContextFinder& contexts,
                            const TextStyle& style);

}  // namespace tkn::render
