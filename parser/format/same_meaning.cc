#include "parser/format/same_meaning.h"

#include "parser/print.h"

namespace tkn::parser {
namespace {

const Expression& Unwrapped(const Expression& expression) {
  switch (expression.kind) {
    case ExpressionKind::kTemplateWrap:
      return Unwrapped(*As<TemplateWrap>(expression).wrapped);
    case ExpressionKind::kParentheses:
      return Unwrapped(*As<Parentheses>(expression).inner);
    default:
      return expression;
  }
}

void Append(const Body& body, bool of_variable, std::string& out) {
  for (const Attribute& attribute : body.attributes) {
    out.append(attribute.name).append(" = ");
    out +=
        of_variable && attribute.name == "type" ? "..." : Print(Unwrapped(*attribute.expression));
    out += '\n';
  }
  for (const Block& block : body.blocks) {
    out += block.type;
    for (const Label& label : block.labels) out.append(" <").append(label.text).append(">");
    out += " {\n";
    Append(*block.body, block.type == "variable", out);
    out += "}\n";
  }
}

}  // namespace

std::string MeaningOf(const Body& body) {
  std::string out;
  Append(body, false, out);
  return out;
}

}  // namespace tkn::parser
