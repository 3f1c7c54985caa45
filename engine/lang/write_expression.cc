#include "engine/lang/write_expression.h"

#include "engine/value/text.h"
#include "parser/format/format.h"
#include "parser/parse.h"

namespace tkn::lang {
namespace {

// Without any layout but the line breaks.
void Write(const Value& value, std::string& out) {
  if (value.IsNull() || !value.IsKnown()) {
    out += "null";
    return;
  }
  switch (value.type().kind()) {
    case TypeKind::kString:
      out += QuoteLiteral(value.AsString());
      return;
    case TypeKind::kNumber:
      out += value.AsNumber().ToString();
      return;
    case TypeKind::kBool:
      out += value.AsBool() ? "true" : "false";
      return;
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kTuple: {
      out += '[';
      bool first = true;
      for (const Value& element : value.elements()) {
        if (!first) out += ", ";
        first = false;
        Write(element, out);
      }
      out += ']';
      return;
    }
    case TypeKind::kMap:
    case TypeKind::kObject:
      if (value.Length() == 0) {
        out += "{}";
        return;
      }
      out += "{\n";
      for (std::size_t i = 0; i < value.Length(); ++i) {
        const std::string_view key = value.KeyAt(i);
        out += parser::IsIdentifier(key) ? std::string(key) : QuoteLiteral(key);
        out += " = ";
        Write(value.elements()[i], out);
        out += '\n';
      }
      out += '}';
      return;
    case TypeKind::kDynamic:
      out += "null";
  }
}

}  // namespace

std::string WriteExpression(const Value& value) {
  // As an argument, since only whole files are laid out.
  constexpr std::string_view kName = "v = ";
  std::string text(kName);
  Write(value, text);
  text += '\n';
  text = parser::Format(text);
  text.pop_back();
  return text.substr(kName.size());
}

std::string WriteArguments(const Value& object) {
  std::string text;
  for (std::size_t i = 0; i < object.Length(); ++i) {
    text += std::string(object.KeyAt(i)) + " = ";
    Write(object.elements()[i], text);
    text += '\n';
  }
  return parser::Format(text);
}

}  // namespace tkn::lang
