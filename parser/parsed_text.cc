#include "parser/parsed_text.h"

#include "parser/print.h"

namespace tkn::parser {

std::vector<std::string> Describe(const Diagnostics& diags, const SourceMap& sources) {
  std::vector<std::string> lines;
  for (const Diagnostic& diagnostic : diags) {
    std::string line;
    if (const SourceFile* file = sources.Find(diagnostic.subject.file)) {
      const auto write = [&](std::uint32_t byte) {
        const SourcePosition at = file->PositionOf(byte);
        line += std::to_string(at.line) + ":" + std::to_string(at.column);
      };
      write(diagnostic.subject.begin);
      line += "-";
      write(diagnostic.subject.end);
      line += " ";
    }
    lines.push_back(line + diagnostic.summary);
  }
  return lines;
}

ParsedText ParseFileText(std::string text, std::string name) {
  SourceMap sources;
  const FileId id = sources.Add(std::move(name), std::move(text));
  Diagnostics diags;
  const File file = ParseFile(sources, id, diags);
  return {Print(file.body()), Describe(diags, sources)};
}

ParsedText ParseExpressionText(std::string text) {
  SourceMap sources;
  const FileId id = sources.Add("text", std::move(text));
  Diagnostics diags;
  const ParsedExpression parsed = ParseExpression(sources, id, diags);
  return {Print(parsed.expression()), Describe(diags, sources)};
}

ParsedText ParseTemplateText(std::string text) {
  SourceMap sources;
  const FileId id = sources.Add("text", std::move(text));
  Diagnostics diags;
  const ParsedExpression parsed = ParseTemplate(sources, id, diags);
  return {Print(parsed.expression()), Describe(diags, sources)};
}

}  // namespace tkn::parser
