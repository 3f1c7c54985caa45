#pragma once

#include <string>
#include <vector>

#include "engine/plan/change.h"
#include "engine/value/value.h"

// Texts of several lines, shown as heredocs line by line.
namespace tkn::render {

struct TextLine {
  plan::Action action = plan::Action::kNoOp;  // kNoOp, kCreate, kDelete
  std::string text;
};

bool IsMultiLine(const Value& text);
// White space around the text is not shown.
std::vector<TextLine> LinesOf(const Value& text);
std::vector<TextLine> CompareLines(const Value& before, const Value& after);

}  // namespace tkn::render
