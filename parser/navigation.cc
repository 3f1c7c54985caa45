#include "parser/navigation.h"

namespace tkn::parser {
namespace {

bool Contains(const SourceRange& range, std::uint32_t offset) {
  return offset >= range.begin && offset < range.end;
}

bool HoldsOthers(const Expression& value) {
  return value.kind == ExpressionKind::kObject || value.kind == ExpressionKind::kTuple;
}

std::string_view NameOf(const Expression& key) {
  switch (key.kind) {
    case ExpressionKind::kLiteral:
      return As<Literal>(key).text;
    case ExpressionKind::kTemplate:
      return As<Template>(key).json_text;
    case ExpressionKind::kTemplateWrap:
      return As<TemplateWrap>(key).json_text;
    default:
      return {};
  }
}

std::string JsonPath(const Expression* value, std::uint32_t offset) {
  std::string path;
  const auto enter = [&](const std::string& step, const Expression* inner) {
    path += step;
    value = inner;
  };
  // No deeper than the parser reads.
  while (true) {
    const Expression* const before = value;
    if (value->kind == ExpressionKind::kObject) {
      for (const ObjectItem& item : As<ObjectExpression>(*value).items) {
        if (!HoldsOthers(*item.value) || !Contains(item.value->range, offset)) continue;
        enter((path.empty() ? "" : ".") + std::string(NameOf(*item.key)), item.value);
        break;
      }
    } else if (value->kind == ExpressionKind::kTuple) {
      const auto elements = As<TupleExpression>(*value).elements;
      for (std::size_t i = 0; i < elements.size(); ++i) {
        if (!HoldsOthers(*elements[i]) || !Contains(elements[i]->range, offset)) continue;
        enter('[' + std::to_string(i) + ']', elements[i]);
        break;
      }
    }
    if (value == before) return path;
  }
}

}  // namespace

std::string ContextAt(const Body& body, std::uint32_t offset) {
  if (body.json != nullptr) return JsonPath(body.json, offset);
  for (const Block& block : body.blocks) {
    if (offset < block.type_range.begin || offset >= block.close_range.end) continue;
    std::string context(block.type);
    for (const Label& label : block.labels) context.append(" \"").append(label.text).append("\"");
    return context;
  }
  return {};
}

}  // namespace tkn::parser
