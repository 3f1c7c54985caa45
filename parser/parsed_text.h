#pragma once

#include <string>
#include <vector>

#include "parser/parse.h"

namespace tkn::parser {

// For tests: a text, what it was parsed to, and what was found wrong.
struct ParsedText {
  std::string tree;                 // as Print() writes it
  std::vector<std::string> errors;  // "LINE:COLUMN-LINE:COLUMN SUMMARY" each

  bool operator==(const ParsedText&) const = default;
};

ParsedText ParseFileText(std::string text, std::string name = "main.tf");
ParsedText ParseExpressionText(std::string text);
ParsedText ParseTemplateText(std::string text);

std::vector<std::string> Describe(const Diagnostics& diags, const SourceMap& sources);

}  // namespace tkn::parser
